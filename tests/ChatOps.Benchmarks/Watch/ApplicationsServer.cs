using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChatOps.Benchmarks.Watch;

/// <summary>
/// Answers a list and then a watch with bytes that lie ready on disk: it is in the process that is measured, so it makes
/// nothing itself. Events are sent when told, as fast as they are taken; the watch stays open after the last.
/// </summary>
internal sealed class ApplicationsServer : IAsyncDisposable
{
    private static readonly byte[] Open = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"u8.ToArray();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string list;
    private readonly string events;
    private readonly Task serving;

    public ApplicationsServer(string folder, int applications, int changes, bool whole)
    {
        (list, events) = (Path.Combine(folder, "list.json"), Path.Combine(folder, "events.json"));
        Write(applications, changes, whole ? SomeApplications.Whole : SomeApplications.MetadataOnly);
        listener.Start();
        serving = ServeAsync();
    }

    public Uri Url => new($"http://{listener.LocalEndpoint}");

    public long ListBytes => new FileInfo(list).Length;

    public long EventBytes => new FileInfo(events).Length;

    /// <summary>Lets the events go out.</summary>
    public void Tell() => told.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        await serving;
        ending.Dispose();
    }

    private void Write(int applications, int changes, Func<int, int, System.Text.Json.Nodes.JsonObject> application)
    {
        using (var writer = new StreamWriter(list))
        {
            writer.Write("""{"apiVersion":"argoproj.io/v1alpha1","kind":"ApplicationList","metadata":{"resourceVersion":"100000"},"items":[""");
            for (var number = 0; number < applications; number++)
            {
                writer.Write(number == 0 ? "" : ",");
                writer.Write(application(number, number + 1).ToJsonString());
            }

            writer.Write("]}");
        }

        using var lines = new StreamWriter(events);
        for (var at = 0; at < changes; at++)
        {
            lines.Write($$"""{"type":"MODIFIED","object":{{application(at % applications, 100_001 + at).ToJsonString()}}}""" + "\n");
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptSocketAsync(ending.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                var request = new byte[8192];
                var isWatch = Encoding.ASCII.GetString(request, 0, await socket.ReceiveAsync(request, ending.Token)).Contains("watch=true", StringComparison.Ordinal);
                await socket.SendAsync(Open, ending.Token);
                if (isWatch)
                {
                    await told.Task.WaitAsync(ending.Token);
                }

                await socket.SendFileAsync(isWatch ? events : list, ending.Token);
                if (isWatch)
                {
                    await Task.Delay(Timeout.Infinite, ending.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // Whoever asked is gone.
            }
        }
    }
}
