using ChatOps.Core.Policy;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Policy;

/// <summary>What a policy says of changes by hand is checked on paper, explained, and never read as "nothing is needed".</summary>
public class OverwritingRuleTests
{
    [Theory]
    [InlineData("platfrom", "a role that does not exist")]
    [InlineData("", "says nobody who could give it")]
    public void An_approval_that_nobody_could_give_allows_nothing(string role, string fault)
    {
        var policy = new World(rule =>
        {
            rule.OverwritingNeeds = OverwritingNeeds.Approval;
            rule.OverwritingFrom = role;
            (rule.Approvals, rule.EmergencySelfApproval, rule.WithoutApproval) = (null, null, true);
        }).Policy;

        Assert.Contains(PolicyCheck.Of(policy, null), finding => !finding.Ok && finding.What.Contains(fault, StringComparison.Ordinal) && finding.What.EndsWith("so it allows nothing", StringComparison.Ordinal));
        Assert.IsType<Decision.Refused>(Decide(policy));
    }

    [Theory]
    [InlineData(OverwritingNeeds.Approval, "", "commander")]
    [InlineData(OverwritingNeeds.Approval, "platform", "platform")]
    [InlineData(OverwritingNeeds.InGit, "", null)]
    public void What_is_needed_is_kept_with_what_the_rule_allows(OverwritingNeeds needs, string from, string? by)
    {
        var policy = new World(rule => (rule.OverwritingNeeds, rule.OverwritingFrom) = (needs, from)).Policy;

        Assert.Equal(new Overwriting(needs, by, "pause-shop"), Assert.IsType<Decision.Allowed>(Decide(policy)).Authority.Overwriting);
    }

    [Fact]
    public void Where_it_has_no_effect_it_is_a_fault()
    {
        var policy = new World(rule => rule.OverwritingFrom = "commander").Policy;
        policy.Rules.Single(rule => rule.Name == "end").OverwritingNeeds = OverwritingNeeds.InGit;

        var faults = PolicyCheck.Of(policy, null).Where(finding => !finding.Ok).Select(finding => finding.What).ToList();
        Assert.Contains(faults, fault => fault.Contains("counts for OverwritingNeeds: Approval alone", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("makes no override that could end", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pause shop-a for 30m because of it")]
    [InlineData("resume shop-a")]
    public async Task Explain_says_what_the_end_will_need(string words)
    {
        var world = new World(rule => rule.OverwritingNeeds = OverwritingNeeds.InGit);
        world.Cluster.Add("shop-a");

        var (allowed, lines) = await world.Explain.HandleAsync("alice", words, default);

        Assert.True(allowed);
        Assert.Contains(lines, line => line.Contains("Under pause-shop no override ends over changes by hand: Git has to say the same first", StringComparison.Ordinal));
    }

    private static Decision Decide(PolicyConfiguration policy) =>
        new Rulebook(policy).Decide(new(PolicyVerb.Pause, "shop-a", "shop", "shop", "prod", TimeSpan.FromMinutes(5)), new Actor("alice", new HashSet<string> { "on-call" }));
}
