using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

/// <summary>Overrides in the cluster that the books know nothing of, because the books are new: they stayed for ever, and nobody was told.</summary>
public class TakeOverTests
{
    [Fact]
    public async Task With_empty_books_it_is_told_where_its_application_is_spoken_of_and_nobody_owns_it()
    {
        var world = new World();
        Paused(world, "shop-a");

        var swept = await world.TakeOver.HandleAsync(default);
        await world.PostAllAsync();

        Assert.Empty(swept.Untold);
        var incident = Assert.Single(await world.Records.IncidentsAsync(onlyOpen: true, default));
        Assert.Equal((42, World.ShopRoom), (incident.Number, Assert.Single(incident.Channels)));
        Assert.True(world.OnlyLease() is { Owner: null, State: LeaseState.Active });
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.TakenOver);
        Assert.Contains(world.Chat.Said, said => said.Card.Title.StartsWith("Incident 42", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nobody_is_known_to_tell_it_is_named_until_there_is_somebody()
    {
        var world = new World();
        var application = Paused(world, "elsewhere");

        Assert.Equal([application], (await world.TakeOver.HandleAsync(default)).Untold);
        Assert.Empty(world.Records.AllLeases);

        await world.SayAsync("bob", "incident", "declare \"what is this\" sev3");
        await world.PostAllAsync();
        Assert.Empty((await world.TakeOver.HandleAsync(default)).Untold);
        Assert.Equal((42, application), (world.OnlyLease().Incident, world.OnlyLease().Target));
    }

    /// <summary>They stayed, and the next hand that switched auto-sync off made them a pause of ours.</summary>
    [Fact]
    public async Task Marks_that_no_override_stands_behind_are_taken_off_and_never_pass_for_one()
    {
        var world = await World.WithPauseAsync();
        var marked = world.Cluster.All.First();
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        world.Cluster[marked.Ref] = marked with { Automated = ModelApplication.Before, RefreshPending = false };

        await world.TakeOver.HandleAsync(default);
        await world.TakeOver.HandleAsync(default);
        await world.WorkAsync();
        Assert.Equal((ModelApplication.Before, null), (world.Cluster[marked.Ref].Automated, world.Cluster[marked.Ref].Mark));
        world.Cluster[marked.Ref] = world.Cluster[marked.Ref] with { Automated = ModelApplication.Off };
        await world.TakeOver.HandleAsync(default);

        Assert.Equal(2, world.Records.AllLeases.Count());
        Assert.All(world.Records.AllLeases, lease => Assert.Equal(LeaseState.Ended, lease.State));
    }

    /// <summary>The books were put back from before the second pause: its lease was lost, and the first one's stood in its way.</summary>
    [Fact]
    public async Task An_override_is_taken_over_although_the_books_hold_an_older_one_of_that_application()
    {
        var world = await World.WithPauseAsync();
        var paused = world.Cluster.All.First();
        var later = paused.Mark! with { Operation = Guid.CreateVersion7(world.Now) };
        world.Cluster[paused.Ref] = paused with { Mark = later };

        await world.TakeOver.HandleAsync(default);
        await world.WorkAsync();

        var lease = Assert.Single(world.Records.AllLeases, lease => lease.IsUnsettled);
        Assert.Equal(later.Operation, lease.Operation);
    }

    /// <summary>One application that could not be read kept every other half-begun pause from being settled.</summary>
    [Fact]
    public async Task A_half_begun_pause_that_cannot_be_read_holds_up_no_other()
    {
        var world = await World.WithIncidentAsync();
        foreach (var (application, number) in world.Cluster.All.Select((one, at) => (one.Ref, at)))
        {
            await world.Records.CommitAsync(new Records.Changes().Save(Some.Lease() with { Id = new Guid(number + 1, 0, 0, new byte[8]), Incident = 1, Operation = Guid.CreateVersion7(), Target = application, State = LeaseState.Starting }), default);
        }

        world.Cluster.NextReads.Enqueue(ClusterAnswerKind.Unavailable);
        var swept = await world.TakeOver.HandleAsync(default);

        Assert.False(swept.IsComplete);
        Assert.Equal([LeaseState.Starting, LeaseState.Void], world.Records.AllLeases.Select(lease => lease.State).Order());
        Assert.True((await world.TakeOver.HandleAsync(default)).IsComplete);
        Assert.All(world.Records.AllLeases, lease => Assert.Equal(LeaseState.Void, lease.State));
    }

    private static ApplicationRef Paused(World world, string name)
    {
        var application = world.Cluster.Add(name);
        world.Cluster[application] = world.Cluster[application] with
        {
            Automated = ModelApplication.Off,
            Mark = new OverrideMark(42, Guid.CreateVersion7(world.Now), world.Now.AddMinutes(20), Some.Before, "chatops:on-call"),
        };
        return application;
    }
}
