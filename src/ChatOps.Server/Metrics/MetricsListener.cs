namespace ChatOps.Server.Metrics;

/// <summary>
/// <c>/metrics</c> on a listener of its own: a Host header cannot talk its way from the public port to it. An address that
/// cannot be bound stops the start, since numbers that nobody can read are found out too late.
/// </summary>
public sealed class MetricsListener(string url, Meters meters) : IHostedService, IAsyncDisposable
{
    private WebApplication? app;

    /// <summary>Where it listens, once it does.</summary>
    public Uri? Address => app?.Urls.FirstOrDefault() is { } bound ? new Uri(bound) : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.Services.AddRoutingCore();
        app = builder.Build();
        app.MapGet("/metrics", async (HttpContext context) =>
        {
            context.Response.ContentType = Prometheus.PrometheusConstants.TextContentTypeWithVersionAndEncoding;
            await meters.Registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
        });
        await app.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }
}
