using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ChatOps.Peers;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Crashes;

/// <summary>The product as a program of its own, as the build left it: killed, started again on the same files, asked by its command line.</summary>
internal sealed class ServerProgram : IAsyncDisposable
{
    private readonly string folder;
    private readonly HttpClient http;
    private readonly HttpClient metrics;
    private SupervisedProcess? running;

    public ServerProgram(ProductSettings settings)
    {
        folder = settings.Folder;
        http = Client(settings.Url);
        metrics = Client(new Uri(settings.MetricsUrl));
        // Roles by name and not by user group: Slack lets a bot ask for a group's members 20 times a minute, which is not the subject here.
        var all = settings.All().Where(setting => !setting.Key.Contains(":Groups", StringComparison.Ordinal)).Append(new("Policy:Roles:0:Users:0", "alice")).Append(new("Policy:Roles:1:Users:0", "bob")).Append(new("Policy:Roles:1:Users:1", "carol"));
        File.WriteAllText(SettingsFile, JsonSerializer.Serialize(all.ToDictionary()));
    }

    public string LogFile => Path.Combine(folder, "server.log");

    private string SettingsFile => Path.Combine(folder, "settings.json");

    /// <summary>Built beside the tests, in the same configuration.</summary>
    private static string Assembly => Path.Combine(
        Repository.Root, "artifacts/bin/ChatOps.Server", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "ChatOps.Server.dll");

    public async Task StartAsync() =>
        running = await SupervisedProcess.StartAsync("env", ["-C", folder, $"CHATOPS_CONFIG={SettingsFile}", "DOTNET_TieredPGO=0", "dotnet", Assembly], LogFile);

    /// <summary>kill -9; comes back when nothing of the process is left.</summary>
    public async Task KillAsync()
    {
        var victim = running ?? throw new InvalidOperationException("It does not run.");
        running = null;
        if (victim.HasExited)
        {
            throw new InvalidOperationException($"The server ended by itself. Its last words:\n{victim.Log}");
        }

        await victim.DisposeAsync();
    }

    /// <summary>SIGTERM, as Kubernetes stops a pod; says how long it took.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        var leaving = running ?? throw new InvalidOperationException("It does not run.");
        running = null;
        var clock = Stopwatch.StartNew();
        leaving.Send(PosixSignalNumber.Terminate);
        while (!leaving.HasExited && clock.Elapsed < TimeSpan.FromSeconds(40))
        {
            await Task.Delay(20);
        }

        await leaving.DisposeAsync();
        return clock.Elapsed;
    }

    /// <summary>Until it says that it is ready; a program that ended instead is an error with its last words.</summary>
    public async Task<TimeSpan> ReadyAsync()
    {
        var clock = Stopwatch.StartNew();
        while (await StatusOfAsync("/health/ready") != HttpStatusCode.OK)
        {
            if (running!.HasExited || clock.Elapsed > ScenarioWorld.Patience)
            {
                throw new InvalidOperationException($"The server is not ready after {clock.Elapsed}. Its last words:\n{running.Log}");
            }

            await Task.Delay(20);
        }

        return clock.Elapsed;
    }

    /// <summary>Until nothing waits any more in the inbox and in the outbox.</summary>
    public async Task SettledAsync()
    {
        await ReadyAsync();
        for (var quiet = 0; quiet < 3; quiet++)
        {
            await Task.Delay(1000);
            var numbers = await NumbersAsync();
            var isQuiet = numbers.Contains("chatops_backlog{box=\"inbox\"} 0", StringComparison.Ordinal) && numbers.Contains("chatops_backlog{box=\"outbox\"} 0", StringComparison.Ordinal);
            quiet = isQuiet ? quiet : -1;
        }
    }

    /// <summary>What its metrics page says, as soon as it answers.</summary>
    public async Task<string> NumbersAsync()
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                return await metrics.GetStringAsync(new Uri("/metrics", UriKind.Relative));
            }
            catch (OperationCanceledException) when (clock.Elapsed < ScenarioWorld.Patience)
            {
                // A busy machine: asked again.
            }
        }
    }

    /// <summary>One command of the command line, while the server is down or up.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(params string[] words) => RunAndKillAsync(TimeSpan.FromMinutes(2), words);

    /// <summary>A command that is killed if it takes longer.</summary>
    public async Task<(int ExitCode, string Output)> RunAndKillAsync(TimeSpan after, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. words])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CHATOPS_CONFIG"] = SettingsFile },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var ended = process.WaitForExitAsync();
        if (await Task.WhenAny(ended, Task.Delay(after)) != ended)
        {
            process.Kill();
        }

        await ended;
        return (process.ExitCode, await output + await error);
    }

    public async ValueTask DisposeAsync()
    {
        if (running is not null)
        {
            await running.DisposeAsync();
        }

        http.Dispose();
        metrics.Dispose();
    }

    private static HttpClient Client(Uri address) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };

    private async Task<HttpStatusCode?> StatusOfAsync(string path)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            return answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
