using System.Net;
using System.Net.Sockets;

namespace ChatOps.Server.Tests.Examinations;

/// <summary>A port of this machine that somebody listens on.</summary>
internal sealed class TakenPort : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public TakenPort() => listener.Start();

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public void Dispose() => listener.Dispose();
}
