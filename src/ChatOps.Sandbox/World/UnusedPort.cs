using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ChatOps.Sandbox.World;

/// <summary>
/// Ports of the loopback address that nothing listens on, below those that the system hands out by itself (Linux from 32768, Windows and macOS from 49152),
/// so that no outgoing connection sits on one before its server starts, or while it is down. Each once per process.
/// </summary>
internal static class UnusedPort
{
    private const int Lowest = 15_000;
    private const int Count = 15_000;

    private static int last = RandomNumberGenerator.GetInt32(Count);

    public static int Next()
    {
        while (true)
        {
            var port = Lowest + ((Interlocked.Increment(ref last) & int.MaxValue) % Count);
            if (IsUnused(port))
            {
                return port;
            }
        }
    }

    private static bool IsUnused(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
