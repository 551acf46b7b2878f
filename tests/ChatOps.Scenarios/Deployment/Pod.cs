using System.Diagnostics;
using System.Globalization;
using System.Net;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Deployment;

/// <summary>
/// The published program as the Deployment runs it, with Linux itself in the place of a container runtime: what the manifest
/// says of mounts, root file system, capabilities and environment is what the process gets, under a uid that nobody chose.
/// </summary>
internal sealed class Pod(string program, PodManifest manifest, PodFiles files, Uri cluster, int http, int metrics) : IDisposable
{
    public const int Uid = 4711;

    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
    private Process? process;

    public Uri Url { get; } = new($"http://127.0.0.1:{http}");

    public Uri MetricsUrl { get; } = new($"http://127.0.0.1:{metrics}");

    /// <summary>False for anybody but root, and for root in a container that may make no mounts.</summary>
    public static bool CanMount { get; } = Try();

    public void Start()
    {
        string[] words = ["unshare", "--mount", "sh", "-c", Script(), "pod", .. Confined(), .. manifest.Command];
        var log = File.AppendText(files.Log);
        process = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        void Write(string? line)
        {
            lock (log)
            {
                log.WriteLine(line);
                log.Flush();
            }
        }
    }

    /// <summary>A pod that ends by itself.</summary>
    public Task<(int ExitCode, string Said)> RunAsync() => RunAsync(["unshare", "--mount", "sh", "-c", Script(), "pod", .. Confined(), .. manifest.Command]);

    /// <summary>As kubectl exec does: beside the running program, with what it sees and may.</summary>
    public Task<(int ExitCode, string Said)> ExecAsync(params string[] words) =>
        RunAsync(["nsenter", "--mount", string.Create(CultureInfo.InvariantCulture, $"--target={process!.Id}"), "sh", "-c", "cd /run/program; exec \"$@\"", "pod", .. Confined(), .. words]);

    /// <summary>From the start of the process until it says that it is ready.</summary>
    public async Task<TimeSpan> ReadyAsync()
    {
        var clock = Stopwatch.StartNew();
        while (await StatusAsync(new Uri(Url, manifest.Probe("readinessProbe"))) != HttpStatusCode.OK)
        {
            if (process!.HasExited || clock.Elapsed > ScenarioWorld.Patience)
            {
                throw new InvalidOperationException($"Not ready after {clock.Elapsed}:\n{await File.ReadAllTextAsync(files.Log)}");
            }

            await Task.Delay(20);
        }

        return clock.Elapsed;
    }

    /// <summary>SIGTERM, and the time that the Deployment gives it.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync()
    {
        var clock = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-TERM", process!.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await process.WaitForExitAsync().WaitAsync(manifest.Grace);
        return (process.ExitCode, clock.Elapsed);
    }

    /// <summary>Uid, groups and capabilities that the kernel knows of the process.</summary>
    public string KernelStatus() => File.ReadAllText($"/proc/{process!.Id}/status");

    /// <summary>Whether the process's own view of that folder can be written to at all, by whoever may.</summary>
    public bool CanBeWritten(string folder)
    {
        var probe = $"/proc/{process!.Id}/root{folder}/probe";
        try
        {
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return true;
        }
        catch (IOException)
        {
            return false; // a read-only file system refuses root as well
        }
    }

    public async Task<HttpStatusCode?> StatusAsync(Uri address)
    {
        try
        {
            using var answer = await client.GetAsync(address);
            return answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
        }

        process?.Dispose();
        client.Dispose();
    }

    /// <summary>The uid, the rights and the environment of the container.</summary>
    private IEnumerable<string> Confined() =>
    [
        "setpriv", $"--reuid={Uid}", $"--regid={Uid}", $"--groups={manifest.VolumeGroup}",
        .. manifest.HasNoCapabilities ? ["--inh-caps=-all", "--bounding-set=-all"] : Array.Empty<string>(),
        .. manifest.GainsNoPrivileges ? ["--no-new-privs"] : Array.Empty<string>(),
        "env", "-i", $"PATH={Environment.GetEnvironmentVariable("PATH")}",
        .. manifest.Environment.Select(one => $"{one.Key}={one.Value}"),
        $"KUBERNETES_SERVICE_HOST={cluster.Host}", string.Create(CultureInfo.InvariantCulture, $"KUBERNETES_SERVICE_PORT={cluster.Port}"),
        $"Web__Urls={Url}", $"Web__MetricsUrl={MetricsUrl}", $"Slack__ApiBaseUrl={files.SlackApi}",
    ];

    private static async Task<(int ExitCode, string Said)> RunAsync(IReadOnlyList<string> words)
    {
        using var run = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = run.StandardOutput.ReadToEndAsync();
        var complained = run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();
        return (run.ExitCode, await said + await complained);
    }

    /// <summary>
    /// A root of its own made of the machine's: nothing in /run and /var/lib but what the manifest mounts, and /etc a copy, so
    /// that there can be a folder more in it.
    /// </summary>
    private string Script()
    {
        var lines = new List<string>
        {
            "set -e",
            "mount -t tmpfs -o mode=0755 tmpfs /mnt",
            "cp -a /etc/. /mnt/",
            "mount --move /mnt /etc",
            "for empty in /run /var/lib; do mount -t tmpfs -o mode=0755 tmpfs $empty; done",
        };
        lines.AddRange(Bind(program, "/run/program", isReadOnly: true));
        foreach (var mount in manifest.Mounts.Where(mount => mount.Kind != "emptyDir"))
        {
            lines.AddRange(Bind(files.Of(mount.Kind), mount.Path, mount.IsReadOnly));
        }

        lines.AddRange(manifest.MountsAccount ? Bind(files.Account, "/var/run/secrets/kubernetes.io/serviceaccount", isReadOnly: true) : []);
        lines.AddRange(manifest.HasReadOnlyRoot ? ["for part in /etc /run /var/lib; do mount -o remount,ro $part; done", "mount -o remount,ro,bind /"] : []);
        lines.AddRange(manifest.Mounts.Where(mount => mount.Kind == "emptyDir").Select(mount => $"mkdir -p {mount.Path}; mount -t tmpfs -o size={mount.SizeLimit!.TrimEnd('i')},mode=1777 tmpfs {mount.Path}"));
        lines.Add("cd /run/program");
        lines.Add("exec \"$@\"");
        return string.Join('\n', lines);

        static IEnumerable<string> Bind(string source, string target, bool isReadOnly) =>
            [$"mkdir -p {target}", $"mount --bind {source} {target}", .. isReadOnly ? [$"mount -o remount,ro,bind {target}"] : Array.Empty<string>()];
    }

    private static bool Try()
    {
        using var tried = Process.Start(new ProcessStartInfo("unshare", ["--mount", "sh", "-c", "mount -t tmpfs tmpfs /run && setpriv --reuid=4711 true"]) { UseShellExecute = false, RedirectStandardError = true })!;
        tried.WaitForExit();
        return tried.ExitCode == 0;
    }
}
