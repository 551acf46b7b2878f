using ChatOps.Core.Policy;
using static ChatOps.Core.Tests.Policy.SomePolicy;

namespace ChatOps.Core.Tests.Policy;

public class PolicyCheckTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> People = new(StringComparer.Ordinal)
    {
        ["on-call"] = ["alice"],
        ["commander"] = ["bob", "carol"],
        ["platform"] = ["dave"],
    };

    public static TheoryData<string, Action<PolicyConfiguration>> Mistakes => new()
    {
        { "has no version", policy => policy.Version = "" },
        { "no rules", policy => policy.Rules.Clear() },
        { "no rule lets anybody resume", policy => policy.Rules[1].Verbs.Remove("resume") },
        { "NoticeBeforeEnd is no time", policy => policy.NoticeBeforeEnd = TimeSpan.Zero },
        { "EscalateEvery is no time", policy => policy.EscalateEvery = TimeSpan.Zero },
        { "BackportWithin is no time", policy => policy.BackportWithin = TimeSpan.Zero },
        { "EscalateTo is empty", policy => policy.EscalateTo.Clear() },
        { "EscalateTo names the role 'comander'", policy => policy.EscalateTo[0] = "comander" },
        { "Two roles are named 'platform'", policy => policy.Roles.Add(Role("platform", "", "erin")) },
        { "A role has no name", policy => policy.Roles.Add(Role("", "", "erin")) },
        { "acts as 'cluster-admin'", policy => policy.Roles[0].KubernetesUser = "cluster-admin" },
        { "acts as 'chatops:'", policy => policy.Roles[0].KubernetesUser = "chatops:" },
        { "update' in Argo CD, with which somebody could change the application itself", policy => policy.BreakGlass.Roles.Add(new() { Name = "fixer", ArgoCdActions = { "get", "update" } }) },
        { "without get, so nobody would find", policy => policy.BreakGlass.Roles.Add(new() { Name = "fixer", ArgoCdActions = { "sync" } }) },
        { "both a ClusterRole and actions", policy => policy.BreakGlass.Roles.Add(new() { Name = "fixer", ClusterRole = "editor", ArgoCdActions = { "get" } }) },
        { "neither a ClusterRole nor actions", policy => policy.BreakGlass.Roles.Add(new() { Name = "fixer" }) },
        { "LongestPerDay is 1.06:00:00", policy => policy.BreakGlass.LongestPerDay = TimeSpan.FromHours(30) },
        { "lets nobody have a grant", policy => policy.BreakGlass.MostPerPerson = 0 },
        { "where other accounts live", policy => policy.BreakGlass.AccountsIn = "kube-system" },
        { "or access is given", policy =>
            {
                policy.BreakGlass.Namespaces.Add(new() { Cluster = "prod", Names = { "shop" } });
                policy.BreakGlass.AccountsIn = "shop";
            }
        },
        { "kept for the product", policy => policy.Roles[0].KubernetesUser = "chatops:grants" },
        { "names an empty user", policy => policy.Roles[0].Users.Add(" ") },
        { "names no users and no groups", policy => policy.Roles[2].Users.Clear() },
        { "both act as 'chatops:on-call'", policy => policy.Roles[1].KubernetesUser = "chatops:on-call" },
        { "Rule '' (number 1) has no name", policy => policy.Rules[0].Name = "" },
        { "Rule 'pause-shop' comes twice", policy => policy.Rules[1].Name = "pause-shop" },
        { "has no Roles", policy => policy.Rules[0].Roles.Clear() },
        { "has no Verbs", policy => policy.Rules[0].Verbs.Clear() },
        { "has no Applications", policy => policy.Rules[0].Applications.Clear() },
        { "has no Clusters", policy => policy.Rules[0].Clusters.Clear() },
        { "has an empty entry in Projects", policy => policy.Rules[0].Projects[0] = "" },
        { "names the role 'on-cal', which does not exist: Did you mean 'on-call'?", policy => policy.Rules[0].Roles.Add("on-cal") },
        { "names the verb 'puase', which no rule can allow: Did you mean 'pause'?", policy => policy.Rules[0].Verbs.Add("puase") },
        { "names the verb 'backport', which no rule can allow: Verbs are", policy => policy.Rules[0].Verbs.Add("backport") },
        { "sets no LongestDuration", policy => policy.Rules[0].LongestDuration = TimeSpan.Zero },
        { "more than anybody can ask for", policy => policy.Rules[0].LongestDuration = TimeSpan.FromDays(31) },
        { "no Kubernetes user to act as", policy => policy.Rules[0].Roles.Add("platform") },
        { "is never reached", policy => policy.Rules.Add(PauseShop(rule => rule.Name = "again")) },
        { "without saying how many", policy => policy.Rules[0].Approvals!.Count = 0 },
        { "asks the role 'commanders' for approval", policy => policy.Rules[0].Approvals!.FromRole = "commanders" },
        { "asks the role 'ceo' for approval", policy => policy.Rules[0].Approvals!.AskNext[0].Role = "ceo" },
        { "expire at once", policy => policy.Rules[0].Approvals!.RequestLives = TimeSpan.Zero },
        { "when the request has expired", policy => policy.Rules[0].Approvals!.RequestLives = TimeSpan.FromMinutes(10) },
        { "not later than who is asked before", policy => policy.Rules[0].Approvals!.AskNext.Add(new() { Role = "on-call", After = TimeSpan.FromMinutes(10) }) },
        { "asks for approval of own, which never waits", policy => policy.Rules[0].Verbs.Add("own") },
        { "neither says who approves", policy => policy.Rules[0].Approvals = null },
        { "says both who approves", policy => policy.Rules[0].WithoutApproval = true },
        { "but needs no approval", policy => policy.Rules[0].Approvals = null },
        { "only when the request has expired", policy => policy.Rules[0].EmergencySelfApproval!.AfterSilence = TimeSpan.FromMinutes(30) },
        { "waits for nobody", policy => policy.Rules[0].EmergencySelfApproval!.AfterSilence = TimeSpan.Zero },
        { "without a cap", policy => policy.Rules[0].EmergencySelfApproval!.LongestDuration = TimeSpan.Zero },
        { "as much or more in an emergency", policy => policy.Rules[0].EmergencySelfApproval!.LongestDuration = TimeSpan.FromHours(1) },
    };

    [Fact]
    public void A_sound_policy_has_one_good_finding_a_rule()
    {
        var findings = PolicyCheck.Of(Sound(), People);

        Assert.All(findings, finding => Assert.True(finding.Ok, finding.What));
        Assert.Equal(
            "Rule 'pause-shop' lets on-call pause applications shop-*, for 1 hour in all, with 1 approval from commander",
            findings[0].What);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Each_mistake_is_found_and_comes_with_a_fix(string what, Action<PolicyConfiguration> mistake)
    {
        var policy = Sound();
        mistake(policy);

        Assert.Contains(PolicyCheck.Of(policy, holders: null), finding => !finding.Ok && finding.Fix.Length > 0 && $"{finding.What}: {finding.Fix}".Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var policy = Sound();
        policy.Version = "";
        policy.EscalateTo.Clear();
        policy.Rules[0].Approvals!.FromRole = "commanders";
        policy.Rules[0].LongestDuration = TimeSpan.Zero;

        Assert.True(PolicyCheck.Of(policy, People).Count(finding => !finding.Ok) >= 4);
    }

    [Theory]
    [InlineData("commander", "bob", "leaves 1 who could approve a request of alice")]
    [InlineData("commander", "alice,bob", "leaves 1 who could approve a request of alice")]
    [InlineData("commander", "", "Nobody who can be reached holds role 'commander'")]
    [InlineData("on-call", "", "can be used by nobody")]
    public void A_rule_that_too_few_people_can_satisfy_is_a_fault(string role, string people, string what)
    {
        var policy = Sound();
        policy.Rules[0].Approvals!.AskNext.Clear();
        var holders = new Dictionary<string, IReadOnlyList<string>>(People, StringComparer.Ordinal) { [role] = people.Split(',', StringSplitOptions.RemoveEmptyEntries) };

        Assert.Contains(PolicyCheck.Of(policy, holders), finding => !finding.Ok && finding.What.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void Whoever_is_asked_next_counts_as_somebody_who_can_approve()
    {
        var holders = new Dictionary<string, IReadOnlyList<string>>(People, StringComparer.Ordinal) { ["commander"] = ["bob"] };

        Assert.Contains(PolicyCheck.Of(Sound(), holders), finding => finding.Ok && finding.What.StartsWith("Rule 'pause-shop'", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_roles_of_the_same_scope_may_act_as_one_user()
    {
        var policy = Sound();
        policy.Roles[1].KubernetesUser = "chatops:on-call";
        policy.Rules[0].Roles.Add("commander");
        policy.Rules.RemoveAt(2);

        Assert.All(PolicyCheck.Of(policy, holders: null), finding => Assert.True(finding.Ok, finding.What));
    }

    private static PolicyConfiguration Sound()
    {
        var policy = Valid(PauseShop(), Rule("all", "on-call", "resume", "own"), Rule("pause-bank", "commander", "pause"));
        policy.Rules[1].Roles.AddRange(["commander", "platform"]);
        policy.Rules[2].Applications[0] = "bank-*";
        policy.EscalateTo.Add("commander");
        return policy;
    }
}
