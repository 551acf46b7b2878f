using ChatOps.Server.Composition;
using ChatOps.Server.Configuration;
using ChatOps.Server.Web;

namespace ChatOps.Sandbox.World;

/// <summary>
/// The product itself, hosted in this process with settings from here alone: no environment, no user secrets, no file of
/// the machine reaches it, so it can touch nothing real.
/// </summary>
public sealed class Product : IAsyncDisposable
{
    private readonly WebApplication app;

    private Product(WebApplication app, Uri url)
    {
        this.app = app;
        Url = url;
    }

    public Uri Url { get; }

    public IServiceProvider Services => app.Services;

    /// <param name="access">Scenarios that are about signing in ask for it; whoever plays on loopback need not.</param>
    /// <param name="time">The world's clock where it is not the machine's.</param>
    public static async Task<Product> StartAsync(ProductSettings settings, CancellationToken ct, RecordAccess access = RecordAccess.NobodyOnLoopback, TimeProvider? time = null)
    {
        var built = Build(settings, access, time);
        await built.StartAsync(ct);
        return new(built, settings.Url);
    }

    /// <summary>As the program itself runs it, the books first, until <paramref name="ct"/>: also when they or the settings are refused.</summary>
    public static async Task RunAsync(ProductSettings settings, TimeProvider time, CancellationToken ct)
    {
        await using var built = await WithoutSettings.BuildAsync(
            () => Build(settings, RecordAccess.NobodyOnLoopback, time), () => new ConfigurationBuilder().AddInMemoryCollection(settings.All()).Build(), time, ct);
        await ServerHost.RunAsync(built, ct);
    }

    /// <summary>A port that was free a moment ago; links need to know it before anything listens.</summary>
    public static int FreePort() => UnusedPort.Next();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }

    private static WebApplication Build(ProductSettings settings, RecordAccess access, TimeProvider? time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Configuration.AddInMemoryCollection(settings.All());
        builder.Services.AddJsonLogs();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning); // the terminal belongs to the welcome
        builder.Logging.AddFilter("ChatOps.Server.Workers.JanitorWorker", LogLevel.Error); // no janitor is missed: the cluster dies with the bot
        return ServerHost.Build(builder, access);
    }
}
