using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace ChatOps.Scenarios.Deployment;

/// <summary>
/// The published program as the Deployment runs it, with Linux itself in the place of a container runtime: any uid, no
/// capabilities, a read-only root, the mounts of the manifest where the manifest has them. Where the machine lets nobody
/// make mounts, the same program runs with the paths given by the environment instead.
/// </summary>
internal sealed class Pod(string program, PodFiles files, Uri cluster, int http, int metrics) : IDisposable
{
    public const int Uid = 4711;

    private const string Mounts = """
        set -e
        program=$1 config=$2 secrets=$3 account=$4 data=$5; shift 5
        mount -t tmpfs -o mode=0755 tmpfs /var/lib
        mkdir /var/lib/chatops
        mount --bind "$data" /var/lib/chatops
        mount -t tmpfs -o mode=0755 tmpfs /run
        mkdir -p /run/program /run/settings /run/secrets/chatops /run/secrets/kubernetes.io/serviceaccount
        mount --bind "$program" /run/program
        mount --bind "$config" /run/settings
        mount --bind "$secrets" /run/secrets/chatops
        mount --bind "$account" /run/secrets/kubernetes.io/serviceaccount
        mount -t tmpfs -o size=256m,mode=1777 tmpfs /tmp
        mount -o remount,ro /run
        mount -o remount,ro,bind /
        cd /run/program
        exec setpriv --reuid=4711 --regid=4711 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs "$@"
        """;

    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
    private Process? process;

    public Uri Url { get; } = new($"http://127.0.0.1:{http}");

    public Uri MetricsUrl { get; } = new($"http://127.0.0.1:{metrics}");

    /// <summary>Where mounts can be made; root in a container that may not is told apart here.</summary>
    public static bool CanMount { get; } = Try();

    public void Start()
    {
        List<string> words = CanMount
            ? ["unshare", "--mount", "sh", "-c", Mounts, "pod", program, files.Config, files.Secrets, files.Account, files.Data, "env", "-i"]
            : ["env", "-i", "-C", program, $"CHATOPS_SECRETS={files.Secrets}", $"Storage__LiteDb__Path={files.Data}/chatops.db",
                $"Clusters__0__Server={cluster}", $"Clusters__0__TokenFile={files.Account}/token", $"Clusters__0__CertificateAuthority={files.Account}/ca.crt"];
        words.AddRange(
        [
            $"PATH={Environment.GetEnvironmentVariable("PATH")}", "DOTNET_EnableDiagnostics=0", "HOME=/tmp",
            $"KUBERNETES_SERVICE_HOST={cluster.Host}", string.Create(CultureInfo.InvariantCulture, $"KUBERNETES_SERVICE_PORT={cluster.Port}"),
            $"CHATOPS_CONFIG={(CanMount ? "/run/settings" : files.Config)}/appsettings.json",
            $"Web__Urls={Url}", $"Web__MetricsUrl={MetricsUrl}", $"Slack__ApiBaseUrl={files.SlackApi}",
            "dotnet", "ChatOps.Server.dll",
        ]);
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

    /// <summary>From the start of the process until it says that it is ready.</summary>
    public async Task<TimeSpan> ReadyAsync()
    {
        var clock = Stopwatch.StartNew();
        while (await StatusAsync(new Uri(Url, "/health/ready")) != HttpStatusCode.OK)
        {
            if (process!.HasExited || clock.Elapsed > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException($"Not ready after {clock.Elapsed}:\n{await File.ReadAllTextAsync(files.Log)}");
            }

            await Task.Delay(20);
        }

        return clock.Elapsed;
    }

    /// <summary>SIGTERM, and the 30 seconds of the Deployment.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync()
    {
        var clock = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-TERM", process!.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return (process.ExitCode, clock.Elapsed);
    }

    /// <summary>Uid and capabilities that the kernel knows of the process.</summary>
    public string KernelStatus() => File.ReadAllText($"/proc/{process!.Id}/status");

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

    private static bool Try()
    {
        using var tried = Process.Start(new ProcessStartInfo("unshare", ["--mount", "sh", "-c", "mount -t tmpfs tmpfs /run && setpriv --reuid=4711 true"]) { UseShellExecute = false, RedirectStandardError = true })!;
        tried.WaitForExit();
        return tried.ExitCode == 0;
    }
}
