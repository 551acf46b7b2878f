using ChatOps.Core.Operations;
using ChatOps.Core.Policy;
using static ChatOps.Core.Tests.Policy.SomePolicy;

namespace ChatOps.Core.Tests.Policy;

public class RulebookTests
{
    private static readonly Actor OnCall = Actor("alice", "on-call");

    [Fact]
    public void What_the_rule_says_is_the_authority()
    {
        var allowed = Allowed(Valid(), Question(), OnCall);

        Assert.Equal("pause-shop", allowed.Rule.Name);
        var authority = allowed.Authority;
        Assert.Equal(
            ("pause-shop", "7", "on-call", "chatops:on-call", 1, "commander", TimeSpan.FromHours(1), false),
            (authority.Rule, authority.PolicyVersion, authority.Role, authority.KubernetesUser, authority.ApprovalsNeeded, authority.ApproverRole, authority.LongestInAll, authority.ResumeAtDeadline));
        Assert.Equal([new AskNext("platform", TimeSpan.FromMinutes(10))], authority.AskNext);
        Assert.Equal(new Emergency(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30)), authority.Emergency);
    }

    [Theory]
    [InlineData("pause", "shop-checkout", "shop", "shop", "prod", 60, true)]
    [InlineData("extend", "shop-checkout", "shop", "shop", "prod", 60, true)]
    [InlineData("pause", "shop-checkout", "shop", "shop", "prod", 61, false)]
    [InlineData("pause", "shop-checkout", "shop", "shop", "prod", 0, false)]
    [InlineData("pause", "shop-checkout", "shop", "shop", "prod", -5, false)]
    [InlineData("pause", "shop-checkout", "shop", "shop", "prod", null, false)]
    [InlineData("resume", "shop-checkout", "shop", "shop", "prod", null, false)]
    [InlineData("branch", "shop-checkout", "shop", "shop", "prod", 10, false)]
    [InlineData("pause", "shopcheckout", "shop", "shop", "prod", 10, false)]
    [InlineData("pause", "Shop-checkout", "shop", "shop", "prod", 10, false)]
    [InlineData("pause", "shop-checkout", "bank", "shop", "prod", 10, false)]
    [InlineData("pause", "shop-checkout", "shop", "bank", "prod", 10, false)]
    [InlineData("pause", "shop-checkout", "shop", "shop", "staging", 10, false)]
    public void Only_what_the_rule_covers_is_allowed(string verb, string application, string project, string space, string cluster, int? minutes, bool expected)
    {
        var rule = PauseShop(rule =>
        {
            rule.Projects[0] = "shop";
            rule.Namespaces[0] = "sho?";
            rule.Clusters[0] = "prod*";
        });

        var decision = new Rulebook(Valid(rule)).Decide(Question(verb, application, minutes, project, space, cluster), OnCall);

        Assert.Equal(expected, decision is Decision.Allowed);
    }

    [Theory]
    [InlineData("roles")]
    [InlineData("verbs")]
    [InlineData("applications")]
    [InlineData("projects")]
    [InlineData("namespaces")]
    [InlineData("clusters")]
    public void An_empty_allow_list_means_nobody_and_never_everybody__hermes_agent_21272(string list)
    {
        var rule = PauseShop();
        (list switch
        {
            "roles" => rule.Roles,
            "verbs" => rule.Verbs,
            "applications" => rule.Applications,
            "projects" => rule.Projects,
            "namespaces" => rule.Namespaces,
            _ => rule.Clusters,
        }).Clear();

        Assert.Contains("No rule", Refused(Valid(rule), Question(), OnCall).Why.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("commanders", 1, "no role commanders")]
    [InlineData("", 1, "does not say which role")]
    [InlineData("commander", 0, "without saying how many")]
    [InlineData("commander", -1, "without saying how many")]
    public void A_missing_approver_reference_is_never_read_as_no_approval_needed__telekom(string role, int count, string why)
    {
        var rule = PauseShop(rule =>
        {
            rule.Approvals!.FromRole = role;
            rule.Approvals.Count = count;
        });

        Assert.Contains(why, Refused(Valid(rule), Question(), OnCall).Why.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, "neither says who approves")]
    [InlineData(true, true, "says both")]
    public void Approvals_that_got_lost_in_the_configuration_are_not_consent__telekom(bool approvals, bool without, string why)
    {
        var rule = PauseShop(rule =>
        {
            rule.Approvals = approvals ? rule.Approvals : null;
            rule.WithoutApproval = without;
        });

        Assert.Contains(why, Refused(Valid(rule), Question(), OnCall).Why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_rule_that_fits_decides_even_when_a_later_one_would_allow_more()
    {
        var policy = Valid(PauseShop(), Rule("generous", "on-call", "pause"));
        policy.Rules[1].LongestDuration = TimeSpan.FromHours(9);

        Assert.Contains("1 hour in all", Refused(policy, Question(minutes: 90), OnCall).Why.ToString(), StringComparison.Ordinal);
        Assert.Equal("generous", Allowed(policy, Question(application: "bank", minutes: 90), OnCall).Rule.Name);
    }

    [Fact]
    public void A_refusal_says_who_could()
    {
        var refusal = Refused(Valid(), Question(), Actor("eve"));

        Assert.Equal(RefusalKind.NotAllowed, refusal.Kind);
        Assert.Equal("Rule pause-shop allows it to on-call (alice). Ask one of them.", refusal.Instead.ToString());
    }

    [Fact]
    public void A_role_that_the_policy_does_not_have_any_more_gives_nothing()
    {
        var policy = Valid();
        policy.Roles.RemoveAll(role => role.Name == "on-call");

        Refused(policy, Question(), OnCall);
    }

    [Fact]
    public void Two_roles_of_one_name_are_no_role()
    {
        var policy = Valid();
        policy.Roles.Add(Role("on-call", "chatops:admin", "mallory"));

        Refused(policy, Question(), OnCall);
    }

    [Fact]
    public void A_role_without_a_kubernetes_user_changes_nothing_in_the_cluster()
    {
        var policy = Valid(Rule("pause", "platform", "pause", "own"));

        Assert.Contains("no Kubernetes user", Refused(policy, Question(), Actor("dave", "platform")).Why.ToString(), StringComparison.Ordinal);
        Assert.Equal("", Allowed(policy, Question("own", minutes: null), Actor("dave", "platform")).Authority.KubernetesUser);
    }

    [Fact]
    public void Of_several_roles_the_one_that_can_act_is_used_alone()
    {
        var rule = PauseShop(rule => rule.Roles.Insert(0, "platform"));

        Assert.Equal("on-call", Allowed(Valid(rule), Question(), Actor("alice", "on-call", "platform")).Authority.Role);
    }

    [Fact]
    public void A_policy_without_a_version_allows_nothing()
    {
        var policy = Valid();
        policy.Version = " ";

        Refused(policy, Question(), OnCall);
    }

    [Theory]
    [InlineData(0, 30)]
    [InlineData(15, 0)]
    public void An_emergency_without_a_wait_or_a_cap_is_no_emergency(int silence, int longest)
    {
        var rule = PauseShop(rule => rule.EmergencySelfApproval = new() { AfterSilence = TimeSpan.FromMinutes(silence), LongestDuration = TimeSpan.FromMinutes(longest) });

        Assert.Null(Allowed(Valid(rule), Question(), OnCall).Authority.Emergency);
    }

    [Fact]
    public void An_emergency_never_lasts_longer_than_the_rule()
    {
        var rule = PauseShop(rule => rule.EmergencySelfApproval!.LongestDuration = TimeSpan.FromHours(5));

        Assert.Equal(TimeSpan.FromHours(1), Allowed(Valid(rule), Question(), OnCall).Authority.Emergency!.Longest);
    }

    private static Decision.Allowed Allowed(PolicyConfiguration policy, PolicyQuestion question, Actor actor) =>
        Assert.IsType<Decision.Allowed>(new Rulebook(policy).Decide(question, actor));

    private static Refusal Refused(PolicyConfiguration policy, PolicyQuestion question, Actor actor) =>
        Assert.IsType<Decision.Refused>(new Rulebook(policy).Decide(question, actor)).Refusal;
}
