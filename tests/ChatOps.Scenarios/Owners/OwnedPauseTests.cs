using ChatOps.Core.Leases;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Reconciliation;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Owners;

/// <summary>Pauses of what somebody owns.</summary>
public abstract class OwnedPauseTests(Func<TimeProvider, Task<ShopCluster>> shop) : OwnershipTests(shop)
{
    private const string Project = $"{OwnerWorld.Argo}/appprojects/shop";

    [StoryTheory]
    [MemberData(nameof(Owners))]
    public async Task A_pause(string owner)
    {
        var of = OwnerCases.All[owner];
        await using var world = await ArrangeAsync(of.Given, of.Application);
        var facts = await FactsAsync(world, of);
        Assert.Null(PausePlan.Obstacle(facts));
        IsMade(of.Pause, WindowWay.Of(facts));

        await HoldsAsync(world, of, PausePlan.Of(facts, "1"), () => world.FixByHandAsync(of.Application), () => world.LiveAsync(of.Application, "BY_HAND"), "yes");
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

    /// <summary>What a parent compares whenever the child changes proves nothing; a whole comparison that it begins later and that finds nothing does.</summary>
    [StoryFact]
    public async Task Of_a_parents_until_it_has_looked_and_left_it_alone()
    {
        await using var world = await ArrangeAsync(null, "reports");
        var (running, lease) = world.Begin(PausePlan.Of(await world.FactsAsync("reports"), "1"));
        Assert.True((await world.DoAsync(running)).IsOk);
        await world.PassAsync(TimeSpan.FromSeconds(3));
        Assert.Null(await LookedAsync());

        await world.PassAsync(TimeSpan.FromMinutes(30)); // until the controller's clock has passed that of a real API server
        Assert.NotNull(await LookedAsync());

        // A parent that has compared, finds a difference and does nothing about it has not left it alone for good.
        await world.Shop.AdminPatchesAsync($"{OwnerWorld.Argo}/applications/platform", """{"spec":{"syncPolicy":{"automated":null}}}""");
        await OwnerCases.TakenBack["a parent whose Git begins to set the field"].Case.Then!(world);
        await world.PassAsync(TimeSpan.FromMinutes(5));
        Assert.IsType<Holding.Proved>(Holding.Judge(lease.Seen(Hold.Holding, world.Time.GetUtcNow()), await world.FactsAsync("reports"), world.Time.GetUtcNow()));
        Assert.Null(await LookedAsync());

        async Task<DateTimeOffset?> LookedAsync() => Holding.OwnerLookedAt(lease, await world.FactsAsync("reports"));
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
}

public sealed class OwnedPauseOnASimulatedCluster() : OwnedPauseTests(SimulatedShopCluster.StartByHandAsync);

[OnARealCluster]
[Collection(RealShopOfOwners.Name)]
public sealed class OwnedPauseOnARealCluster(RealShopServer real) : OwnedPauseTests(real.StartShopByHandAsync);
