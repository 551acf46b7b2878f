using System.Diagnostics;
using System.Net;

namespace ChatOps.Peers;

/// <summary>
/// A real Prometheus that scrapes one page of ours and a real Alertmanager that tells a webhook of ours, on loopback and
/// at the pace of a test; or Prometheus alone, with a history that is made up.
/// </summary>
public sealed class Monitoring : IAsyncDisposable
{
    private const string Variable = "CHATOPS_MONITORING";
    private readonly string folder;
    private readonly List<SupervisedProcess> processes = [];

    private readonly int prometheus;

    private Monitoring(string folder, int prometheus)
    {
        this.folder = folder;
        this.prometheus = prometheus;
    }

    /// <summary>Why they are not there; null when they are.</summary>
    public static string? Missing() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } bin && File.Exists(Path.Combine(bin, "prometheus-alertmanager"))
        ? null
        : $"needs a real Prometheus and Alertmanager: {Variable} is not set to their folder (tests/peers/monitoring.sh fetches them and prints it)";

    /// <param name="scraped">Where /metrics is.</param>
    /// <param name="webhook">What Alertmanager tells.</param>
    /// <param name="rules">Alerting rules, YAML.</param>
    /// <param name="port">Prometheus' own: who asks it may have to know it before it is there.</param>
    public static async Task<Monitoring> StartAsync(Uri scraped, Uri webhook, string token, string rules, int port)
    {
        var monitoring = new Monitoring(Directory.CreateTempSubdirectory("chatops-monitoring-").FullName, port);
        try
        {
            var ports = Loopback.FreePorts(1);
            await monitoring.StartAlertmanagerAsync(ports[0], webhook, token);
            await monitoring.StartPrometheusAsync(ports[0], scraped, rules);
            return monitoring;
        }
        catch
        {
            await monitoring.DisposeAsync();
            throw;
        }
    }

    /// <summary>A Prometheus that has measured this, and measures nothing.</summary>
    /// <param name="history">OpenMetrics with times, which may be to come.</param>
    public static async Task<Monitoring> StartAsync(string history, int port)
    {
        var monitoring = new Monitoring(Directory.CreateTempSubdirectory("chatops-monitoring-").FullName, port);
        try
        {
            await monitoring.LoadAsync(history);
            File.WriteAllText(monitoring.At("prometheus.yml"), "scrape_configs: []");
            await monitoring.StartPrometheusAsync();
            return monitoring;
        }
        catch
        {
            await monitoring.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes once a query finds something: a scrape has no other sign.</summary>
    public async Task HasAsync(string query)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Readiness.WaitAsync(processes[^1], $"a value of {query}", async ct =>
            (await client.GetStringAsync(new Uri($"http://127.0.0.1:{prometheus}/api/v1/query?query={Uri.EscapeDataString(query)}"), ct)).Contains("\"metric\"", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private Task StartAlertmanagerAsync(int port, Uri webhook, string token)
    {
        File.WriteAllText(At("alertmanager.yml"), $$"""
            route: {receiver: chatops, group_by: [application], group_wait: 100ms, group_interval: 500ms, repeat_interval: 1s}
            receivers:
            - name: chatops
              webhook_configs:
              - url: "{{webhook}}"
                http_config:
                  authorization: {type: Bearer, credentials: "{{token}}"}
            """);
        return StartAsync("prometheus-alertmanager", port, $"--config.file={At("alertmanager.yml")}", $"--storage.path={At("alerts")}", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=");
    }

    private Task StartPrometheusAsync(int alertmanager, Uri scraped, string rules)
    {
        File.WriteAllText(At("rules.yml"), rules);
        File.WriteAllText(At("prometheus.yml"), $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 500ms}
            rule_files: [{{At("rules.yml")}}]
            alerting:
              alertmanagers:
              - static_configs: [{targets: ["127.0.0.1:{{alertmanager}}"] }]
            scrape_configs:
            - job_name: shop
              static_configs: [{targets: ["{{scraped.Authority}}"] }]
            """);
        return StartPrometheusAsync();
    }

    private async Task LoadAsync(string history)
    {
        File.WriteAllText(At("history.txt"), history);
        using var load = Process.Start(Program("promtool"), ["tsdb", "create-blocks-from", "openmetrics", "--quiet", At("history.txt"), At("tsdb")]);
        await load.WaitForExitAsync();
        if (load.ExitCode != 0)
        {
            throw new InvalidOperationException($"promtool does not take the history: exit code {load.ExitCode}");
        }
    }

    private Task StartPrometheusAsync() =>
        StartAsync("prometheus", prometheus, $"--config.file={At("prometheus.yml")}", $"--storage.tsdb.path={At("tsdb")}", $"--web.listen-address=127.0.0.1:{prometheus}");

    private async Task StartAsync(string name, int port, params string[] arguments)
    {
        var process = await SupervisedProcess.StartAsync(Program(name), arguments, At($"{name}.log"));
        processes.Add(process);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Readiness.WaitAsync(process, name, async ct =>
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/-/ready"), ct);
            return answer.StatusCode == HttpStatusCode.OK;
        });
    }

    private static string Program(string name) => Path.Combine(Environment.GetEnvironmentVariable(Variable)!, name);

    private string At(string name) => Path.Combine(folder, name);
}
