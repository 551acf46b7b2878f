using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Owners;

/// <summary>
/// For every kind of owner: a pause, a rollback and a switch to a branch are done and hold through whatever the owner does
/// next, and their end leaves everything as it was; or they are refused with the reason. Each on a simulated and on a real
/// API server, with the same controller.
/// </summary>
public abstract class OwnershipTests(Func<TimeProvider, Task<ShopCluster>> shop)
{
    private const string Project = $"{OwnerWorld.Argo}/appprojects/shop";
    private const string Fix = "fix/tuned";
    private static readonly TimeSpan LongestResync = TimeSpan.FromMinutes(4);

    public static TheoryData<string> Owners => [.. OwnerCases.All.Keys];

    [StoryTheory]
    [MemberData(nameof(Owners))]
    public async Task A_pause(string owner)
    {
        var of = OwnerCases.All[owner];
        await using var world = await ArrangeAsync(of.Given);
        var facts = await FactsAsync(world, of);
        Assert.Null(PausePlan.Obstacle(facts));
        IsMade(of.Pause, WindowWay.Of(facts));

        await HoldsAsync(world, of, PausePlan.Of(facts, "1"), () => world.FixByHandAsync(of.Application), () => world.LiveAsync(of.Application, "BY_HAND"), "yes");
    }

    [StoryTheory]
    [MemberData(nameof(Owners))]
    public async Task A_rollback(string owner)
    {
        var of = OwnerCases.All[owner];
        await using var world = await ArrangeAsync(of.Given);
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

    [StoryTheory]
    [MemberData(nameof(Owners))]
    public async Task A_switch_to_a_branch(string owner)
    {
        var of = OwnerCases.All[owner];
        await using var world = await ArrangeAsync(of.Given);
        await TuneAsync(world, of, "main", "1");
        var commit = await TuneAsync(world, of, Fix, "2");
        var facts = await world.FactsAsync(of.Application);
        Assert.Null(BranchPlan.Obstacle(facts, null));
        IsMade(of.Branch, WindowWay.OfBranch(facts));
        var plan = BranchPlan.Of(facts, SampleShop.RepoUrl, Fix, new(commit, new("Dana Dev", "tuned", null)), null, "1");

        await HoldsAsync(world, of, plan, () => Task.CompletedTask, () => world.LiveAsync(of.Application, "TUNED"), "2");

        Assert.Equal("1", await world.LiveAsync(of.Application, "TUNED"));
    }

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
        var (running, lease) = world.Begin(PausePlan.Of(await world.FactsAsync("search"), "1"));
        Assert.Equal(ClusterAnswerKind.Ok, (await world.DoAsync(running)).Kind);
        await world.FixByHandAsync("search");

        await world.PassAsync(lease.Deadline - world.Time.GetUtcNow());
        Assert.Equal("1", await CacheAsync());
        await world.PassAsync(TimeSpan.FromSeconds(66) + LongestResync);

        Assert.Equal("60", await CacheAsync());
        Assert.Equal(ClusterAnswer.Ok, await world.EndAsync(lease));
        Assert.Null((await world.ReadAsync("appprojects", "shop"))["spec"]!["syncWindows"]);

        Task<string?> CacheAsync() => world.LiveAsync("search", "CACHE_SECONDS");
    }

    private static void IsMade(Way expected, PauseWay way)
    {
        Assert.Equal(expected.Mechanism, way.Mechanism);
        Assert.Contains(expected.Because, way.Because, StringComparison.Ordinal);
    }

    /// <param name="act">What people do once it holds.</param>
    /// <param name="live">What then is live, and stays.</param>
    private static async Task HoldsAsync(OwnerWorld world, OwnerCase of, Plan plan, Func<Task> act, Func<Task<string?>> live, string stays)
    {
        var before = await world.ReadAsync("applications", of.Application);
        var (project, set) = (Spec(await world.ReadAsync("appprojects", "shop")), await IgnoredAsync(world));
        var (running, lease) = world.Begin(plan);

        var answer = await world.DoAsync(running);
        Assert.True(answer.IsOk, answer.Sentence);
        await world.PassAsync(TimeSpan.FromSeconds(3));
        Assert.IsType<Holding.Proved>(Holding.Judge(lease, await world.FactsAsync(of.Application), world.Time.GetUtcNow()));
        await act();
        await world.PassAsync(TimeSpan.FromMinutes(5));
        await (of.Then?.Invoke(world) ?? Task.CompletedTask);
        await world.PassAsync(TimeSpan.FromMinutes(5));

        Assert.IsType<Holding.Proved>(Holding.Judge(lease.Seen(Hold.Holding, world.Time.GetUtcNow()), await world.FactsAsync(of.Application), world.Time.GetUtcNow()));
        Assert.Equal(stays, await live());

        Assert.Equal(ClusterAnswer.Ok, await world.EndAsync(lease));
        await world.PassAsync(LongestResync);
        var after = await world.ReadAsync("applications", of.Application);
        Assert.Equal(Comparable(before), Comparable(after));
        Assert.Equal("Synced", (string?)after["status"]!["sync"]!["status"]);
        Assert.Equal((project, set), (Spec(await world.ReadAsync("appprojects", "shop")), await IgnoredAsync(world)));
        Assert.True((await world.EndAsync(lease)).IsOk);
        Assert.Equal((project, set), (Spec(await world.ReadAsync("appprojects", "shop")), await IgnoredAsync(world)));
        if (lease.WindowIn is null)
        {
            // The end of a window may have come to a crash before Argo CD was told, so it is told again.
            Assert.Equal((string?)after["metadata"]!["resourceVersion"], (string?)(await world.ReadAsync("applications", of.Application))["metadata"]!["resourceVersion"]);
        }
    }

    /// <summary>As the product decides about the set that made it, where the rule lets it be edited.</summary>
    private static async Task<ApplicationFacts> FactsAsync(OwnerWorld world, OwnerCase of) => await SetWay.UnderAsync(
        new RuleConfiguration { Name = "pause-shop", MayAddIgnoreApplicationDifferences = of.MayEditSet }, world.Reconciler, await world.FactsAsync(of.Application), [], CancellationToken.None);

    private static async Task<string> IgnoredAsync(OwnerWorld world) =>
        (await world.ReadAsync("applicationsets", "tools"))["spec"]!["ignoreApplicationDifferences"]?.ToJsonString() ?? "none";

    /// <summary>A commit that changes one setting, and time in which it is deployed if it is followed.</summary>
    private static async Task<string> TuneAsync(OwnerWorld world, OwnerCase of, string branch, string value)
    {
        var file = $"{of.Application.Split('/')[^1]}/app.yaml";
        var text = await world.Shop.Repository.ReadAsync("main", file, CancellationToken.None);
        var lines = text.Split('\n').Where(line => !line.Contains("TUNED", StringComparison.Ordinal)).ToList();
        lines.Insert(lines.IndexOf("data:") + 1, $"  TUNED: \"{value}\"");
        var commit = await world.Shop.Repository.CommitAsync(branch, $"{of.Application}: tuned to {value}", new Dictionary<string, string?> { [file] = string.Join('\n', lines) }, CancellationToken.None);
        await world.PassAsync(TimeSpan.FromMinutes(5));
        return commit;
    }

    private async Task IsRefusedAsync(string name, string because, Func<OwnerWorld, Task>? given = null)
    {
        await using var world = await ArrangeAsync(given);

        var facts = await world.FactsAsync(name);

        Assert.All([PausePlan.Obstacle(facts), RollbackPlan.Obstacle(facts), BranchPlan.Obstacle(facts, null)], refusal =>
        {
            Assert.Contains(because, refusal!.Why.ToString(), StringComparison.Ordinal);
            Assert.NotEqual("", refusal.Instead.ToString());
        });
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
}

public sealed class OwnershipOnASimulatedCluster() : OwnershipTests(SimulatedShopCluster.StartByHandAsync);

[OnARealCluster]
[Collection(RealShopOfOwners.Name)]
public sealed class OwnershipOnARealCluster(RealShopServer real) : OwnershipTests(real.StartShopByHandAsync);
