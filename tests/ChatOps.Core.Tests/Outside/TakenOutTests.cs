using ChatOps.Core.Alerts;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Outside;

/// <summary>Auto-sync that was taken out names nobody. Where the owner puts it back by itself it has its time; where it does not, it is said at once.</summary>
public class TakenOutTests
{
    [Theory]
    [InlineData(OwnerKind.None)]
    [InlineData(OwnerKind.Set)]
    [InlineData(OwnerKind.Parent)]
    [InlineData(OwnerKind.Other)]
    public async Task What_its_owner_does_not_put_back_is_said_at_once(OwnerKind owner)
    {
        var (world, shop) = await WithShopAsync(owner, OwnersWord.None);

        TakeOut(world, shop);

        Assert.True(await world.LookOutside.HandleAsync(shop, default));
        var alert = Assert.Single(await world.Records.AlertsAsync(onlyLive: true, default));
        Assert.Equal(("auto-sync is off", "somebody (the cluster does not say who)"), (alert.Summary, alert.Override!.Hand));
    }

    [Fact]
    public async Task What_its_owner_puts_back_before_long_is_never_said()
    {
        var (world, shop) = await WithShopAsync(OwnerKind.Parent, OwnersWord.PutsItBack);
        for (var edits = 0; edits < 4; edits++)
        {
            TakeOut(world, shop);
            Assert.False(await world.LookOutside.HandleAsync(shop, default)); // it is to be looked at again
            world.Time.Advance(TimeSpan.FromSeconds(54));
            Assert.False(await world.LookOutside.HandleAsync(shop, default));
            PutBack(world, shop);
            Assert.True(await world.LookOutside.HandleAsync(shop, default));
        }

        Assert.Empty(await world.Records.AlertsAsync(onlyLive: false, default));
    }

    [Fact]
    public async Task What_its_owner_should_have_put_back_and_did_not_is_said_with_when_it_was_seen_first()
    {
        var (world, shop) = await WithShopAsync(OwnerKind.Set, OwnersWord.PutsItBack);
        TakeOut(world, shop);
        var first = world.Now;
        for (var seconds = 0; seconds < 60; seconds += 15)
        {
            Assert.False(await world.LookOutside.HandleAsync(shop, default));
            world.Time.Advance(TimeSpan.FromSeconds(15));
        }

        Assert.True(await world.LookOutside.HandleAsync(shop, default));
        Assert.True(await world.LookOutside.HandleAsync(shop, default));
        var alert = Assert.Single(await world.Records.AlertsAsync(onlyLive: true, default));
        Assert.Equal((AlertState.Firing, first, world.Now), (alert.State, alert.StartedAt, alert.LearnedAt));

        PutBack(world, shop);
        Assert.True(await world.LookOutside.HandleAsync(shop, default));
        Assert.Equal(AlertState.Resolved, Assert.Single(await world.Records.AlertsAsync(onlyLive: false, default)).State);
        TakeOut(world, shop);
        Assert.False(await world.LookOutside.HandleAsync(shop, default)); // the owner has its time anew
    }

    [Fact]
    public async Task What_its_owner_took_out_is_how_it_is_from_then_on()
    {
        var (world, shop) = await WithShopAsync(OwnerKind.Parent, OwnersWord.WithoutIt);
        TakeOut(world, shop);

        Assert.True(await world.LookOutside.HandleAsync(shop, default));

        Assert.Empty(await world.Records.AlertsAsync(onlyLive: false, default));
        Assert.False((await world.Records.FindBaselineAsync(shop, default))!.AutoSyncOn);
    }

    private static async Task<(World World, ApplicationRef Shop)> WithShopAsync(OwnerKind owner, OwnersWord word)
    {
        var world = new World();
        var shop = world.Cluster.Add("shop-c");
        world.Cluster.Seen = facts => facts with { Owner = new(owner, "platform"), OwnerOfAutomated = word };
        Assert.True(await world.LookOutside.HandleAsync(shop, default));
        return (world, shop);
    }

    private static void TakeOut(World world, ApplicationRef application) => world.Cluster[application] = world.Cluster[application] with { Automated = null };

    private static void PutBack(World world, ApplicationRef application) => world.Cluster[application] = world.Cluster[application] with { Automated = ModelApplication.Before };
}
