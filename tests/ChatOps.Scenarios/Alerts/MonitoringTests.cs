using ChatOps.Peers;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Alerts;

/// <summary>A number goes bad and recovers; a real Prometheus and a real Alertmanager see it, and people read it.</summary>
public sealed class MonitoringTests
{
    /// <summary>The last value there is, however late a scrape may be on a busy machine.</summary>
    private const string Rules = """
        groups:
        - name: shop
          rules:
          - alert: CheckoutErrors
            expr: last_over_time(shop_errors_percent{app="checkout"}[5m]) > 5
            labels: {severity: critical, application: argocd/argocd/checkout}
            annotations: {summary: "{{ $value }} % of requests fail"}
        """;

    [MonitoringFact]
    public async Task A_number_that_goes_bad_and_recovers_is_an_alert_in_the_thread_that_fires_and_is_resolved()
    {
        await using var metrics = await ShopMetrics.StartAsync();
        var port = Loopback.FreePorts(1)[0];
        await using var world = await SignalsWorld.StartAsync(port);
        await using var monitoring = await Monitoring.StartAsync(metrics.Url, new Uri(world.Product.Url, "/webhooks/alertmanager"), Webhook.Token, Rules, port);
        var thread = await SignalsWorld.DeclareAsync(world);

        metrics.Errors = 12;
        await monitoring.HasAsync("shop_errors_percent > 5");
        await world.ThreadSaysAsync(thread, "CheckoutErrors", "fires", "12 % of requests fail");

        metrics.Errors = 0.2;
        await monitoring.HasAsync("shop_errors_percent < 5");
        await world.ThreadSaysAsync(thread, "CheckoutErrors is resolved", "is resolved after");
        Assert.Single(world.Channel.Thread(thread), message => Reading.Shows(message, "CheckoutErrors"));
    }
}
