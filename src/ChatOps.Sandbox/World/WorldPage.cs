using System.Net;
using ChatOps.Sandbox.Page;

namespace ChatOps.Sandbox.World;

/// <summary>The page in front of a world: the workspace, and the cluster beside it.</summary>
public static class WorldPage
{
    public static async Task<WebApplication> ServeAsync(SandboxWorld world, int port, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        app.MapPage(world.Slack);
        app.MapClusterPanel(world);
        await app.StartAsync(ct);
        return app;
    }
}
