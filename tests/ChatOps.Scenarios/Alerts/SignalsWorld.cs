using System.Globalization;
using System.Text;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Alerts;

/// <summary>The shop with signals for checkout, and histories of them.</summary>
internal static class SignalsWorld
{
    public const string Incidents = SampleWorkspace.IncidentChannel;

    public static Task<ScenarioWorld> StartAsync(int prometheus) => ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false, new Dictionary<string, string?>
    {
        ["Alertmanager:Token"] = Webhook.Token,
        ["Signals:PrometheusUrl"] = $"http://127.0.0.1:{prometheus}",
        ["Signals:StaleAfter"] = "00:02:00",
        ["Signals:Applications:0:Applications:0"] = "checkout",
        ["Signals:Applications:0:Queries:0:Name"] = "error rate",
        ["Signals:Applications:0:Queries:0:Query"] = "max(last_over_time(shop_errors_percent{app=\"$application\"}[1m]))",
        ["Signals:Applications:0:Queries:0:Unit"] = "%",
        ["Signals:Applications:0:Queries:0:Below"] = "1",
        ["Signals:Applications:0:Queries:1:Name"] = "latency",
        ["Signals:Applications:0:Queries:1:Query"] = "histogram_quantile(0.95, sum by (le) (rate(shop_seconds_bucket{app=\"$application\"}[1m])))",
        ["Signals:Applications:0:Queries:1:Unit"] = "s",
        ["Signals:Applications:0:Queries:1:Below"] = "0.5",
    });

    public static async Task<string> DeclareAsync(ScenarioWorld world)
    {
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 commander @bob apps checkout", Incidents);
        return (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience)).Ts;
    }

    /// <summary>What Prometheus will have measured: errors and slow requests until one moment, and none from there to another.</summary>
    public static string History(DateTimeOffset goodFrom, DateTimeOffset end)
    {
        var errors = new StringBuilder("# TYPE shop_errors_percent gauge\n");
        var fast = new StringBuilder("# TYPE shop_seconds histogram\n");
        var slow = new StringBuilder();
        var endless = new StringBuilder();
        var (all, quick) = (0, 0);
        for (var at = goodFrom.AddMinutes(-40); at < end; at = at.AddSeconds(5))
        {
            var isGood = at >= goodFrom;
            all += 100;
            quick += isGood ? 100 : 10;
            var seconds = (at.ToUnixTimeMilliseconds() / 1000.0).ToString("0.###", CultureInfo.InvariantCulture);
            errors.Append(CultureInfo.InvariantCulture, $"shop_errors_percent{{app=\"checkout\"}} {(isGood ? "0.2" : "40")} {seconds}\n");
            fast.Append(CultureInfo.InvariantCulture, $"shop_seconds_bucket{{app=\"checkout\",le=\"0.2\"}} {quick} {seconds}\n");
            slow.Append(CultureInfo.InvariantCulture, $"shop_seconds_bucket{{app=\"checkout\",le=\"1.0\"}} {all} {seconds}\n");
            endless.Append(CultureInfo.InvariantCulture, $"shop_seconds_bucket{{app=\"checkout\",le=\"+Inf\"}} {all} {seconds}\n");
        }

        return $"{errors}{fast}{slow}{endless}# EOF\n";
    }
}
