using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Operations;
using ChatOps.Core.Policy;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Grants;

/// <summary>Access to what lives in no namespace is a higher thing, with a rule, a user and a bound of its own.</summary>
public sealed class ClusterWideTests
{
    private const string Ask = "request shop-a as node-viewer for 30m because a node is full";

    [Fact]
    public async Task Its_own_rule_gives_it_as_its_own_user_and_its_end_is_proved()
    {
        var world = await World.WithIncidentAsync();
        Assert.Null(await world.SayAsync("alice", "breakglass", Ask));
        Assert.Equal(("access-to-nodes", ReservedUser.ClusterGrants), (world.OnlyOperation().Authority.Rule, world.OnlyOperation().Authority.KubernetesUser));
        Assert.Contains("the whole of cluster prod", world.OnlyOperation().Plan.Work.Effect.ToString(), StringComparison.Ordinal);
        Assert.Contains(world.OnlyOperation().Notices, notice => notice.ToString().Contains("nothing that lives in a namespace", StringComparison.Ordinal));

        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();

        Assert.Equal(("", "alice@example.org"), (Assert.Single(world.WholeCluster.Objects).Namespace, world.WholeCluster.Objects[0].Subject));
        Assert.Empty(world.Access.Objects);
        world.Time.Advance(TimeSpan.FromMinutes(30));
        await world.WorkAsync();
        Assert.Empty(world.WholeCluster.Objects);
        Assert.Equal((GrantState.Ended, GrantProof.NoMoreThanBefore), (Assert.Single(world.Records.AllGrants).State, world.Records.AllGrants.Single().Proof));
    }

    public static TheoryData<string, Action<PolicyConfiguration>, string> NotAllowed => new()
    {
        { "the rule for namespaces names it", policy => { Rule(policy, "access").Access.Add("node-viewer"); policy.Rules.Remove(Rule(policy, "access-to-nodes")); }, "No rule" },
        { "one rule for both", policy => Rule(policy, "access-to-nodes").Verbs.Add("grant"), "needs one of its own" },
        { "nobody approves", policy => { Rule(policy, "access-to-nodes").Approvals = null; Rule(policy, "access-to-nodes").WithoutApproval = true; }, "without anybody's approval" },
        { "the cluster did not opt in", policy => policy.BreakGlass.ClusterWideIn.Clear(), "did not opt in" },
    };

    [Theory]
    [MemberData(nameof(NotAllowed))]
    public async Task It_is_never_given_by_the_rule_for_namespaces_or_where_nobody_opened_it(string what, Action<PolicyConfiguration> change, string why)
    {
        var world = await World.WithIncidentAsync();
        world.Restart(change);

        var told = await world.SayAsync("alice", "breakglass", Ask);

        Assert.True(told is not null, what);
        Assert.Contains(why, string.Join('\n', told.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString())), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    [Fact]
    public async Task The_rule_for_the_whole_cluster_gives_nothing_in_namespaces()
    {
        var world = await World.WithIncidentAsync();
        world.Restart(policy =>
        {
            Rule(policy, "access-to-nodes").Access.Add("editor");
            policy.Rules.Remove(Rule(policy, "access"));
        });

        Assert.NotNull(await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop"));
        Assert.Empty(world.Records.AllOperations);
    }

    [Fact]
    public async Task A_cluster_that_is_closed_again_before_it_is_given_gives_nothing()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", Ask);
        await world.PressAsync("bob", ChoiceKind.Approve);
        world.Restart(policy => policy.BreakGlass.ClusterWideIn.Clear());

        await world.WorkAsync();

        Assert.Empty(world.WholeCluster.Objects);
        Assert.Equal(OperationState.Refused, world.OnlyOperation().State);
    }

    [Fact]
    public async Task The_sweep_ends_an_object_in_no_namespace_too_and_a_grant_whose_object_is_gone()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", Ask);
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromSeconds(1));
        world.WholeCluster.Objects.Add(world.WholeCluster.Objects[0] with { ObjectName = "stray", Grant = Guid.NewGuid() });

        await world.SweepAsync();
        Assert.Equal([world.Records.AllGrants.Single().ObjectName], world.WholeCluster.Objects.Select(one => one.ObjectName));
        world.WholeCluster.Objects.Clear();
        await world.SweepAsync();

        Assert.Equal("its object in the cluster was gone when I looked", world.Records.AllGrants.Single().EndReason);
    }

    [Fact]
    public async Task Without_books_what_is_past_is_ended_by_its_label_in_no_namespace_too()
    {
        var world = await World.WithIncidentAsync();
        FoundGrant open = new(GrantKind.ClusterRoleBinding, "prod", "", "open", Guid.NewGuid(), 1, world.Now.AddMinutes(1), "alice@example.org");
        world.WholeCluster.Objects.AddRange([open, open with { ObjectName = "past", ExpiresAt = world.Now }, open with { ObjectName = "without-end", ExpiresAt = null }]);

        var look = await new EndByLabel(new([world.Access, world.WholeCluster]), world.Time).HandleAsync(default);

        Assert.Equal(["past", "without-end"], look.Ended.Select(ended => ended.ObjectName).Order());
        Assert.Equal([open], world.WholeCluster.Objects);
    }

    [Fact]
    public void The_check_of_the_policy_names_what_the_rulebook_would_refuse()
    {
        var policy = new PolicyConfiguration();
        policy.BreakGlass.Roles.Add(new() { Name = "node-viewer", ClusterRole = "node-viewer", ClusterWide = true });
        policy.BreakGlass.Roles.Add(new() { Name = "editor", ClusterRole = "editor" });
        policy.BreakGlass.ClusterWideIn.Add("prod*");
        policy.Rules.Add(new() { Name = "both", Verbs = { "grant", "grant-cluster" }, Access = { "editor" } });
        policy.Rules.Add(new() { Name = "low", Verbs = { "grant" }, Access = { "node-viewer" } });
        policy.Rules.Add(new() { Name = "high", Verbs = { "grant-cluster" }, Access = { "editor" } });

        var found = PolicyCheck.Of(policy, holders: null).Where(finding => !finding.Ok).Select(finding => finding.What).ToList();

        Assert.All(
            ["Rule 'both' gives access in namespaces and to what lives in none", "Rule 'low' gives access as 'node-viewer', which is for the whole cluster", "Rule 'high' gives access as 'editor' by grant-cluster", "ClusterWideIn opens the cluster 'prod*'"],
            what => Assert.Contains(found, fault => fault.Contains(what, StringComparison.Ordinal)));
    }

    private static RuleConfiguration Rule(PolicyConfiguration policy, string name) => policy.Rules.Single(rule => rule.Name == name);
}
