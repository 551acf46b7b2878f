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
    private const string Project = $"{OwnerWorld.Argo}/appprojects/shop";
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
    public Task Of_a_set_that_ignores_nothing() => HoldsAsync("search", PauseMechanism.Window, "tools takes a pause back within half a second", then: OwnerActs);

    [StoryFact]
    public Task Of_a_set_that_ignores_it_for_another() => HoldsAsync("search", PauseMechanism.Window, "tools takes a pause back within half a second", Ignoring("""{"name":"find","jsonPointers":["/spec/syncPolicy/automated/enabled"]}"""), OwnerActs);

    [StoryFact]
    public Task Of_a_set_that_rolls_out() => HoldsAsync("search", PauseMechanism.Window, "RollingSync", world =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", """{"spec":{"strategy":{"type":"RollingSync","rollingSync":{"steps":[{"matchExpressions":[]}]}}}}"""), CommitOfTheirsAsync);

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
    public Task Of_a_parent_that_replaces() => HoldsAsync("reports", PauseMechanism.Window, "platform replaces it whole", With("Replace=true"), ParentActs);

    [StoryFact]
    public Task Of_a_parent_whose_Git_sets_the_field() => HoldsAsync("reports", PauseMechanism.Window, "platform sets /spec/syncPolicy/automated/enabled", world => CommitAsync(world, EnabledInGit), world => CommitAsync(world, EnabledInGit, "    retry:\n      limit: 3\n"));

    [StoryFact]
    public Task Of_a_set_in_a_project_whose_windows_somebody_else_writes() => IsRefusedAsync("search", "the project is applied by Flux Kustomization projects", world =>
        world.Shop.AdminPatchesAsync(Project, """{"metadata":{"labels":{"kustomize.toolkit.fluxcd.io/name":"projects"}}}"""));

    [StoryFact]
    public Task Of_a_set_whose_name_a_window_would_find_twice() => IsRefusedAsync("search", "team-b/search has that name", async world =>
    {
        await world.Shop.AdminPatchesAsync(Project, """{"spec":{"sourceNamespaces":["team-*"]}}""");
        await world.Shop.AdminCreatesAsync("/api/v1/namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"team-b"}}""");
        await world.Shop.AdminCreatesAsync("/apis/argoproj.io/v1alpha1/namespaces/team-b/applications", """{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"search","namespace":"team-b"},"spec":{"project":"shop","source":{"repoURL":"https://git.example.com/shop/deploy.git","path":"search","targetRevision":"main"},"destination":{"server":"https://kubernetes.default.svc","namespace":"team-b"}}}""");
    });

    /// <summary>Nobody resumes, and the bot does nothing either: Argo CD's own clock ends it, not before the moment that people were told.</summary>
    [StoryFact]
    public async Task Of_a_set_until_its_window_ends_by_itself()
    {
        await using var world = await ArrangeAsync(null);
        var (running, lease) = world.Begin(await world.FactsAsync("search"));
        Assert.Equal(ClusterAnswerKind.Ok, (await world.PauseAsync(running)).Kind);
        await world.FixByHandAsync("search");

        await world.PassAsync(lease.Deadline - world.Time.GetUtcNow());
        Assert.Equal("1", await CacheAsync());
        await world.PassAsync(TimeSpan.FromSeconds(66) + LongestResync);

        Assert.Equal("60", await CacheAsync());
        Assert.Equal(ClusterAnswer.Ok, await world.EndAsync(lease));
        Assert.Null((await world.ReadAsync("appprojects", "shop"))["spec"]!["syncWindows"]);

        async Task<string?> CacheAsync() => (string?)(await world.Shop.FindAsync("/api/v1/namespaces/shop/configmaps/search"))!["data"]!["CACHE_SECONDS"];
    }

    private static readonly TimeSpan LongestResync = TimeSpan.FromMinutes(4);

    private async Task HoldsAsync(string name, PauseMechanism mechanism, string because, Func<OwnerWorld, Task>? given = null, Func<OwnerWorld, Task>? then = null)
    {
        await using var world = await ArrangeAsync(given);
        var before = await world.ReadAsync("applications", name);
        var facts = await world.FactsAsync(name);
        Assert.Null(PausePlan.Obstacle(facts));
        Assert.Equal(mechanism, WindowWay.Of(facts).Mechanism);
        Assert.Contains(because, WindowWay.Of(facts).Because, StringComparison.Ordinal);
        var project = Spec(await world.ReadAsync("appprojects", "shop"));
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
        Assert.Equal(project, Spec(await world.ReadAsync("appprojects", "shop")));
        Assert.Equal(ClusterAnswer.Ok, await world.EndAsync(lease));
        Assert.Equal(project, Spec(await world.ReadAsync("appprojects", "shop")));
        if (mechanism != PauseMechanism.Window)
        {
            // The end of a window may have come to a crash before Argo CD was told, so it is told again.
            Assert.Equal((string?)after["metadata"]!["resourceVersion"], (string?)(await world.ReadAsync("applications", name))["metadata"]!["resourceVersion"]);
        }
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

    private static string Spec(JsonObject project) => project["spec"]!.ToJsonString();

    private static Func<OwnerWorld, Task> Ignoring(string entry) => world =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", $$$"""{"spec":{"ignoreApplicationDifferences":[{{{entry}}}]}}""");

    private static Func<OwnerWorld, Task> With(string option) => world =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Parent}", $$$$"""{"spec":{"syncPolicy":{"syncOptions":["{{{{option}}}}"]}}}""");

    private static Task OwnerActs(OwnerWorld world) =>
        world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/{Set}", """{"spec":{"template":{"spec":{"syncPolicy":{"retry":{"limit":3}}}}}}""");

    /// <summary>Such a set deploys new revisions by operations of its own, whatever the application's policy says.</summary>
    private static async Task CommitOfTheirsAsync(OwnerWorld world)
    {
        var file = new Dictionary<string, string?> { ["search/index.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: search-index\n  namespace: shop\ndata:\n  SHARDS: \"3\"\n" };
        await world.Shop.Repository.CommitAsync("main", "search: an index", file, CancellationToken.None);
        await world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/applications/search", """{"metadata":{"annotations":{"argocd.argoproj.io/refresh":"normal"}}}""");
        await world.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("blocked by sync window", (string?)(await world.ReadAsync("applications", "search"))["status"]!["operationState"]!["message"], StringComparison.Ordinal);
    }

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
