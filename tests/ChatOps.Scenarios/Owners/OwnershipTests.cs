using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Owners;

/// <summary>
/// For every kind of owner: a pause is done and holds through whatever the owner does next, and its end leaves everything
/// as it was; or it is refused with the reason. Each on a simulated and on a real API server, with the same controller.
/// </summary>
public abstract class OwnershipTests(Func<TimeProvider, Task<ShopCluster>> shop)
{
    private const string Set = "applicationsets/tools";
    private const string Parent = "applications/platform";
    private const string EnabledInGit = "      enabled: true\n";

    [StoryFact]
    public Task Nobodys() => HoldsAsync("checkout", PauseMechanism.SwitchOff, "no ApplicationSet and no parent");

    [StoryFact]
    public Task Nobodys_with_several_sources() => HoldsAsync("payments", PauseMechanism.SwitchOff, "no ApplicationSet and no parent", world =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/applications/payments", """{"spec":{"source":null,"sources":[{"repoURL":"https://git.example.com/shop/deploy.git","path":"payments","targetRevision":"main"},{"repoURL":"https://git.example.com/shop/deploy.git","targetRevision":"main","ref":"values"}]}}"""));

    [StoryFact]
    public Task Of_a_set_that_ignores_the_field() => HoldsAsync("search", PauseMechanism.SwitchOff, "leaves this field alone", Ignoring("""{"jsonPointers":["/spec/syncPolicy/automated/enabled"]}"""), OwnerActs);

    [StoryFact]
    public Task Of_a_set_that_ignores_the_block() => HoldsAsync("search", PauseMechanism.SwitchOff, "leaves this field alone", Ignoring("""{"jsonPointers":["/spec/syncPolicy/automated"]}"""), OwnerActs);

    [StoryFact]
    public Task Of_a_set_that_ignores_it_by_name() => HoldsAsync("search", PauseMechanism.SwitchOff, "leaves this field alone", Ignoring("""{"name":"search","jsonPointers":["/spec/syncPolicy/automated/enabled"]}"""), OwnerActs);

    [StoryFact]
    public Task Of_a_set_that_ignores_it_by_jq() => HoldsAsync("search", PauseMechanism.SwitchOff, "leaves this field alone", Ignoring("""{"jqPathExpressions":[".spec.syncPolicy.automated"]}"""), OwnerActs);

    [StoryFact]
    public Task Of_a_set_that_only_creates() => HoldsAsync("search", PauseMechanism.SwitchOff, "does not change it again", world =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", """{"spec":{"syncPolicy":{"applicationsSync":"create-only"}}}"""), OwnerActs);

    [StoryFact]
    public Task Of_a_set_that_ignores_nothing() => IsRefusedAsync("search", "tools takes a pause back within half a second");

    [StoryFact]
    public Task Of_a_set_that_ignores_it_for_another() => IsRefusedAsync("search", "tools takes a pause back within half a second", Ignoring("""{"name":"find","jsonPointers":["/spec/syncPolicy/automated/enabled"]}"""));

    [StoryFact]
    public Task Of_a_set_that_rolls_out() => IsRefusedAsync("search", "RollingSync", world =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", """{"spec":{"strategy":{"type":"RollingSync","rollingSync":{"steps":[{"matchExpressions":[]}]}}}}"""));

    [StoryFact]
    public Task Of_a_parent() => HoldsAsync("reports", PauseMechanism.SwitchOff, "does not set this field in its Git", then: ParentActs);

    [StoryFact]
    public Task Of_a_parent_that_applies_server_side() => HoldsAsync("reports", PauseMechanism.SwitchOff, "does not set this field in its Git", With("ServerSideApply=true"), ParentActs);

    [StoryFact]
    public Task Of_a_parent_that_respects_the_field() => HoldsAsync("reports", PauseMechanism.SwitchOff, "leaves this field alone", async world =>
    {
        await world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Parent}", """{"spec":{"ignoreDifferences":[{"group":"argoproj.io","kind":"Application","jsonPointers":["/spec/syncPolicy/automated/enabled"]}],"syncPolicy":{"syncOptions":["RespectIgnoreDifferences=true"]}}}""");
        await CommitAsync(world, EnabledInGit);
    }, world => CommitAsync(world, EnabledInGit, "    retry:\n      limit: 3\n"));

    [StoryFact]
    public Task Of_a_parent_that_replaces() => IsRefusedAsync("reports", "platform replaces it whole", With("Replace=true"));

    [StoryFact]
    public Task Of_a_parent_whose_Git_sets_the_field() => IsRefusedAsync("reports", "platform sets /spec/syncPolicy/automated/enabled", world => CommitAsync(world, EnabledInGit));

    private async Task HoldsAsync(string name, PauseMechanism mechanism, string because, Func<OwnerWorld, Task>? given = null, Func<OwnerWorld, Task>? then = null)
    {
        await using var world = await ArrangeAsync(given);
        var before = await world.ReadAsync("applications", name);
        var facts = await world.FactsAsync(name);
        Assert.Null(PausePlan.Obstacle(facts));
        Assert.Equal(mechanism, facts.Mechanism);
        Assert.Contains(because, facts.Way.Because, StringComparison.Ordinal);
        var (running, lease) = world.Begin(facts);

        Assert.Equal(ClusterAnswerKind.Ok, (await world.PauseAsync(running)).Kind);
        await world.PassAsync(TimeSpan.FromSeconds(3));
        Assert.IsType<Holding.Proved>(Holding.Judge(lease, await world.FactsAsync(name), world.Time.GetUtcNow()));
        await world.FixByHandAsync(name);
        await world.PassAsync(TimeSpan.FromMinutes(5));
        await (then?.Invoke(world) ?? Task.CompletedTask);
        await world.PassAsync(TimeSpan.FromMinutes(5));

        Assert.IsType<Holding.Proved>(Holding.Judge(lease.Seen(Hold.Holding, world.Time.GetUtcNow()), await world.FactsAsync(name), world.Time.GetUtcNow()));
        Assert.True(await world.IsFixedByHandAsync(name));

        Assert.Equal(ClusterAnswer.Ok, await world.EndAsync(lease));
        await world.PassAsync(TimeSpan.FromMinutes(3));
        var after = await world.ReadAsync("applications", name);
        Assert.Equal(Comparable(before), Comparable(after));
        Assert.Equal("Synced", (string?)after["status"]!["sync"]!["status"]);
        Assert.Equal(ClusterAnswer.Ok, await world.EndAsync(lease));
        Assert.Equal((string?)after["metadata"]!["resourceVersion"], (string?)(await world.ReadAsync("applications", name))["metadata"]!["resourceVersion"]);
    }

    private async Task IsRefusedAsync(string name, string because, Func<OwnerWorld, Task>? given = null)
    {
        await using var world = await ArrangeAsync(given);

        var refusal = PausePlan.Obstacle(await world.FactsAsync(name));

        Assert.Contains(because, refusal!.Why.ToString(), StringComparison.Ordinal);
        Assert.NotEqual("", refusal.Instead.ToString());
    }

    private async Task<OwnerWorld> ArrangeAsync(Func<OwnerWorld, Task>? given)
    {
        var world = await OwnerWorld.StartAsync(shop);
        await (given?.Invoke(world) ?? Task.CompletedTask);
        await world.PassAsync(TimeSpan.FromMinutes(5));
        return world;
    }

    /// <summary>All of it but what the owner changed meanwhile.</summary>
    private static string Comparable(JsonObject application)
    {
        var (spec, annotations) = ((JsonObject)application["spec"]!.DeepClone(), (application["metadata"]!["annotations"] as JsonObject)?.DeepClone() as JsonObject);
        (spec["syncPolicy"] as JsonObject)?.Remove("retry");
        annotations?.Remove("kubectl.kubernetes.io/last-applied-configuration");
        return $"{spec.ToJsonString()} {(annotations is { Count: > 0 } ? annotations.ToJsonString() : "")}";
    }

    private static Func<OwnerWorld, Task> Ignoring(string entry) => world =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", $$$"""{"spec":{"ignoreApplicationDifferences":[{{{entry}}}]}}""");

    private static Func<OwnerWorld, Task> With(string option) => world =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Parent}", $$$$"""{"spec":{"syncPolicy":{"syncOptions":["{{{{option}}}}"]}}}""");

    private static Task OwnerActs(OwnerWorld world) =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", """{"spec":{"template":{"spec":{"syncPolicy":{"retry":{"limit":3}}}}}}""");

    private static Task ParentActs(OwnerWorld world) => CommitAsync(world, "", "    retry:\n      limit: 3\n");

    private static async Task CommitAsync(OwnerWorld world, string inAutomated, string inSyncPolicy = "")
    {
        var manifest = $"""
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: reports
              namespace: argocd
            spec:
              project: shop
              source:
                repoURL: https://git.example.com/shop/deploy.git
                path: reports
                targetRevision: main
              destination:
                server: https://kubernetes.default.svc
                namespace: shop
              syncPolicy:
                automated:
                  prune: true
                  selfHeal: true
            {inAutomated}{inSyncPolicy}
            """;
        await world.Shop.Repository.CommitAsync("main", "reports, changed", new Dictionary<string, string?> { ["platform/reports.yaml"] = manifest }, CancellationToken.None);
        await world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Parent}", """{"metadata":{"annotations":{"argocd.argoproj.io/refresh":"normal"}}}""");
    }
}

public sealed class OwnershipOnASimulatedCluster() : OwnershipTests(SimulatedShopCluster.StartByHandAsync);

[OnARealCluster]
[Collection(RealShopCollection.Name)]
public sealed class OwnershipOnARealCluster(RealShopServer real) : OwnershipTests(real.StartShopByHandAsync);
