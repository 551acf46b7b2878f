using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

public class WatchLeaseTests
{
    [Fact]
    public async Task Holding_is_said_once_when_the_controller_has_answered()
    {
        var world = await World.WithPauseAsync();
        Assert.Equal(Hold.Stored, world.OnlyLease().Hold);

        world.ControllerAnswers();
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.Holding);
    }

    [Fact]
    public async Task That_a_parent_has_looked_and_left_it_alone_is_said_once()
    {
        var world = await World.WithPauseAsync();
        world.ControllerAnswers();
        await world.WorkAsync();
        var (written, said) = (world.Now, new List<TimelineEntry>());
        foreach (var (manager, compared) in new (string, DateTimeOffset?)[] { ("chatops", null), ("chatops", written.AddSeconds(4)), ("kubectl-edit", written.AddSeconds(150)), ("chatops", written.AddSeconds(150)), ("chatops", written.AddSeconds(330)) })
        {
            world.Cluster.Seen = facts => facts with { Owner = new(OwnerKind.Parent, "platform"), PauseFieldManager = manager, PauseFieldWrittenAt = written, ParentFoundSyncedAt = compared };
            world.Time.Advance(TimeSpan.FromSeconds(160));
            await world.WorkAsync();
            said = [.. world.Records.Entries.Where(entry => entry.Kind == TimelineKind.Holding).Skip(1)];
            Assert.Equal(compared >= written.AddSeconds(150) && manager == "chatops", said.Count == 1);
        }

        Assert.Equal(written.AddSeconds(150), world.OnlyLease().OwnerLookedAt);
        Assert.StartsWith("shop-a is holding, and the parent application platform leaves it so: it began to compare at ", said[0].Text, StringComparison.Ordinal);
    }

    /// <summary>One failed read an hour into the pause was an alarm, because patience was counted from the last good news.</summary>
    [Fact]
    public async Task One_read_that_fails_is_no_alarm_and_half_a_minute_of_them_is()
    {
        var world = await World.WithPauseAsync();
        world.ControllerAnswers();
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromMinutes(10));
        world.Cluster.NextReads.Enqueue(ClusterAnswerKind.Unavailable);
        await world.WorkAsync();
        Assert.Equal(Hold.Holding, world.OnlyLease().Hold);

        world.Time.Advance(TimeSpan.FromSeconds(31));
        world.Cluster.NextReads.Enqueue(ClusterAnswerKind.Unavailable);
        await world.WorkAsync();
        Assert.Equal(Hold.NotKnown, world.OnlyLease().Hold);

        await world.WorkAsync();
        Assert.Equal(Hold.Holding, world.OnlyLease().Hold);
    }

    [Fact]
    public async Task A_pause_that_somebody_took_back_is_told_and_left_to_people()
    {
        var world = await World.WithPauseAsync();
        var application = world.Cluster.All.First();
        world.Cluster[application.Ref] = application with { Automated = ModelApplication.Before };

        await world.WorkAsync();

        Assert.Equal(LeaseState.Overtaken, world.OnlyLease().State);
        Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.Reverted);
        Assert.DoesNotContain(world.Cluster.Effects, effect => effect.What == "end");
    }

    [Fact]
    public async Task An_application_that_was_deleted_takes_its_pause_with_it()
    {
        var world = await World.WithPauseAsync();
        world.Cluster.Remove(world.OnlyLease().Target);

        await world.WorkAsync();

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    /// <summary>The list of overrides was read, the pause ended, and the list made a lease of what was gone.</summary>
    [Fact]
    public async Task An_override_that_ends_while_it_is_looked_for_is_not_taken_over()
    {
        var world = await World.WithPauseAsync();
        var found = await world.Cluster.FindOverridesAsync(default);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        world.Cluster.NextFound = found.Found;

        await world.TakeOver.HandleAsync(default);

        Assert.Single(world.Records.AllLeases);
    }

    [Fact]
    public async Task An_override_that_the_books_lost_is_taken_over_with_the_way_back_from_the_object()
    {
        var world = await World.WithPauseAsync();
        var application = world.Cluster.All.First();
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        world.Cluster[application.Ref] = application; // as an older copy of the books would see it

        await world.TakeOver.HandleAsync(default);
        await world.TakeOver.HandleAsync(default);

        var lease = Assert.Single(world.Records.AllLeases, lease => lease.State == LeaseState.Active);
        Assert.Equal("alice", lease.Owner);
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        Assert.Equal(ModelApplication.Before, world.Cluster.All.First().Automated);
    }
}
