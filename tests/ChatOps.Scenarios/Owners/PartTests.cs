using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Owners;

/// <summary>
/// A pause of only some of an application: hand changes there stand through self-heal and through new commits, everything
/// else is put back as ever, and its end leaves everything as it was. On a simulated and on a real API server.
/// </summary>
public abstract class PartTests(Func<TimeProvider, Task<ShopCluster>> shop)
{
    private const string App = $"{OwnerWorld.Argo}/applications/checkout";
    private const string Deployment = "/apis/apps/v1/namespaces/shop/deployments/checkout";

    [StoryFact]
    public Task Of_a_resource() => HoldsAsync("configmap/checkout", """{"spec":{}}""");

    [StoryFact]
    public Task Of_one_field_where_other_rules_and_options_are() => HoldsAsync("configmap/checkout:/data/PAYMENT_MODE", """{"spec":{"ignoreDifferences":[{"group":"apps","kind":"Deployment","jqPathExpressions":[".spec.strategy"]}],"syncPolicy":{"syncOptions":["PruneLast=true"]}}}""");

    [StoryFact]
    public Task Of_a_set() => IsRefusedAsync("search", "within half a second");

    [StoryFact]
    public Task Of_a_parent() => IsRefusedAsync("reports", "app of apps");

    private async Task HoldsAsync(string only, string given)
    {
        await using var world = await OwnerWorld.StartAsync(shop);
        await world.Shop.AdminPatchesAsync(App, given);
        await world.PassAsync(TimeSpan.FromMinutes(5));
        var before = (await world.ReadAsync("applications", "checkout"))["spec"]!;
        var facts = await world.FactsAsync("checkout");
        var (resources, refusal) = OnlyPlan.Understand([only], facts);
        Assert.Null(refusal ?? OnlyPlan.Obstacle(facts, resources!));
        var (running, lease) = world.Begin(OnlyPlan.Of(facts, resources!, "1"));

        Assert.Equal(ClusterAnswerKind.Ok, (await world.DoAsync(running)).Kind);
        await world.PassAsync(TimeSpan.FromSeconds(3));
        Assert.IsType<Holding.Proved>(Holding.Judge(lease, await world.FactsAsync("checkout"), world.Time.GetUtcNow()));

        await world.Shop.AdminPatchesAsync(ShopCluster.CheckoutConfig, """{"data":{"PAYMENT_MODE":"by-hand"}}""");
        await world.Shop.AdminPatchesAsync(Deployment, """{"spec":{"replicas":5}}""");
        await world.PassAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(("by-hand", 2), await SeenAsync(world));

        await CommitAsync(world, "commit", 3);
        Assert.Equal(("by-hand", 3), await SeenAsync(world));
        facts = await world.FactsAsync("checkout");
        Assert.Equal(SyncState.Synced, facts.Sync);
        Assert.IsType<Holding.Proved>(Holding.Judge(lease.Seen(Hold.Holding, world.Time.GetUtcNow()), facts, world.Time.GetUtcNow()));
        Assert.Null(Holding.Slipped(lease, facts));

        Assert.Equal(ClusterAnswer.Ok, await world.EndAsync(lease));
        await world.PassAsync(TimeSpan.FromMinutes(6));
        var after = await world.ReadAsync("applications", "checkout");
        Assert.True(JsonNode.DeepEquals(before, after["spec"]), after["spec"]!.ToJsonString());
        Assert.DoesNotContain("chatops.dev", after["metadata"]!["annotations"]?.ToJsonString() ?? "", StringComparison.Ordinal);
        Assert.Equal(("commit", 3), await SeenAsync(world));
        Assert.Equal(ClusterAnswer.Ok, await world.EndAsync(lease));
    }

    private async Task IsRefusedAsync(string name, string because)
    {
        await using var world = await OwnerWorld.StartAsync(shop);
        await world.PassAsync(TimeSpan.FromMinutes(5));
        var facts = await world.FactsAsync(name);

        var refusal = OnlyPlan.Obstacle(facts, OnlyPlan.Understand([$"configmap/{name}"], facts).Resources!);

        Assert.Contains(because, refusal!.Why.ToString(), StringComparison.Ordinal);
        Assert.Contains($"pause {name} for", refusal.Instead.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(string? Mode, int Replicas)> SeenAsync(OwnerWorld world) => (
        (string?)(await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!["data"]!["PAYMENT_MODE"],
        (int)(await world.Shop.FindAsync(Deployment))!["spec"]!["replicas"]!);

    private static async Task CommitAsync(OwnerWorld world, string mode, int replicas)
    {
        var manifests = $$"""
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: checkout
            data:
              PAYMENT_MODE: {{mode}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: checkout
              labels:
                app: checkout
            spec:
              replicas: {{replicas}}
              selector:
                matchLabels:
                  app: checkout
              template:
                metadata:
                  labels:
                    app: checkout
                spec:
                  containers:
                    - name: web
                      image: registry.example.com/checkout:1

            """;
        await world.Shop.Repository.CommitAsync("main", "checkout, changed", new Dictionary<string, string?> { ["checkout/app.yaml"] = manifests }, CancellationToken.None);
        await world.Shop.AdminPatchesAsync(App, """{"metadata":{"annotations":{"argocd.argoproj.io/refresh":"normal"}}}""");
        await world.PassAsync(TimeSpan.FromMinutes(6));
    }
}

public sealed class PartOnASimulatedCluster() : PartTests(SimulatedShopCluster.StartByHandAsync);

[OnARealCluster]
[Collection(RealShopOfOwners.Name)]
public sealed class PartOnARealCluster(RealShopServer real) : PartTests(real.StartShopByHandAsync);
