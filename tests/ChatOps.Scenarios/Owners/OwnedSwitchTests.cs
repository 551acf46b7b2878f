using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Owners;

/// <summary>Switches to a branch of what somebody owns.</summary>
public abstract class OwnedSwitchTests(Func<TimeProvider, Task<ShopCluster>> shop) : OwnershipTests(shop)
{
    private const string Fix = "fix/tuned";

    [StoryTheory]
    [MemberData(nameof(Owners))]
    public async Task A_switch_to_a_branch(string owner)
    {
        var of = OwnerCases.All[owner];
        await using var world = await ArrangeAsync(of.Given, of.Application);
        await TuneAsync(world, of, "main", "1");
        var commit = await TuneAsync(world, of, Fix, "2");
        var facts = await world.FactsAsync(of.Application);
        Assert.Null(BranchPlan.Obstacle(facts, null));
        IsMade(of.Branch, WindowWay.OfBranch(facts));
        var plan = BranchPlan.Of(facts, SampleShop.RepoUrl, Fix, new(commit, new("Dana Dev", "tuned", null)), null, "1");

        await HoldsAsync(world, of, plan, () => Task.CompletedTask, () => world.LiveAsync(of.Application, "TUNED"), "2");

        Assert.Equal("1", await world.LiveAsync(of.Application, "TUNED"));
    }
}

public sealed class OwnedSwitchOnASimulatedCluster() : OwnedSwitchTests(SimulatedShopCluster.StartByHandAsync);

[OnARealCluster]
[Collection(RealShopOfSwitches.Name)]
public sealed class OwnedSwitchOnARealCluster(RealShopServer real) : OwnedSwitchTests(real.StartShopByHandAsync);
