using System.Diagnostics;
using System.Runtime.CompilerServices;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.World;

namespace ChatOps.Benchmarks.Load;

/// <summary>Starts the two that are compared, each as a user would run it.</summary>
internal static class Targets
{
    /// <summary>The product as it is shipped, with its store on the local disk, Slack's API simulated and no cluster behind it.</summary>
    public static async Task<Target> ProductAsync(SimulatedSlack slack, string folder, CancellationToken ct)
    {
        var url = new Uri($"http://127.0.0.1:{Product.FreePort()}");
        var kubeConfig = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(kubeConfig, NoCluster, ct);
        var settings = new ProductSettings { Url = url, Folder = folder, KubeConfig = kubeConfig, SlackApi = slack.ApiBaseUrl, Slack = slack.Options };
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ChatOps.Server.dll"), "serve"]) { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (key, value) in settings.All())
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        start.Environment["Logging__LogLevel__Default"] = "Warning";
        var target = new Target("ChatOps", url, Started(start, Path.Combine(folder, "product.log")));
        await target.ReadyAsync(new Uri(url, "/health/live"), ct);
        return target;
    }

    /// <summary>A handler on Slack's own framework that acknowledges and does nothing else.</summary>
    public static async Task<Target> BoltAsync(SimulatedSlackOptions slack, string folder, CancellationToken ct)
    {
        var port = Product.FreePort();
        var url = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo("node", [Path.Combine(Oracle(), "acknowledge-only.mjs")]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["NODE_ENV"] = "production";
        start.Environment["SIGNING_SECRET"] = slack.SigningSecret;
        start.Environment["BOT_TOKEN"] = slack.BotToken;
        start.Environment["PORT"] = $"{port}";
        var target = new Target("Bolt", url, Started(start, Path.Combine(folder, "bolt.log")));
        await target.ReadyAsync(url, ct);
        return target;
    }

    /// <summary>Where Slack's own clients are installed for the tests.</summary>
    private static string Oracle([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../oracles/slack"));

    private static Process Started(ProcessStartInfo start, string log)
    {
        var process = Process.Start(start)!;
        _ = Task.Run(async () =>
        {
            await using var file = File.CreateText(log);
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                await file.WriteLineAsync(line);
            }
        });
        return process;
    }

    private const string NoCluster = """
        apiVersion: v1
        kind: Config
        current-context: none
        contexts: [{ name: none, context: { cluster: none, user: none } }]
        clusters: [{ name: none, cluster: { server: "https://127.0.0.1:1" } }]
        users: [{ name: none, user: { token: none } }]
        """;
}
