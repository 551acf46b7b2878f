using System.Net;
using System.Net.Sockets;

namespace ChatOps.Peers;

/// <summary>Ports nobody listens on at this moment; who starts a server must still expect to lose the race for one.</summary>
public static class Loopback
{
    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            return [.. listeners.Select(Listen)];
        }
        finally
        {
            foreach (var listener in listeners)
            {
                listener.Dispose();
            }
        }
    }

    private static int Listen(TcpListener listener)
    {
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
