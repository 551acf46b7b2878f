using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Leases;

/// <summary>The life of a pause that a window holds, where it differs from one by the field.</summary>
public class WindowPauseTests
{
    [Fact]
    public async Task It_is_stored_held_and_ended_as_any_other()
    {
        var world = await HeldAsync();

        Assert.Equal(Hold.Holding, (await LeaseAsync(world)).Hold);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, (await LeaseAsync(world)).State);
        Assert.Equal(["window", "end"], world.Cluster.Effects.Select(effect => effect.What));
        Assert.Empty(world.Cluster.Windows);
    }

    [Fact]
    public async Task It_ends_at_its_deadline_without_anybody_although_the_rule_would_ask()
    {
        var world = await HeldAsync(); // the rule of the example escalates

        world.Time.Advance(TimeSpan.FromMinutes(31));
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, (await LeaseAsync(world)).State);
        Assert.Empty(world.Cluster.Windows);
    }

    /// <summary>The window is one write, that Argo CD looks at it another: RBAC may let the first and not the second.</summary>
    [Fact]
    public async Task One_that_was_stored_before_the_cluster_said_no_is_taken_out_again_and_not_called_nothing()
    {
        var world = await AskedAsync();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, true));

        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(OperationState.Failed, world.OnlyOperation().State);
        Assert.Empty(world.Cluster.Windows);
        Assert.Equal(LeaseState.Ended, (await LeaseAsync(world)).State);
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Text.Contains("nothing was changed", StringComparison.Ordinal));
    }

    /// <summary>The next application of that name would be held by it.</summary>
    [Fact]
    public async Task The_window_of_a_deleted_application_is_taken_out()
    {
        var world = await HeldAsync();
        world.Cluster.Remove((await LeaseAsync(world)).Target);

        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, (await LeaseAsync(world)).State);
        Assert.Empty(world.Cluster.Windows);
    }

    [Fact]
    public async Task One_that_somebody_took_out_waits_for_people_and_counts_again_when_it_is_back()
    {
        var world = await HeldAsync();
        var lease = await LeaseAsync(world);
        world.Cluster.Windows.Remove((lease.Target, 1), out var mark);

        await world.Watch.HandleAsync(lease.Id, [], CancellationToken.None);

        Assert.True((await LeaseAsync(world)).WaitsForPeople);
        world.Cluster.Windows[(lease.Target, 1)] = mark!;
        await world.Watch.HandleAsync(lease.Id, [], CancellationToken.None);
        Assert.Equal(LeaseState.Active, (await LeaseAsync(world)).State);
    }

    [Fact]
    public async Task Books_that_have_lost_it_take_it_over_from_the_windows_own_text()
    {
        var world = await World.WithIncidentAsync();
        var app = world.Cluster.All.First().Ref;
        world.Cluster.Windows[(app, 1)] = new OverrideMark(1, Guid.NewGuid(), world.Now.AddMinutes(20), new("/spec/syncWindows", null, null), "chatops:on-call") { Window = new("shop", IsOpen: true) };

        await world.TakeOver.HandleAsync(CancellationToken.None);

        var lease = await LeaseAsync(world);
        Assert.Equal((PauseMechanism.Window, "shop", world.Now.AddMinutes(20)), (lease.Mechanism, lease.WindowIn, lease.Deadline));
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        Assert.Empty(world.Cluster.Windows);
    }

    private static async Task<World> AskedAsync()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => facts with { Owner = SomeWindow.Facts().Owner, Way = SomeWindow.Facts().Way, Window = SomeWindow.Facts().Window };
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");
        return world;
    }

    private static async Task<World> HeldAsync()
    {
        var world = await AskedAsync();
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        var app = (await LeaseAsync(world)).Target;
        world.Cluster[app] = world.Cluster[app] with { RefreshPending = false };
        await world.WorkAsync();
        return world;
    }

    private static async Task<Lease> LeaseAsync(World world) => Assert.Single(await world.Records.LeasesAsync(1, CancellationToken.None));
}
