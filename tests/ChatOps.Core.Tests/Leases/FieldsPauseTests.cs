using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Leases;

/// <summary>The life of a pause of some fields, where it differs from one of the whole application.</summary>
public class FieldsPauseTests
{
    [Fact]
    public async Task It_is_stored_held_and_ended_as_any_other_and_auto_sync_stays_on()
    {
        var world = await HeldAsync();

        Assert.Equal((Hold.Holding, PauseMechanism.Fields, "Deployment/web"), ((await LeaseAsync(world)).Hold, (await LeaseAsync(world)).Mechanism, (await LeaseAsync(world)).Only!.Spoken));
        Assert.False(world.Cluster[(await LeaseAsync(world)).Target].IsOff);
        Assert.Contains(world.Records.Entries, entry => entry.Text.Contains("everything else Argo CD goes on putting back", StringComparison.Ordinal));
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, (await LeaseAsync(world)).State);
        Assert.Equal(["rules", "end"], world.Cluster.Effects.Select(effect => effect.What));
        Assert.Empty(world.Cluster.Rules);
    }

    [Fact]
    public async Task It_is_extended_as_any_other()
    {
        var world = await HeldAsync();
        var end = (await LeaseAsync(world)).Deadline;

        await world.SayAsync("alice", "gitops", "extend shop-a by 30m");
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();

        Assert.Equal(end.AddMinutes(30), (await LeaseAsync(world)).Deadline);
        Assert.Equal(Hold.Holding, (await LeaseAsync(world)).Hold);
    }

    [Fact]
    public async Task While_it_lasts_nothing_else_is_paused_there()
    {
        var world = await HeldAsync();

        await world.SayAsync("alice", "gitops", "pause shop-a for 10m because all of it");
        await world.SayAsync("alice", "gitops", "pause shop-a only configmap/web for 10m because more of it");

        Assert.Single(world.Records.AllOperations);
    }

    /// <summary>A shorter pause of a part is no shortening of the whole one, which people would then have approved unseen.</summary>
    [Fact]
    public async Task Asking_for_less_time_for_something_else_is_another_request()
    {
        var world = await ArrangeAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");

        await world.SayAsync("alice", "gitops", "pause shop-a only deployment/web for 10m because less is enough");

        Assert.Equal(TimeSpan.FromMinutes(30), world.OnlyOperation().Duration);
    }

    [Fact]
    public async Task Rules_that_somebody_took_out_wait_for_people_and_the_button_asks_for_the_same_again()
    {
        var world = await HeldAsync();
        var lease = await LeaseAsync(world);
        world.Cluster.Rules.Remove(lease.Target);

        await world.Watch.HandleAsync(lease.Id, [], CancellationToken.None);

        lease = await LeaseAsync(world);
        Assert.True(lease.WaitsForPeople);
        Assert.Contains("took our rules out", OvertakenTexts.Seen(lease).ToString(), StringComparison.Ordinal);
        Assert.Contains("pause shop-a only Deployment/web for", OvertakenTexts.LeftToDo(lease).ToString(), StringComparison.Ordinal);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, (await LeaseAsync(world)).State);
        Assert.Null(world.Cluster[lease.Target].Mark);
    }

    [Fact]
    public async Task Books_that_have_lost_it_take_it_over_from_its_marks()
    {
        var world = await World.WithIncidentAsync();
        var app = world.Cluster.All.First().Ref;
        var only = new HeldFields(SomeFields.WebOnly, RuleFacts.None.Options);
        world.Cluster.Rules[app] = only;
        world.Cluster[app] = world.Cluster[app] with { Mark = new OverrideMark(1, Guid.NewGuid(), world.Now.AddMinutes(20), RuleFacts.None.List, "chatops:on-call") { Only = only } };

        await world.TakeOver.HandleAsync(CancellationToken.None);

        Assert.Equal((PauseMechanism.Fields, "Deployment/web", world.Now.AddMinutes(20)), ((await LeaseAsync(world)).Mechanism, (await LeaseAsync(world)).Only!.Spoken, (await LeaseAsync(world)).Deadline));
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        Assert.Empty(world.Cluster.Rules);
    }

    /// <summary>The answer was lost and the next says no: what may be there is undone until the cluster confirms it.</summary>
    [Fact]
    public async Task One_that_was_stored_although_its_answer_was_lost_is_taken_out_again()
    {
        var world = await AskedAsync();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Unknown, true));
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, false));

        await world.PressAsync("carol", ChoiceKind.Approve);
        for (var round = 0; round < 4; round++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(10));
            await world.WorkAsync();
        }

        Assert.Equal(OperationState.Failed, world.OnlyOperation().State);
        Assert.Empty(world.Cluster.Rules);
        Assert.Equal(LeaseState.Ended, (await LeaseAsync(world)).State);
    }

    private static async Task<World> ArrangeAsync()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => facts with { Syncing = SomeFields.Syncing };
        return world;
    }

    private static async Task<World> AskedAsync()
    {
        var world = await ArrangeAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a only deployment/web for 30m because the rollback needs hands");
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
