using ChatOps.Platform.Signals;
using ChatOps.Sandbox.World;

namespace ChatOps.Sandbox.Tests.World;

/// <summary>The shop's monitoring, asked as the product asks, with the queries that it is configured with.</summary>
public sealed class ShopMetricsTests
{
    private static readonly string[] Serving = ["checkout", "payments", "catalogue", "search", "reports"];

    [Fact]
    public async Task Every_application_that_serves_somebody_is_measured_and_its_trouble_shows_and_goes()
    {
        await using var world = await ArgoCd.World.StartAsync();
        await using var metrics = await ShopMetrics.StartAsync(world.Shop, world.Time, CancellationToken.None);

        Assert.Equal("checkout 38..43, payments 0.1, catalogue 0.1, search 0.1, reports 0.1", await AllAsync(metrics, world.Time));
        Assert.Null(await NowAsync(metrics, world.Time, "platform"));

        Assert.True(await ShopTrouble.MakeAsync(world.Shop, "bad-image", CancellationToken.None));
        await world.PauseAsync();
        await world.PassAsync(TimeSpan.FromSeconds(1));
        await world.Shop.HandFixAsync(CancellationToken.None);
        await world.PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("checkout 0.2, payments 97, catalogue 0.1, search 0.1, reports 0.1", await AllAsync(metrics, world.Time));

        Assert.True(await ShopTrouble.MakeAsync(world.Shop, "mend", CancellationToken.None));
        await world.PatchAsync("/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/checkout", """[{"op":"remove","path":"/spec/syncPolicy/automated/enabled"}]""");
        await world.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("checkout 38..43, payments 0.1, catalogue 0.1, search 0.1, reports 0.1", await AllAsync(metrics, world.Time));
    }

    private static async Task<string> AllAsync(ShopMetrics metrics, TimeProvider time)
    {
        var all = new List<string>();
        foreach (var application in Serving)
        {
            var now = await NowAsync(metrics, time, application);
            all.Add(now is >= 38 and < 43 ? $"{application} 38..43" : FormattableString.Invariant($"{application} {now}"));
        }

        return string.Join(", ", all);
    }

    private static async Task<double?> NowAsync(ShopMetrics metrics, TimeProvider time, string application)
    {
        var query = metrics.Settings()["Signals:Applications:0:Queries:0:Query"]!.Replace("$application", application, StringComparison.Ordinal);
        using var prometheus = new PrometheusClient(new SignalsOptions { PrometheusUrl = metrics.Settings()["Signals:PrometheusUrl"]! }, TimeProvider.System);
        var series = await prometheus.AskAsync(query, time.GetUtcNow(), time.GetUtcNow(), TimeSpan.FromSeconds(1), CancellationToken.None);
        return series.Points is [.., var last] ? last.Value : null;
    }
}
