using ChatOps.Sandbox.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Scenarios.Alerts;

/// <summary>The shop's metrics page with one number on it, which a test moves.</summary>
internal sealed class ShopMetrics : IAsyncDisposable
{
    private readonly WebApplication app;

    private ShopMetrics(WebApplication app, Uri url)
    {
        this.app = app;
        Url = url;
    }

    public Uri Url { get; }

    /// <summary>Per cent of requests that fail.</summary>
    public double Errors { get; set; } = 0.2;

    public static async Task<ShopMetrics> StartAsync()
    {
        var url = new Uri($"http://127.0.0.1:{Product.FreePort()}");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url.ToString());
        builder.Services.AddRoutingCore();
        var built = builder.Build();
        var page = new ShopMetrics(built, url);
        built.MapGet("/metrics", () => FormattableString.Invariant($"shop_errors_percent{{app=\"checkout\"}} {page.Errors}\n"));
        await built.StartAsync();
        return page;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
