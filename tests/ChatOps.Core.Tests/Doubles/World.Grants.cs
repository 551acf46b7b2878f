using ChatOps.Core.Conversation;
using ChatOps.Core.Deliveries;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Doubles;

/// <content>Break-glass access: who may have it, and what is worked on.</content>
internal sealed partial class World
{
    public ModelAccess Access { get; } = new(Core.Grants.GrantKind.RoleBinding);

    public ModelAccess ArgoCd { get; } = new(Core.Grants.GrantKind.ArgoCdRole);

    public ModelAccess WholeCluster { get; } = new(Core.Grants.GrantKind.ClusterRoleBinding);

    /// <summary>Off until a test switches it on and starts anew.</summary>
    public EmailRule Email { get; set; } = EmailRule.Off;

    public ModelAccess Accounts { get; } = new(Core.Grants.GrantKind.ServiceAccount);

    /// <summary>Null: nobody can sign in to the pages.</summary>
    public Uri? ClaimPage { get; set; } = new("https://chatops.example.com/access/1");

    /// <summary>How many tokens were made.</summary>
    public int Minted { get; private set; }

    /// <summary>What the cluster answers who asks for one.</summary>
    public ClusterAnswer Mints { get; set; } = ClusterAnswer.Ok;

    /// <summary>Between the question and the answer.</summary>
    public Func<Task>? OnMint { get; set; }

    public ClaimToken Claim => new(Records, Files, async (_, _) =>
    {
        await (OnMint?.Invoke() ?? Task.CompletedTask);
        return Mints.IsOk ? (Mints, new($"secret-{++Minted}", Now.AddMinutes(10), new("https://cluster.example.com"), "")) : (Mints, null);
    }, Time);

    /// <summary>Each kind of access.</summary>
    public ModelAccess[] All() => [Access, ArgoCd, WholeCluster, Accounts];

    private AccessPorts Ports => new(All());

    public SweepGrants Sweep { get; private set; } = null!;

    private TellFound TellFound { get; set; } = null!;

    private ObeyAccessCommand AccessCommands { get; set; } = null!;

    private ListGrants ListGrants { get; set; } = null!;

    public EndGrants Ends { get; private set; } = null!;

    private TendGrants TendGrants { get; set; } = null!;

    /// <summary>Puts back all that the policy says of access, where it was taken out.</summary>
    public static void GiveAccess(PolicyConfiguration policy)
    {
        policy.BreakGlass.Roles.Clear();
        policy.BreakGlass.Namespaces.Clear();
        policy.BreakGlass.ClusterWideIn.Clear();
        policy.Rules.RemoveAll(rule => rule.Access.Count > 0 || rule.Name == "revoke");
        AddAccess(policy);
    }

    private static void AddAccess(PolicyConfiguration policy)
    {
        policy.BreakGlass.Roles.Add(new() { Name = "editor", ClusterRole = "editor" });
        policy.BreakGlass.Roles.Add(new() { Name = "observer", ArgoCdActions = { "get", "logs" } });
        policy.BreakGlass.AccountsIn = "accounts";
        policy.BreakGlass.Namespaces.Add(new() { Cluster = "prod", Names = { "shop" } });
        var rule = SomeRule("access", ["on-call"], ["grant"]);
        rule.Access.AddRange(["editor", "observer"]);
        rule.WithoutApproval = false;
        rule.Approvals = new ApprovalConfiguration { FromRole = "commander" };
        policy.Rules.Add(rule);
        policy.BreakGlass.Roles.Add(new() { Name = "node-viewer", ClusterRole = "node-viewer", ClusterWide = true });
        policy.BreakGlass.ClusterWideIn.Add("prod");
        var higher = SomeRule("access-to-nodes", ["on-call"], ["grant-cluster"]);
        higher.Access.Add("node-viewer");
        higher.WithoutApproval = false;
        higher.Approvals = new ApprovalConfiguration { FromRole = "commander" };
        policy.Rules.Add(higher);
        policy.Rules.Add(SomeRule("revoke", ["commander"], ["revoke"]));
    }

    private PlanGrant PlanGrant(AskRulebook rules, Applications applications) => new(new GrantLimits(Records, rules, Register), applications, rules, Ports, Register, new RecogniseByEmail(Register, [Chat], Email), _ => ClaimPage);

    private GrantOperation GrantKind(AskRulebook rules, Applications applications) =>
        new(Records, PlanGrant(rules, applications), Ports, Register, Reception, new GrantCards(Reception), _ => ClaimPage, Time);

    private HonourAccessClick BuildGrants(AskRulebook rules, Applications applications, WhichIncident which, AskApprovers approvers)
    {
        var whichGrant = new WhichGrant(Records);
        var cards = new GrantCards(Reception);
        var request = new RequestGrant(which, whichGrant, Files, applications, PlanGrant(rules, applications), approvers);
        var giveBack = new GiveBackGrant(Records, whichGrant, Files, rules);
        ListGrants = new(Records, cards, rules, Time);
        AccessCommands = new(request, giveBack, ListGrants);
        Ends = new(Files, Ports, Register, cards, Time);
        TendGrants = new(Files, Reception);
        TellFound = new(Records, Files, new(Rooms));
        Sweep = new(Records, Files, Ports, TellFound, Time);
        BuildEvidence(applications, which);
        return new(Records, request, giveBack, Time);
    }

    /// <summary>Where something is told that no incident is known for.</summary>
    public List<ApplicationChannel> Rooms { get; } = [];

    /// <summary>As the worker does: all ends, then the telling.</summary>
    public async Task<Swept> SweepAsync()
    {
        var swept = await Sweep.HandleAsync(default);
        foreach (var one in swept.Found)
        {
            await TellFound.HandleAsync(one, default);
        }

        return swept;
    }

    /// <summary>As the worker does: first what is due to end, then the rest.</summary>
    public Task WorkOnGrantsAsync() => WorkOnGrantsAsync(Ends);

    /// <summary>What another replica does about them, which waits for nothing here.</summary>
    public Task OtherReplicaWorksOnGrantsAsync() => WorkOnGrantsAsync(new(Files, Ports, Register, new GrantCards(Reception), Time));

    private async Task WorkOnGrantsAsync(EndGrants ends)
    {
        var notice = Policy.BreakGlass.NoticeBeforeEnd;
        var unsettled = await Records.UnsettledGrantsAsync(default);
        await ends.HandleAsync([.. unsettled.Where(grant => grant.Due(notice, Now) is GrantStep.TakeBack or GrantStep.Prove)], default);
        foreach (var grant in unsettled.Where(grant => grant.Due(notice, Now) == GrantStep.Notice))
        {
            await UnlessStaleAsync(() => TendGrants.NoticeAsync(grant, notice, default));
        }
    }
}
