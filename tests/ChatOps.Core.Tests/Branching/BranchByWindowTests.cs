using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Branching;

/// <summary>A switch to a branch whose owner would put the revision back: a window holds the engine off, and one sync deploys the commit.</summary>
public class BranchByWindowTests
{
    private const string Main = "0000000000000000000000000000000000000000";
    private string deployed = Main;

    [Fact]
    public async Task The_commit_is_synced_once_behind_the_window_held_and_the_window_taken_out_again()
    {
        var world = await AskedAsync();
        Assert.Equal(["AppProject shop /spec/syncWindows/-", "/operation/sync/revision"], world.OnlyOperation().Plan.Changes.Select(change => change.Path));
        Assert.Contains("So a deny window in project shop keeps what is synced behind it", string.Join(' ', world.OnlyOperation().Notices), StringComparison.Ordinal);

        await world.WorkAsync();
        Assert.StartsWith(BranchWork.StillToBegin, world.OnlyOperation().Progress, StringComparison.Ordinal);
        Assert.Equal((LeaseKind.Branch, LeaseState.Active, "shop", true), (world.OnlyLease().Kind, world.OnlyLease().State, world.OnlyLease().WindowIn, world.OnlyLease().ResumeAtDeadline));
        await DeployAsync(world, World.Fix);

        Assert.Equal((OperationState.Succeeded, Hold.Holding), (world.OnlyOperation().State, world.OnlyLease().Hold));
        await SaysAsync(world, TimelineKind.Holding, $"commit {World.Fix[..8]} of fix is deployed");
        Assert.Equal("\"main\"", world.Cluster.Follows(world.OnlyLease().Target));
        Assert.Null(await world.SayAsync("alice", "gitops", "restore shop-a"));
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Empty(world.Cluster.Windows);
        Assert.Equal(["window", "sync", "end"], world.Cluster.Effects.Select(effect => effect.What));
    }

    [Fact]
    public async Task Until_the_commit_is_deployed_it_is_not_called_holding_and_after_a_sync_by_hand_not_any_more()
    {
        var world = await AskedAsync();
        await world.WorkAsync();
        Answered(world);
        await world.WorkAsync();
        await world.WorkAsync();
        Assert.Equal(Hold.Stored, world.OnlyLease().Hold);
        await DeployAsync(world, World.Fix);
        Assert.Equal(Hold.Holding, world.OnlyLease().Hold);

        deployed = Main;
        await world.WorkAsync();

        Assert.Equal(Hold.NotKnown, world.OnlyLease().Hold);
        await SaysAsync(world, TimelineKind.NotKnownToHold, "somebody has synced it by hand since, and 00000000 is deployed now");
        deployed = World.Fix;
        await world.WorkAsync();
        Assert.Equal(Hold.Holding, world.OnlyLease().Hold);
    }

    [Fact]
    public async Task A_further_commit_takes_the_same_window_under_the_same_lease()
    {
        var world = await HeldAsync();
        var first = world.OnlyLease();
        Assert.Contains("nothing newer", Words((await world.SayAsync("alice", "gitops", "branch shop-a fix for 20m because of it"))!), StringComparison.Ordinal);
        world.Branches[(World.Repository, "fix")] = new BranchLook.Found(World.Better, new("Eve Dev", "even better", null));

        await ApproveAsync(world, "branch shop-a fix for 20m because the first one was not enough");
        await world.WorkAsync();
        await DeployAsync(world, World.Better);

        Assert.Equal((first.Id, World.Better, Hold.Holding), (world.OnlyLease().Id, world.OnlyLease().Branch!.Commit, world.OnlyLease().Hold));
        Assert.Equal(world.OnlyLease().Operation, Assert.Single(world.Cluster.Windows).Value.Operation);
        Assert.Equal(["window", "sync", "window", "sync"], world.Cluster.Effects.Select(effect => effect.What));
        await world.SayAsync("alice", "gitops", "restore shop-a");
        await world.WorkAsync();
        Assert.Empty(world.Cluster.Windows);
    }

    [Fact]
    public async Task When_its_owner_leaves_it_alone_all_at_once_the_switch_that_is_there_ends_first()
    {
        var world = await HeldAsync();
        world.Branches[(World.Repository, "fix")] = new BranchLook.Found(World.Better, new("Eve Dev", "even better", null));
        var seen = world.Cluster.Seen;
        world.Cluster.Seen = facts => seen(facts) with { RevisionWay = PauseWay.UnownedRevision };

        Assert.Contains("switched in another way", Words((await world.SayAsync("alice", "gitops", "branch shop-a fix for 20m because of it"))!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_window_ends_with_its_time_without_anybody_and_goes_with_a_deleted_application()
    {
        var world = await HeldAsync();
        world.Cluster.Remove(world.OnlyLease().Target);

        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Empty(world.Cluster.Windows);
    }

    [Fact]
    public async Task When_the_sync_fails_the_window_is_there_with_its_end()
    {
        var world = await AskedAsync();
        await world.WorkAsync();
        Answered(world);
        await world.WorkAsync();
        world.Cluster.Outcomes.Enqueue(new(ClusterAnswerKind.Failed, "Failed at 11111111: Deployment/shop: field is immutable"));

        await world.WorkAsync();

        Assert.Equal((OperationState.Failed, LeaseState.Active), (world.OnlyOperation().State, world.OnlyLease().State));
        await SaysAsync(world, TimelineKind.Failed, "field is immutable");
    }

    [Fact]
    public async Task A_lost_answer_and_a_crash_store_one_window_and_sync_once()
    {
        var world = await AskedAsync();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Unknown, true));
        await world.WorkAsync();
        world.Restart();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.WorkAsync();
        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Unknown, true));
        Answered(world);
        await world.WorkAsync();
        world.Restart();
        world.Time.Advance(TimeSpan.FromMinutes(1));

        await DeployAsync(world, World.Fix);

        Assert.Equal(OperationState.Succeeded, world.OnlyOperation().State);
        Assert.Equal(["window", "sync"], world.Cluster.Effects.Select(effect => effect.What));
    }

    [Fact]
    public async Task Refused_by_the_cluster_nothing_is_left()
    {
        var world = await AskedAsync();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, false));

        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(OperationState.Failed, world.OnlyOperation().State);
        Assert.False(world.OnlyLease().IsUnsettled);
        Assert.Empty(world.Cluster.Windows);
    }

    [Fact]
    public async Task Without_the_right_to_windows_it_is_refused_before_anybody_approves_it()
    {
        var world = await WorldAsync();
        world.Cluster.CoversWindows = false;

        Assert.Contains("chatops:projects", Words((await world.SayAsync("alice", "gitops", "branch shop-a fix for 30m because of it"))!), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    private async Task<World> HeldAsync()
    {
        var world = await AskedAsync();
        await world.WorkAsync();
        await DeployAsync(world, World.Fix);
        return world;
    }

    private async Task<World> AskedAsync()
    {
        var world = await WorldAsync();
        await ApproveAsync(world, "branch shop-a fix for 30m because the release takes too long");
        return world;
    }

    private async Task<World> WorldAsync()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => facts with
        {
            Owner = SomeWindow.Facts().Owner,
            Way = SomeWindow.Facts().Way,
            RevisionWay = SomeWindow.Facts().RevisionWay,
            Window = SomeWindow.Facts().Window,
            Syncing = new() { Revisions = [Main], History = [new(8, [deployed], null, "{}", false)] },
        };
        return world;
    }

    /// <summary>The engine has seen the window, takes the sync and does it.</summary>
    private async Task DeployAsync(World world, string commit)
    {
        Answered(world);
        await world.WorkAsync();
        deployed = commit;
        await world.WorkAsync();
        await world.WorkAsync();
    }

    private static void Answered(World world)
    {
        var app = world.OnlyLease().Target;
        world.Cluster[app] = world.Cluster[app] with { RefreshPending = false };
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
