using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Owners;

/// <summary>Rollbacks of what somebody owns.</summary>
public abstract class OwnedRollbackTests(Func<TimeProvider, Task<ShopCluster>> shop) : OwnershipTests(shop)
{
    [StoryTheory]
    [MemberData(nameof(Owners))]
    public async Task A_rollback(string owner)
    {
        var of = OwnerCases.All[owner];
        await using var world = await ArrangeAsync(of.Given, of.Application);
        await TuneAsync(world, of, "main", "1");
        await TuneAsync(world, of, "main", "2");
        Assert.Equal("2", await world.LiveAsync(of.Application, "TUNED"));
        var facts = await FactsAsync(world, of);
        Assert.Null(RollbackPlan.Obstacle(facts));
        IsMade(of.Pause, WindowWay.Of(facts));
        var (entry, _) = RollbackPlan.Entry(null, facts);

        await HoldsAsync(world, of, RollbackPlan.Of(facts, entry!, "1"), () => Task.CompletedTask, () => world.LiveAsync(of.Application, "TUNED"), "1");

        Assert.Equal("2", await world.LiveAsync(of.Application, "TUNED"));
    }
}

public sealed class OwnedRollbackOnASimulatedCluster() : OwnedRollbackTests(SimulatedShopCluster.StartByHandAsync);

[OnARealCluster]
[Collection(RealShopOfRollbacks.Name)]
public sealed class OwnedRollbackOnARealCluster(RealShopServer real) : OwnedRollbackTests(real.StartShopByHandAsync);
