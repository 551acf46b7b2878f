using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Owners;

/// <summary>
/// For every kind of owner: a pause, a rollback and a switch to a branch are done and hold through whatever the owner does
/// next, and their end leaves everything as it was; or they are refused with the reason. Each on a simulated and on a real
/// API server, with the same controller.
/// </summary>
public abstract class OwnershipTests(Func<TimeProvider, Task<ShopCluster>> shop)
{
    private protected static readonly TimeSpan LongestResync = TimeSpan.FromMinutes(4);

    public static TheoryData<string> Owners => [.. OwnerCases.All.Keys];

    private protected static void IsMade(Way expected, PauseWay way)
    {
        Assert.Equal(expected.Mechanism, way.Mechanism);
        Assert.Contains(expected.Because, way.Because, StringComparison.Ordinal);
    }

    /// <param name="act">What people do once it holds.</param>
    /// <param name="live">What then is live, and stays.</param>
    private protected static async Task HoldsAsync(OwnerWorld world, OwnerCase of, Plan plan, Func<Task> act, Func<Task<string?>> live, string stays)
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
    private protected static async Task<ApplicationFacts> FactsAsync(OwnerWorld world, OwnerCase of) => await SetWay.UnderAsync(
        new RuleConfiguration { Name = "pause-shop", MayAddIgnoreApplicationDifferences = of.MayEditSet }, world.Reconciler, await world.FactsAsync(of.Application), [], CancellationToken.None);

    private static async Task<string> IgnoredAsync(OwnerWorld world) =>
        (await world.ReadAsync("applicationsets", "tools"))["spec"]!["ignoreApplicationDifferences"]?.ToJsonString() ?? "none";

    /// <summary>A commit that changes one setting, and time in which it is deployed if it is followed.</summary>
    private protected static async Task<string> TuneAsync(OwnerWorld world, OwnerCase of, string branch, string value)
    {
        var file = $"{of.Application.Split('/')[^1]}/app.yaml";
        var text = await world.Shop.Repository.ReadAsync("main", file, CancellationToken.None);
        var lines = text.Split('\n').Where(line => !line.Contains("TUNED", StringComparison.Ordinal)).ToList();
        lines.Insert(lines.IndexOf("data:") + 1, $"  TUNED: \"{value}\"");
        var commit = await world.Shop.Repository.CommitAsync(branch, $"{of.Application}: tuned to {value}", new Dictionary<string, string?> { [file] = string.Join('\n', lines) }, CancellationToken.None);
        await world.PassAsync(TimeSpan.FromMinutes(5));
        return commit;
    }

    private protected async Task<OwnerWorld> ArrangeAsync(Func<OwnerWorld, Task>? given, string application = "search")
    {
        var world = await OwnerWorld.StartAsync(shop);
        await world.LeaveAloneWithAsync(application);
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
