using ChatOps.Core.Operations;
using ChatOps.Core.Policy;
using static ChatOps.Core.Tests.Policy.SomePolicy;

namespace ChatOps.Core.Tests.Policy;

public class ApproverTests
{
    private static readonly PolicyConfiguration Written = Valid();
    private static readonly Rulebook Rulebook = new(Written);
    private static readonly Authority Authority =
        Assert.IsType<Decision.Allowed>(Rulebook.Decide(Question(), Actor("alice", "on-call"))).Authority;

    [Theory]
    [InlineData("bob", "commander", 0, true)]
    [InlineData("dave", "platform", 9, false)]
    [InlineData("dave", "platform", 10, true)]
    [InlineData("erin", "on-call", 10, false)]
    [InlineData("alice", "commander", 0, false)]
    [InlineData("ALICE", "commander", 0, false)]
    public void The_approvers_role_decides_and_whoever_was_asked_next_may_too(string person, string role, int minutes, bool expected) =>
        Assert.Equal(expected, Rulebook.IsEligible(Authority, "alice", Actor(person, role), TimeSpan.FromMinutes(minutes)));

    [Fact]
    public void An_approver_whose_role_was_taken_since_the_request_may_not_approve__telekom() =>
        Assert.False(Rulebook.IsEligible(Authority, "alice", Actor("bob"), TimeSpan.Zero));

    [Fact]
    public void A_role_removed_from_the_policy_since_the_request_approves_nothing()
    {
        var policy = Valid();
        policy.Roles.RemoveAll(role => role.Name == "commander");

        Assert.False(new Rulebook(policy).IsEligible(Authority, "alice", Actor("bob", "commander"), TimeSpan.Zero));
    }

    [Fact]
    public void Nobody_approves_what_needs_no_approval() =>
        Assert.Empty(Rulebook.ApproverRoles(Authority with { ApprovalsNeeded = 0 }, TimeSpan.FromDays(1)));
}
