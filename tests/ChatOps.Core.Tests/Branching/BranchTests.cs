using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Branching;

/// <summary>A switch to a branch: one approved commit, a lease, and the way back.</summary>
public class BranchTests
{
    private const string Asked = "branch shop-a fix for 30m because the release takes too long";

    [Fact]
    public async Task The_approved_commit_is_pinned_under_a_lease_seen_deployed_and_put_back_exactly()
    {
        var world = await AskedAsync();
        Assert.Equal(new FieldChange(ModelCluster.RevisionPath, "\"main\"", $"\"{World.Fix}\""), Assert.Single(world.OnlyOperation().Plan.Changes));
        Assert.Contains("Dana Dev", world.OnlyOperation().Plan.Work.Effect.ToString(), StringComparison.Ordinal);

        await world.WorkAsync();
        Assert.Equal((LeaseKind.Branch, LeaseState.Active, OperationState.Running), (world.OnlyLease().Kind, world.OnlyLease().State, world.OnlyOperation().State));
        await world.WorkAsync();

        Assert.Equal((OperationState.Succeeded, Hold.Holding), (world.OnlyOperation().State, world.OnlyLease().Hold));
        await SaysAsync(world, TimelineKind.Done, $"Argo CD has synced commit {World.Fix[..8]} of fix");
        Assert.Null(await world.SayAsync("alice", "gitops", "restore shop-a"));
        await world.WorkAsync();
        Assert.Equal(("\"main\"", LeaseState.Ended), (world.Cluster.Follows(world.OnlyLease().Target), world.OnlyLease().State));
        Assert.Equal(["switch", "switch back"], world.Cluster.Effects.Select(effect => effect.What));
        await SaysAsync(world, TimelineKind.Resumed, "is restored by alice");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("\"\"")]
    [InlineData("\"release-7\"")]
    public async Task Absent_empty_and_a_name_are_put_back_as_they_were(string? before)
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Follow(Shop(world), before);
        await ApproveAsync(world, Asked);
        await world.WorkAsync();
        await world.SayAsync("alice", "gitops", "resume shop-a");

        await world.WorkAsync();

        Assert.Equal(before, world.Cluster.Follows(Shop(world)));
    }

    [Fact]
    public async Task What_was_approved_is_what_runs_although_the_branch_has_moved_meanwhile()
    {
        var world = await AskedAsync();
        world.Branches[(World.Repository, "fix")] = Push();

        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal($"\"{World.Fix}\"", world.Cluster.Follows(Shop(world)));
        await SaysAsync(world, TimelineKind.NewCommit, "new commit 22222222, by Eve Dev as it says itself: “even better”. shop-a stays at 11111111");
    }

    [Fact]
    public async Task A_new_commit_is_announced_once_and_deployed_only_by_a_new_request_that_keeps_the_way_back()
    {
        var world = await RunningAsync();
        world.Branches[(World.Repository, "fix")] = Push();
        for (var round = 0; round < 3; round++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(31));
            await world.WorkAsync();
        }

        Assert.Equal(1, (await world.Records.TimelineAsync(1, default)).Count(entry => entry.Kind == TimelineKind.NewCommit));
        Assert.Equal($"\"{World.Fix}\"", world.Cluster.Follows(Shop(world)));

        await ApproveAsync(world, "branch shop-a fix for 20m because the first one was not enough");
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal($"\"{World.Better}\"", world.Cluster.Follows(Shop(world)));
        Assert.Equal((World.Better, "\"main\"", world.NewestOperation().Id), (world.OnlyLease().Branch!.Commit, world.OnlyLease().Branch!.Sources[0].Before.Json, world.OnlyLease().Operation));
        Assert.Equal(world.Now.AddMinutes(20), world.OnlyLease().Deadline);
        await world.SayAsync("alice", "gitops", "restore shop-a");
        await world.WorkAsync();
        Assert.Equal("\"main\"", world.Cluster.Follows(Shop(world)));
    }

    /// <summary>It was taken for two overrides, or for somebody else's hand.</summary>
    [Fact]
    public async Task A_further_commit_that_was_not_stored_although_nobody_learned_it_is_said_and_stays_one_override()
    {
        var world = await RunningAsync();
        var first = world.Cluster[Shop(world)].Mark;
        world.Branches[(World.Repository, "fix")] = Push();
        await ApproveAsync(world, "branch shop-a fix for 20m because the first one was not enough");
        await world.WorkAsync();
        await world.WorkAsync();
        world.Cluster[Shop(world)] = world.Cluster[Shop(world)] with { Mark = first };
        world.Cluster.Follow(Shop(world), $"\"{World.Fix}\"", "chatops");
        world.Time.Advance(TimeSpan.FromSeconds(31));

        await world.TakeOver.HandleAsync(default);
        await world.WorkAsync();

        Assert.Equal((Hold.NotKnown, LeaseState.Active), (world.OnlyLease().Hold, world.OnlyLease().State));
        await SaysAsync(world, TimelineKind.NotKnownToHold, "the move to commit 22222222 was not stored, and it still runs 11111111");
    }

    [Fact]
    public async Task A_further_commit_counts_from_the_first_start()
    {
        var world = await RunningAsync();
        world.Branches[(World.Repository, "fix")] = Push();
        world.Time.Advance(TimeSpan.FromMinutes(25));

        var answer = await world.SayAsync("alice", "gitops", "branch shop-a fix for 1h50m because it is not enough");

        Assert.Contains("2 hours", Words(answer!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_answer_and_a_crash_switch_once(bool further)
    {
        var world = further ? await RunningAsync() : await World.WithIncidentAsync();
        world.Branches[(World.Repository, "fix")] = further ? Push() : world.Branches[(World.Repository, "fix")];
        await ApproveAsync(world, Asked);
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Unknown, true));
        await world.WorkAsync();
        world.Restart();
        world.Time.Advance(TimeSpan.FromMinutes(1));

        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(OperationState.Succeeded, world.NewestOperation().State);
        Assert.Equal((LeaseState.Active, null), (world.OnlyLease().State, world.OnlyLease().Moving));
        Assert.Equal(further ? 2 : 1, world.Cluster.Effects.Count);
        Assert.DoesNotContain(await world.Records.TimelineAsync(1, default), entry => entry.Kind == TimelineKind.Reverted);
    }

    [Fact]
    public async Task Refused_by_the_cluster_nothing_is_left()
    {
        var world = await AskedAsync();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, false));

        await world.WorkAsync();

        Assert.Equal((OperationState.Failed, LeaseState.Void), (world.OnlyOperation().State, world.OnlyLease().State));
        Assert.Empty(world.Cluster.Effects);
    }

    [Fact]
    public async Task A_failed_deployment_leaves_the_switch_with_its_end_and_says_what_failed()
    {
        var world = await AskedAsync();
        world.Cluster.Outcomes.Enqueue(new(ClusterAnswerKind.Failed, "Failed at 11111111: Deployment/shop: field is immutable"));
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal((OperationState.Failed, LeaseState.Active), (world.OnlyOperation().State, world.OnlyLease().State));
        await SaysAsync(world, TimelineKind.Failed, "field is immutable. Its switch is there and has an end");
    }

    [Fact]
    public async Task A_branch_deleted_while_in_use_is_an_alarm_once_and_again_when_it_is_back_that_is_said()
    {
        var world = await RunningAsync();
        var tip = world.Branches[(World.Repository, "fix")];
        world.Branches.Clear();
        for (var round = 0; round < 3; round++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(31));
            await world.WorkAsync();
        }

        await SaysAsync(world, TimelineKind.BranchGone, "deleted while in use");
        Assert.Single(await world.Records.TimelineAsync(1, default), entry => entry.Kind == TimelineKind.BranchGone);
        world.Branches[(World.Repository, "fix")] = tip;
        world.Time.Advance(TimeSpan.FromSeconds(31));
        await world.WorkAsync();
        await SaysAsync(world, TimelineKind.NewCommit, "is there again");
    }

    [Fact]
    public async Task A_branch_that_is_pushed_back_to_what_runs_has_no_new_commit()
    {
        var world = await RunningAsync();
        var tip = world.Branches[(World.Repository, "fix")];
        world.Branches[(World.Repository, "fix")] = Push();
        world.Time.Advance(TimeSpan.FromSeconds(31));
        await world.WorkAsync();
        world.Branches[(World.Repository, "fix")] = tip;
        world.Time.Advance(TimeSpan.FromSeconds(31));

        await world.WorkAsync();

        var told = (await world.Records.TimelineAsync(1, default)).Where(entry => entry.Kind == TimelineKind.NewCommit).ToList();
        Assert.Equal(2, told.Count);
        Assert.Contains("has a new commit", told[0].Text, StringComparison.Ordinal);
        Assert.Contains("is back at commit", told[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_host_is_told_of_once_and_taken_for_no_news()
    {
        var world = await RunningAsync();
        world.Branches[(World.Repository, "fix")] = new BranchLook.Silent("it does not answer", "");
        for (var round = 0; round < 20; round++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(31));
            await world.WorkAsync();
        }

        Assert.Single(await world.Records.TimelineAsync(1, default), entry => entry.Text.Contains("has new commits is not known", StringComparison.Ordinal));
        Assert.False(world.OnlyLease().BranchGone);
    }

    [Fact]
    public async Task Somebody_elses_revision_is_said_with_its_writer_and_left_alone()
    {
        var world = await RunningAsync();
        world.Cluster.Follow(Shop(world), "\"main\"");

        await world.WorkAsync();

        Assert.Equal(LeaseState.Overtaken, world.OnlyLease().State);
        await SaysAsync(world, TimelineKind.Reverted, "kubectl-edit changed its revision");
        Assert.Contains("does not follow commit", Words((await world.SayAsync("bob", "incident", "close"))!), StringComparison.Ordinal);
        Assert.Null(await world.SayAsync("alice", "gitops", "restore shop-a"));
        await world.WorkAsync();
        await SaysAsync(world, TimelineKind.Settled, "changed its revision before me");
        Assert.Equal(("\"main\"", LeaseState.Ended, null), (world.Cluster.Follows(Shop(world)), world.OnlyLease().State, world.Cluster[Shop(world)].Mark));
    }

    [Fact]
    public async Task After_somebody_else_took_it_a_new_switch_settles_the_old_one()
    {
        var world = await RunningAsync();
        world.Cluster.Follow(Shop(world), "\"main\"");
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromMinutes(1));

        await ApproveAsync(world, Asked);
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal([LeaseState.Ended, LeaseState.Active], world.Records.AllLeases.OrderBy(lease => lease.StartedAt).Select(lease => lease.State));
        Assert.Equal($"\"{World.Fix}\"", world.Cluster.Follows(Shop(world)));
    }

    [Fact]
    public async Task While_it_is_there_the_incident_stays_open_it_cannot_be_paused_and_can_be_extended_under_its_own_rule()
    {
        var world = await RunningAsync();

        Assert.Contains("restore shop-a", Words((await world.SayAsync("bob", "incident", "close"))!), StringComparison.Ordinal);
        Assert.Contains("runs commit 11111111 of fix already", Words((await world.SayAsync("alice", "gitops", "pause shop-a for 30m because of it"))!), StringComparison.Ordinal);
        Assert.Contains("runs commit 11111111 of fix already", Words((await world.SayAsync("alice", "gitops", "rollback shop-a because of it"))!), StringComparison.Ordinal);
        Assert.Contains("nothing newer", Words((await world.SayAsync("alice", "gitops", Asked))!), StringComparison.Ordinal);
        var end = world.OnlyLease().Deadline;
        Assert.Null(await world.SayAsync("alice", "gitops", "extend shop-a by 30m"));
        Assert.StartsWith("Extend the branch switch of", world.NewestOperation().Plan.Work.Doing, StringComparison.Ordinal);
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal(end.AddMinutes(30), world.OnlyLease().Deadline);
    }

    [Fact]
    public async Task At_its_end_it_is_restored_where_the_rule_says_so_and_brought_up_where_not()
    {
        foreach (var resume in new[] { true, false })
        {
            var world = await World.WithIncidentAsync(rule => rule.AtDeadline = resume ? Core.Policy.AtDeadline.Resume : Core.Policy.AtDeadline.Escalate);
            await ApproveAsync(world, Asked);
            await world.WorkAsync();
            await world.WorkAsync();
            world.Time.Advance(TimeSpan.FromMinutes(31));
            await world.WorkAsync();
            await world.WorkAsync();

            Assert.Equal(resume ? "\"main\"" : $"\"{World.Fix}\"", world.Cluster.Follows(Shop(world)));
            Assert.Equal(resume ? LeaseState.Ended : LeaseState.Active, world.OnlyLease().State);
            await SaysAsync(world, TimelineKind.DeadlinePassed, resume ? "I restore it now" : "still runs commit 11111111 of fix past its end");
        }
    }

    [Fact]
    public async Task Lost_books_get_the_switch_again_from_its_mark_with_the_way_back()
    {
        var before = await RunningAsync();
        var (was, application) = (before.OnlyLease(), Shop(before));
        var world = new World();
        world.Cluster.Add("shop-a");
        world.Cluster[application] = before.Cluster[application];
        world.Cluster.Follow(application, $"\"{World.Fix}\"", "chatops");

        Assert.True((await world.TakeOver.HandleAsync(default)).IsComplete);

        var again = world.OnlyLease();
        Assert.Equal((LeaseKind.Branch, was.Operation, World.Fix, "\"main\""), (again.Kind, again.Operation, again.Branch!.Commit, again.Branch.Sources[0].Before.Json));
        await world.WorkAsync();
        Assert.Equal((LeaseState.Active, Hold.Holding), (world.OnlyLease().State, world.OnlyLease().Hold));
    }

    [Fact]
    public async Task A_pause_is_not_restored_and_a_switch_may_be_resumed()
    {
        var world = await World.WithPauseAsync();

        Assert.Contains("resume shop-a", Words((await world.SayAsync("alice", "gitops", "restore shop-a"))!), StringComparison.Ordinal);
        Assert.Contains("sync shop-a at <commit>", Words((await world.SayAsync("alice", "gitops", Asked))!), StringComparison.Ordinal);
    }

    private static BranchLook.Found Push() => new(World.Better, new("Eve Dev", "even better", null));

    private static ApplicationRef Shop(World world) => world.Cluster.All.Single(one => one.Ref.Name == "shop-a").Ref;

    private static async Task<World> AskedAsync()
    {
        var world = await World.WithIncidentAsync();
        await ApproveAsync(world, Asked);
        return world;
    }

    private static async Task<World> RunningAsync()
    {
        var world = await AskedAsync();
        await world.WorkAsync();
        await world.WorkAsync();
        return world;
    }

    private static async Task ApproveAsync(World world, string said)
    {
        Assert.Null(await world.SayAsync("alice", "gitops", said));
        await world.PressAsync("carol", ChoiceKind.Approve);
    }

    private static async Task SaysAsync(World world, TimelineKind kind, string words) =>
        Assert.Contains(await world.Records.TimelineAsync(1, default), entry => entry.Kind == kind && entry.Text.Contains(words, StringComparison.Ordinal));

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text)) + card.Title;
}
