using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatOps.Sandbox.Slack;

/// <summary>An empty web server on a free loopback port; it reads no configuration of the machine.</summary>
internal static class LoopbackHost
{
    public static async Task<WebApplication> StartAsync(Action<WebApplication> map, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseWebSockets();
        app.UseRouting();
        map(app);
        await app.StartAsync(ct);
        return app;
    }
}
