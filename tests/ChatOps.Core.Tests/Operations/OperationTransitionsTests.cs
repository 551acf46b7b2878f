using ChatOps.Core.Operations;
using ChatOps.Core.People;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Operations;

/// <summary>Every state against every transition.</summary>
public class OperationTransitionsTests
{
    private static readonly string Seen = Some.Plan().Hash;

    public static TheoryData<OperationState> States => new(Enum.GetValues<OperationState>());

    [Theory]
    [MemberData(nameof(States))]
    public void People_decide_only_while_it_waits(OperationState state)
    {
        var operation = Some.Operation(state);
        RefusalKind? expected = state switch
        {
            OperationState.AwaitingApproval => null,
            OperationState.Requested => RefusalKind.StillOpen,
            OperationState.Expired => RefusalKind.TooLate,
            _ => RefusalKind.AlreadyDecided,
        };

        Assert.Equal(expected, operation.Approve(new("bob", true, Recognition.Configured), Seen, null, Some.Now, out var approved)?.Kind);
        Assert.Equal(expected, operation.Deny("bob", true, "no", Some.Now, out var denied)?.Kind);
        Assert.Equal(expected, operation.Withdraw("alice", Some.Now, out var withdrawn)?.Kind);
        Assert.Equal(
            expected is null ? (OperationState.Approved, OperationState.Denied, OperationState.Withdrawn) : (state, state, state),
            (approved.State, denied.State, withdrawn.State));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void What_is_over_never_revives(OperationState state)
    {
        var operation = Some.Operation(state);
        var ends = new Func<Operation>[] { () => operation.Expire("x", Some.Now), () => operation.Refuse("x", Some.Now), () => operation.Fail("x", Some.Now), () => operation.Succeed(Some.Now) };

        foreach (var end in ends)
        {
            if (operation.IsTerminal)
            {
                Assert.Throws<InvalidOperationException>(end);
            }
            else
            {
                Assert.True(end().IsTerminal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public void The_proof_that_a_port_asks_for_comes_only_from_an_approved_or_a_started_operation(OperationState state)
    {
        var operation = Some.Operation(state);

        Assert.Equal(state == OperationState.Approved, Record.Exception(() => operation.Start(Some.Now)) is null);
        Assert.Equal(state == OperationState.Running, Record.Exception(operation.Continue) is null);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void An_approval_is_good_until_the_request_expires(int seconds, bool starts)
    {
        var operation = Some.Operation(OperationState.Approved);

        Assert.Equal(starts, Record.Exception(() => operation.Start(operation.RequestExpiresAt.AddSeconds(seconds))) is null);
        Assert.Equal(starts ? null : RefusalKind.TooLate, Some.Operation().Approve(new("bob", true, Recognition.Configured), Seen, null, operation.RequestExpiresAt.AddSeconds(seconds), out _)?.Kind);
    }

    [Fact]
    public void Nobody_approves_or_denies_their_own_request_even_when_eligible()
    {
        Assert.Equal(RefusalKind.OwnRequest, Some.Operation().Approve(new("alice", true, Recognition.Configured), Seen, null, Some.Now, out _)?.Kind);
        Assert.Equal(RefusalKind.OwnRequest, Some.Operation().Deny("alice", true, null, Some.Now, out _)?.Kind);
    }

    [Fact]
    public void Only_who_holds_the_role_now_decides_and_only_who_asked_withdraws()
    {
        Assert.Equal(RefusalKind.NotAllowed, Some.Operation().Approve(new("eve", false, Recognition.Configured), Seen, null, Some.Now, out _)?.Kind);
        Assert.Equal(RefusalKind.NotAllowed, Some.Operation().Deny("eve", false, null, Some.Now, out _)?.Kind);
        Assert.Equal(RefusalKind.NotAllowed, Some.Operation().Withdraw("bob", Some.Now, out _)?.Kind);
    }

    [Fact]
    public void A_vote_is_for_the_plan_that_was_seen() =>
        Assert.Equal(RefusalKind.PlanMoved, Some.Operation().Approve(new("bob", true, Recognition.Configured), (Some.PlanOf(Some.Facts() with { Uid = "uid-2" })).Hash, null, Some.Now, out _)?.Kind);

    [Fact]
    public void Two_approvals_are_two_people()
    {
        Assert.Null(Some.Operation(approvals: 2).Approve(new("bob", true, Recognition.Configured), Seen, null, Some.Now, out var one));
        Assert.Equal(OperationState.AwaitingApproval, one.State);

        Assert.Equal(RefusalKind.AlreadyVoted, one.Approve(new("bob", true, Recognition.Configured), Seen, null, Some.Now, out var again)?.Kind);
        Assert.Single(again.Approvals);

        Assert.Null(one.Approve(new("carol", true, Recognition.Configured), Seen, null, Some.Now, out var two));
        Assert.Equal(OperationState.Approved, two.State);
    }

    [Fact]
    public void One_no_is_enough_whatever_was_voted_before()
    {
        Some.Operation(approvals: 2).Approve(new("bob", true, Recognition.Configured), Seen, null, Some.Now, out var one);

        Assert.Null(one.Deny("carol", true, "not now", Some.Now, out var denied));

        Assert.Equal("denied by carol: not now", denied.Outcome);
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(45, 30)]
    public void Approved_alone_it_lasts_no_longer_than_an_emergency_may(int asked, int lasts)
    {
        var alone = (Some.Operation() with { Duration = TimeSpan.FromMinutes(asked) }).SelfApprove(Some.Now);

        Assert.Equal((OperationState.Approved, TimeSpan.FromMinutes(lasts), true), (alone.State, alone.Duration, alone.SelfApproved));
    }

    [Fact]
    public void Until_a_moment_is_capped_too()
    {
        var alone = (Some.Operation() with { Until = Some.Now.AddHours(2) }).SelfApprove(Some.Now.AddMinutes(20));

        Assert.Equal(Some.Now.AddMinutes(50), alone.EndsAt(Some.Now.AddMinutes(20)));
    }

    [Fact]
    public void A_rule_without_an_emergency_lets_nobody_approve_alone()
    {
        var operation = Some.Operation();

        Assert.Throws<InvalidOperationException>(() => (operation with { Authority = operation.Authority with { Emergency = null } }).SelfApprove(Some.Now));
    }

    [Fact]
    public void The_review_of_what_was_approved_alone_is_closed_once_and_by_somebody_else()
    {
        var done = Some.Operation().SelfApprove(Some.Now).Start(Some.Now).Operation.Succeed(Some.Now);
        Assert.True(done.ReviewOwed);

        Assert.Equal(RefusalKind.OwnRequest, done.CloseReview("alice", true, out _)?.Kind);
        Assert.Equal(RefusalKind.NotAllowed, done.CloseReview("erin", false, out _)?.Kind);
        Assert.Null(done.CloseReview("bob", true, out var closed));
        Assert.False(closed.ReviewOwed);
        Assert.Equal(RefusalKind.AlreadyDecided, closed.CloseReview("carol", true, out _)?.Kind);
        Assert.Equal(RefusalKind.AlreadyDecided, Some.Operation(OperationState.Succeeded).CloseReview("bob", true, out _)?.Kind);
    }

    [Fact]
    public void A_new_plan_forgets_every_vote_and_the_approval_alone()
    {
        Some.Operation().Approve(new("bob", true, Recognition.Configured), Seen, null, Some.Now, out var approved);

        var again = (approved with { SelfApproved = true }).Replan(Some.PlanOf(Some.Facts() with { Uid = "uid-2" }), Some.Authority(), ["as found now"], Some.Now);

        Assert.Equal((OperationState.AwaitingApproval, 0, false), (again.State, again.Approvals.Count, again.SelfApproved));
    }
}
