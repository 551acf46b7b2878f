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
