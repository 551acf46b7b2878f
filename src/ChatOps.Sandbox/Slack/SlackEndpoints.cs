using ChatOps.Sandbox.Slack.Wire;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ChatOps.Sandbox.Slack;

/// <summary>What a simulated workspace serves to the app; the host needs <c>UseWebSockets()</c> for Socket Mode.</summary>
public static class SlackEndpoints
{
    public static void MapSlack(this IEndpointRouteBuilder endpoints, SimulatedSlack slack)
    {
        slack.FindBaseUrl = () => Listening(endpoints.ServiceProvider);
        endpoints.Map("/api/{method}", (HttpContext context) => slack.WebApi.ServeAsync(context, (string)context.GetRouteValue("method")!));
        endpoints.MapPost("/hooks/{**rest}", (HttpContext context) => slack.ResponseUrls.ServeAsync(context));
        endpoints.MapPost("/files/upload/{id}", (HttpContext context) => slack.Files.ReceiveAsync(context, (string)context.GetRouteValue("id")!));
        endpoints.Map("/link/", (HttpContext context) => slack.Sockets.ServeAsync(context));
    }

    private static Uri Listening(IServiceProvider services)
    {
        var addresses = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = addresses.Select(text => new Uri(text)).FirstOrDefault(url => url.Scheme == Uri.UriSchemeHttp)
            ?? throw new InvalidOperationException("The simulated Slack listens nowhere yet.");
        Loopback.Require(address);
        return address;
    }
}
