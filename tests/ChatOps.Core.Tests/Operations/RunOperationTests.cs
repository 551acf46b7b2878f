using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Operations;

public class RunOperationTests
{
    [Fact]
    public async Task A_lost_answer_is_asked_for_again_and_the_pause_is_made_once()
    {
        var world = await ApprovedAsync();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Unknown, true));

        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromSeconds(5));
        await world.WorkAsync();

        Assert.Equal(OperationState.Succeeded, world.OnlyOperation().State);
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        Assert.Single(world.Cluster.Effects);
    }

    /// <summary>It was called failed, "nothing was changed", and its lease void, while the pause was there.</summary>
    [Fact]
    public async Task A_refusal_after_a_lost_answer_undoes_what_may_be_there()
    {
        var world = await ApprovedAsync();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Unknown, true));
        await world.WorkAsync();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, false));
        world.Time.Advance(TimeSpan.FromSeconds(5));

        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(OperationState.Failed, world.OnlyOperation().State);
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Equal(["pause", "end"], world.Cluster.Effects.Select(effect => effect.What));
    }

    [Fact]
    public async Task A_refusal_at_once_leaves_a_void_lease_and_says_that_nothing_was_changed()
    {
        var world = await ApprovedAsync();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, false));

        await world.WorkAsync();

        Assert.Equal(LeaseState.Void, world.OnlyLease().State);
        Assert.Empty(world.Cluster.Effects);
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.Failed && entry.Text.Contains("nothing was changed", StringComparison.Ordinal));
    }

    /// <summary>A cluster that came back after hours was paused for a time that had passed.</summary>
    [Fact]
    public async Task Nothing_is_tried_any_more_when_the_time_it_was_approved_for_is_over()
    {
        var world = await ApprovedAsync();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Unknown, false));
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromMinutes(31));

        await world.WorkAsync();

        Assert.Equal(OperationState.Failed, world.OnlyOperation().State);
        Assert.Equal(LeaseState.Void, world.OnlyLease().State);
        Assert.Empty(world.Cluster.Effects);
    }

    [Fact]
    public async Task The_lease_is_in_the_books_before_the_cluster_is_asked()
    {
        var world = await ApprovedAsync();
        var seen = (LeaseState?)null;
        world.Cluster.OnChange = _ => seen = world.OnlyLease().State;

        await world.WorkAsync();

        Assert.Equal(LeaseState.Starting, seen);
    }

    [Fact]
    public async Task A_request_that_was_approved_and_not_run_in_time_expires()
    {
        var world = await ApprovedAsync();
        world.Time.Advance(TimeSpan.FromHours(1));

        await world.WorkAsync();

        Assert.Equal(OperationState.Expired, world.OnlyOperation().State);
        Assert.StartsWith("it was approved", world.OnlyOperation().Outcome, StringComparison.Ordinal);
        Assert.Empty(world.Records.AllLeases);
    }

    /// <summary>The card counted from the success, the lease from the start: two ends on one screen.</summary>
    [Fact]
    public async Task A_cluster_that_takes_its_time_does_not_move_the_end()
    {
        var world = await ApprovedAsync();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Busy, false));
        await world.WorkAsync();
        var end = world.OnlyLease().Deadline;
        world.Time.Advance(TimeSpan.FromMinutes(3));

        await world.WorkAsync();

        Assert.Equal(OperationState.Succeeded, world.OnlyOperation().State);
        Assert.Equal(end, world.OnlyLease().Deadline);
        Assert.Equal(end, world.OnlyOperation().EndsAt(world.OnlyOperation().StateSince));
    }

    [Fact]
    public async Task A_request_with_some_of_its_approvals_does_not_expire_as_if_nobody_had_answered()
    {
        var world = await World.WithIncidentAsync(rule => rule.Approvals!.Count = 2);
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");
        await world.PressAsync("carol", ChoiceKind.Approve);
        world.Time.Advance(TimeSpan.FromHours(1));

        await world.WorkAsync();

        Assert.Equal("one approval was still missing at its end", world.OnlyOperation().Outcome);
    }

    private static async Task<World> ApprovedAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");
        await world.PressAsync("carol", ChoiceKind.Approve);
        Assert.Equal(OperationState.Approved, world.OnlyOperation().State);
        return world;
    }
}
