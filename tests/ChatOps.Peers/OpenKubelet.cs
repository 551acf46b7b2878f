using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ChatOps.Peers;

/// <summary>A node's kubelet, as far as an API server needs one to open a shell in a pod: it agrees, and stays on the line. Its logs are empty and over.</summary>
public sealed class OpenKubelet : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 certificate = SelfSigned();
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentQueue<string> asked = new();

    public OpenKubelet()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The first line of each request, as the API server passed it on.</summary>
    public IReadOnlyCollection<string> Asked => asked;

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose()
    {
        end.Cancel();
        listener.Stop();
        certificate.Dispose();
        end.Dispose();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private async Task AcceptAsync()
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                _ = StayAsync(await listener.AcceptTcpClientAsync(end.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task StayAsync(TcpClient connection)
    {
        try
        {
            using (connection)
            {
                await using var line = new SslStream(connection.GetStream());
                await line.AuthenticateAsServerAsync(certificate);
                var read = new byte[4096];
                var first = await line.ReadAsync(read, end.Token);
                if (first == 0)
                {
                    return;
                }

                var request = Encoding.ASCII.GetString(read, 0, first).Split('\r')[0];
                asked.Enqueue(request);
                if (request.Contains("/containerLogs/", StringComparison.Ordinal))
                {
                    await line.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), end.Token);
                    return;
                }

                await line.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n"), end.Token);
                while (await line.ReadAsync(read, end.Token) > 0)
                {
                    // Whatever is typed.
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The other side hung up.
        }
    }
}
