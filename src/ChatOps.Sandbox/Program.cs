using System.Runtime.InteropServices;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.World;
using Microsoft.AspNetCore.Connections;

namespace ChatOps.Sandbox;

/// <summary>The product against a simulated world, nothing to configure: <c>dotnet run --project src/ChatOps.Sandbox [port]</c>.</summary>
internal sealed class Program
{
    private const int DefaultPort = 7700;

    private static async Task<int> Main(string[] args)
    {
        var port = DefaultPort;
        if (args.Length > 1 || args.Length == 1 && !int.TryParse(args[0], out port))
        {
            await Console.Error.WriteLineAsync("Usage: ChatOps.Sandbox [port]");
            return 2;
        }

        // A proxy that the environment names gets loopback addresses too: it is somebody's, and it would break the world here.
        HttpClient.DefaultProxy = new System.Net.WebProxy();
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        try
        {
            await RunAsync(port, stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0; // stopped before it was up
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"Port {port} is in use: by another sandbox, perhaps. Stop that, or name a port: dotnet run --project src/ChatOps.Sandbox {port + 1}");
            return 1;
        }
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    private static async Task RunAsync(int port, CancellationToken ct)
    {
        await using var world = await SandboxWorld.StartAsync(new SimulatedSlackOptions { Commands = ["/incident", "/gitops", "/breakglass"] }, ct);
        await using var page = await WorldPage.ServeAsync(world, port, ct);
        Console.WriteLine(Welcome.To(world, port));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await page.StopAsync(CancellationToken.None);
    }
}
