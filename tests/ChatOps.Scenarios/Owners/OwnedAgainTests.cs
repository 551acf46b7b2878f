using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Owners;

/// <summary>Pauses that held until their owner changed its mind: seen as taken back, by whom, and nothing of ours is left.</summary>
public abstract class OwnedAgainTests(Func<TimeProvider, Task<ShopCluster>> shop) : OwnershipTests(shop)
{
    public static TheoryData<string> TakenBack => [.. OwnerCases.TakenBack.Keys];

    [StoryTheory]
    [MemberData(nameof(TakenBack))]
    public async Task By(string owner)
    {
        var (of, by) = OwnerCases.TakenBack[owner];
        await using var world = await ArrangeAsync(of.Given, of.Application);
        var facts = await FactsAsync(world, of);
        IsMade(of.Pause, WindowWay.Of(facts));
        var (running, lease) = world.Begin(PausePlan.Of(facts, "1"));
        Assert.True((await world.DoAsync(running)).IsOk);
        await world.PassAsync(TimeSpan.FromSeconds(3));
        Assert.IsType<Holding.Proved>(Holding.Judge(lease, await world.FactsAsync(of.Application), world.Time.GetUtcNow()));
        await world.FixByHandAsync(of.Application);

        await of.Then!(world);
        await world.PassAsync(TimeSpan.FromMinutes(5));

        var taken = Assert.IsType<Holding.Taken>(Holding.Judge(lease.Seen(Hold.Holding, world.Time.GetUtcNow()), await world.FactsAsync(of.Application), world.Time.GetUtcNow()));
        Assert.Equal(Hold.Reverted, taken.Left);
        Assert.Contains(by, taken.By, StringComparison.Ordinal);
        Assert.NotEqual("1", await world.LiveAsync(of.Application, "CACHE_SECONDS"));
        var end = await world.EndAsync(lease);
        Assert.True(end.IsOk || end.Kind == ClusterAnswerKind.Moved, end.Sentence);
        await world.PassAsync(LongestResync);
        var after = await world.ReadAsync("applications", of.Application);
        Assert.NotEqual("false", after["spec"]!["syncPolicy"]!["automated"]!["enabled"]?.ToJsonString());
        Assert.DoesNotContain((after["metadata"]!["annotations"] as JsonObject ?? []).Select(annotation => annotation.Key), Annotations.Ours.Contains);
        Assert.Null((await world.ReadAsync("applicationsets", "tools"))["spec"]!["ignoreApplicationDifferences"]);
    }

    /// <summary>The set deletes what its generator names no more, 0.2 s after the change; its window must not wait for the next of that name.</summary>
    [StoryFact]
    public async Task Not_what_a_generator_dropped()
    {
        await using var world = await ArrangeAsync(null);
        var (running, lease) = world.Begin(PausePlan.Of(await world.FactsAsync("search"), "1"));
        Assert.True((await world.DoAsync(running)).IsOk);
        await world.PassAsync(TimeSpan.FromSeconds(3));
        Assert.NotNull((await world.ReadAsync("appprojects", "shop"))["spec"]!["syncWindows"]);

        await world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/applicationsets/tools", """{"spec":{"generators":[{"list":{"elements":[]}}]}}""");
        await world.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(ClusterAnswerKind.Gone, (await world.Reconciler.InspectAsync(lease.Target, CancellationToken.None)).Answer.Kind);
        Assert.Equal(ClusterAnswerKind.Gone, (await world.EndAsync(lease)).Kind);
        Assert.Null((await world.ReadAsync("appprojects", "shop"))["spec"]!["syncWindows"]);
    }
}

public sealed class OwnedAgainOnASimulatedCluster() : OwnedAgainTests(SimulatedShopCluster.StartByHandAsync);

[OnARealCluster]
[Collection(RealShopOfOwners.Name)]
public sealed class OwnedAgainOnARealCluster(RealShopServer real) : OwnedAgainTests(real.StartShopByHandAsync);
