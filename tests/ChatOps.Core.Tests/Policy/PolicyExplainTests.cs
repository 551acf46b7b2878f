using ChatOps.Core.Policy;
using static ChatOps.Core.Tests.Policy.SomePolicy;

namespace ChatOps.Core.Tests.Policy;

public class PolicyExplainTests
{
    private static readonly Rulebook Rulebook = new(Valid(
        Rule("staging", "on-call", "pause"),
        PauseShop(),
        Rule("everything", "on-call", "pause", "resume")));

    public PolicyExplainTests() => Rulebook.Policy.Rules[0].Clusters[0] = "staging";

    [Fact]
    public void Each_rule_says_why_it_fits_or_not()
    {
        var explained = PolicyExplain.Of(Rulebook, Question(), Actor("alice", "on-call"));

        Assert.Equal([("staging", false, false), ("pause-shop", true, true), ("everything", true, false)], explained.Rules.Select(rule => (rule.Rule, rule.Fits, rule.Decides)));
        Assert.Equal("does not fit: its clusters are staging, which prod is not among", explained.Rules[0].Why);
        Assert.Equal("Allowed as on-call (acting as chatops:on-call), with 1 from commander", explained.Lines.Last());
    }

    [Fact]
    public void A_role_that_is_missing_is_named_with_those_that_are_held()
    {
        var explained = PolicyExplain.Of(Rulebook, Question(verb: "resume", minutes: null), Actor("dave", "platform"));

        Assert.Equal("does not fit: its roles are on-call, and dave holds platform", explained.Rules[2].Why);
        Assert.StartsWith("Refused: None of your roles may resume", explained.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_explanation_is_the_decision() =>
        Assert.Equal(
            Rulebook.Decide(Question(minutes: 600), Actor("alice", "on-call")).ToString(),
            PolicyExplain.Of(Rulebook, Question(minutes: 600), Actor("alice", "on-call")).Decision.ToString());
}
