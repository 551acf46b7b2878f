using ChatOps.Core.Outside;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Owners;

/// <summary>Auto-sync that somebody took out of what somebody owns: found where its owner lets it be, and nobody's where the owner did it.</summary>
public abstract class OwnedTakenOutTests(Func<TimeProvider, Task<ShopCluster>> shop) : OwnershipTests(shop)
{
    private const string Automated = """{"automated":{"prune":true,"selfHeal":true}}""";
    private const string InManifest = "    automated:\n      prune: true\n      selfHeal: true\n";

    [StoryFact]
    public async Task Of_a_parents()
    {
        await using var world = await ArrangeAsync(null, "reports");
        var known = OutsideLook.At(null, await world.FactsAsync("reports"), []).Baseline;
        await SetPolicyAsync(world, "reports", """{"automated":null}""");
        await world.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Empty((await LookAsync()).Found); // it heals
        Assert.True((await world.FactsAsync("reports")).AutoSyncOn);

        foreach (var parent in new[] { """{"automated":{"selfHeal":false}}""", """{"automated":null}""" })
        {
            await SetPolicyAsync(world, "platform", parent);
            await SetPolicyAsync(world, "reports", """{"automated":null}""");
            await world.PassAsync(LongestResync);
            var seen = await LookAsync();
            Assert.Equal(("somebody (the cluster does not say who)", false), (Assert.Single(seen.Found).Hand, seen.AwaitsOwner));
            await SetPolicyAsync(world, "reports", Automated);
        }

        await SetPolicyAsync(world, "platform", """{"automated":{"prune":true}}""");
        var manifest = await world.Shop.Repository.ReadAsync("main", "platform/reports.yaml", CancellationToken.None);
        Assert.Contains(InManifest, manifest, StringComparison.Ordinal);
        await world.Shop.Repository.CommitAsync("main", "reports: synced by hand from now on", new Dictionary<string, string?> { ["platform/reports.yaml"] = manifest.Replace(InManifest, "    retry:\n      limit: 3\n", StringComparison.Ordinal) }, CancellationToken.None);
        await world.PassAsync(LongestResync);
        Assert.False((await world.FactsAsync("reports")).AutoSyncOn);
        Assert.Empty((await LookAsync()).Found);

        async Task<OutsideSeen> LookAsync() => OutsideLook.At(known, await world.FactsAsync("reports"), []);
    }

    [StoryFact]
    public async Task Of_a_sets()
    {
        await using var world = await ArrangeAsync(null);
        var known = OutsideLook.At(null, await world.FactsAsync("search"), []).Baseline;
        await SetPolicyAsync(world, "search", """{"automated":null}""");
        await world.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Empty(await FoundAsync());
        Assert.True((await world.FactsAsync("search")).AutoSyncOn);

        foreach (var set in new[] { """{"ignoreApplicationDifferences":[{"jsonPointers":["/spec/syncPolicy/automated"]}]}""", """{"ignoreApplicationDifferences":null,"syncPolicy":{"applicationsSync":"create-only"}}""" })
        {
            await world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/applicationsets/tools", $$"""{"spec":{{set}} }""");
            await SetPolicyAsync(world, "search", """{"automated":null}""");
            await world.PassAsync(TimeSpan.FromMinutes(1));
            Assert.Single(await FoundAsync());
        }

        await world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/applicationsets/tools", """{"spec":{"syncPolicy":null,"template":{"spec":{"syncPolicy":{"automated":null}}}}}""");
        await world.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Empty(await FoundAsync());
        Assert.False((await world.FactsAsync("search")).AutoSyncOn);

        async Task<IReadOnlyList<OutsideOverride>> FoundAsync() => OutsideLook.At(known, await world.FactsAsync("search"), []).Found;
    }

    private static Task SetPolicyAsync(OwnerWorld world, string application, string policy) =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/applications/{application}", $$"""{"spec":{"syncPolicy":{{policy}} } }""");
}

public sealed class OwnedTakenOutOnASimulatedCluster() : OwnedTakenOutTests(SimulatedShopCluster.StartByHandAsync);

[OnARealCluster]
[Collection(RealShopOfOwners.Name)]
public sealed class OwnedTakenOutOnARealCluster(RealShopServer real) : OwnedTakenOutTests(real.StartShopByHandAsync);
