using System.Net;
using System.Net.Sockets;
using ChatOps.Core;
using ChatOps.Server.Configuration;

namespace ChatOps.Server.Examinations;

/// <summary>What the start checks of <c>Web</c> cannot know: whether ports are free and the keys' folder can be written.</summary>
/// <param name="web">As checked at the start.</param>
/// <param name="isServing">A server runs on this machine or pod: then the ports are taken by it, and rightly.</param>
internal sealed class WebExamination(WebOptions web, bool isServing)
{
    public IReadOnlyList<Finding> Look() =>
    [
        PublicUrl(),
        .. web.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(url => Port("Web:Urls", url)),
        .. web.MetricsUrl.Length > 0 ? [Port("Web:MetricsUrl", web.MetricsUrl)] : Array.Empty<Finding>(),
        WritableFolder.Probe("Web:DataProtectionPath", Path.GetFullPath(web.DataProtectionPath)),
    ];

    private Finding PublicUrl() => new Uri(web.PublicUrl).IsLoopback
        ? Finding.Good($"Links begin with {web.PublicUrl}, which only this machine can follow")
        : Finding.Good($"Links begin with {web.PublicUrl}");

    private Finding Port(string setting, string url)
    {
        var address = BindingAddress.Parse(url);
        try
        {
            using var listener = new TcpListener(Listening(address.Host), address.Port);
            listener.Start();
            return Finding.Good($"{setting}: {url} is free to listen on");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return isServing
                ? Finding.Good($"{setting}: {url} is in use by the running server")
                : Finding.Problem($"{setting}: port {address.Port} is in use by another program", $"Stop that program, or set {setting} to another port.");
        }
        catch (SocketException e)
        {
            return Finding.Problem($"{setting}: {url} cannot be listened on: {e.Message}", $"Set {setting} to an address of this machine, such as http://0.0.0.0:8080, with a port above 1023.");
        }
    }

    private static IPAddress Listening(string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        _ => IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : IPAddress.Any,
    };
}
