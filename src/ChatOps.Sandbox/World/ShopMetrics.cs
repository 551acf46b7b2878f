using System.Collections.Concurrent;
using System.Globalization;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Slack;

namespace ChatOps.Sandbox.World;

/// <summary>
/// The shop's monitoring: how many requests fail, measured every five seconds, asked as one asks Prometheus. It knows one
/// metric, and which application a query is about; platform serves nobody, so of it there is no number.
/// </summary>
public sealed class ShopMetrics : IAsyncDisposable
{
    /// <summary>What the product asks.</summary>
    public const string Query = "max(last_over_time(shop_errors_percent{app=\"$application\"}[1m]))";
    private const int MostKept = 1000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly string[] Applications = ["checkout", "payments", "catalogue", "search", "reports"];

    private readonly ConcurrentQueue<(double At, string Application, double Percent)> measured = new();
    private readonly CancellationTokenSource stop = new();
    private readonly WebApplication app;
    private readonly Task measuring;

    private ShopMetrics(WebApplication app, SampleShop shop, TimeProvider time)
    {
        this.app = app;
        measuring = MeasureAsync(shop, time, stop.Token);
    }

    public Uri Url => new(app.Urls.First());

    public static async Task<ShopMetrics> StartAsync(SampleShop shop, TimeProvider time, CancellationToken ct)
    {
        ShopMetrics? metrics = null;
        var host = await LoopbackHost.StartAsync(map => map.MapPost("/api/v1/query_range", (HttpContext http) => metrics!.AnswerAsync(http)), ct);
        metrics = new ShopMetrics(host, shop, time);
        return metrics;
    }

    /// <summary>Settings that make the product ask here.</summary>
    public IReadOnlyDictionary<string, string?> Settings() => new Dictionary<string, string?>
    {
        ["Signals:PrometheusUrl"] = Url.ToString(),
        ["Signals:StaleAfter"] = "00:01:00",
        ["Signals:Applications:0:Applications:0"] = "*",
        ["Signals:Applications:0:Queries:0:Name"] = "failed requests",
        ["Signals:Applications:0:Queries:0:Query"] = Query,
        ["Signals:Applications:0:Queries:0:Unit"] = "%",
        ["Signals:Applications:0:Queries:0:Below"] = "1",
    };

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await measuring.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        stop.Dispose();
    }

    private async Task MeasureAsync(SampleShop shop, TimeProvider time, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
            foreach (var application in Applications)
            {
                measured.Enqueue((now, application, Failing(shop, application, now)));
            }

            while (measured.Count > MostKept * Applications.Length)
            {
                measured.TryDequeue(out _);
            }

            await Task.Delay(Every, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static double Failing(SampleShop shop, string application, double now) => application switch
    {
        _ when shop.Server.Find("deployments", "shop", application)?["status"]?["availableReplicas"]?.GetValue<int>() is not > 0 => 97,
        "checkout" => shop.CheckoutWorks ? 0.2 : 38 + (now % 5),
        _ => 0.1,
    };

    private async Task AnswerAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var about = Applications.FirstOrDefault(application => form["query"].ToString().Contains($"\"{application}\"", StringComparison.Ordinal));
        var (from, to, step) = (Number(form["start"]), Number(form["end"]), Math.Max(1, Number(form["step"])));
        var known = measured.Where(one => one.Application == about).ToList();
        var values = new List<object[]>();
        for (var at = from; about is not null && at <= to; at += step)
        {
            if (known.FindLast(one => one.At <= at && one.At > at - 60) is { Application: not null } last)
            {
                values.Add([at, last.Percent.ToString("0.###", CultureInfo.InvariantCulture)]);
            }
        }

        object[] result = values.Count == 0 ? [] : [new { metric = new { }, values }];
        await http.Response.WriteAsJsonAsync(new { status = "success", data = new { resultType = "matrix", result } }, http.RequestAborted);
    }

    private static double Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
