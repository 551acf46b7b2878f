using ChatOps.Server.Health;
using ChatOps.Server.Metrics;

namespace ChatOps.Server.Workers;

/// <summary>Says in the log and on the metrics which watch is not alive, and when it is again.</summary>
internal sealed partial class WatchesWorker(WatchHealth health, Meters meters, TimeProvider time, ILogger<WatchesWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly HashSet<string> dead = new(StringComparer.Ordinal);

    public void RunOnce()
    {
        foreach (var (watch, since) in health.Look())
        {
            var name = WatchHealth.NameOf(watch);
            meters.Watch(name, since);
            if (since > TimeSpan.Zero && dead.Add(name))
            {
                LogDead(name, time.GetUtcNow() - since, watch.Why ?? "no answer yet");
            }
            else if (since == TimeSpan.Zero && dead.Remove(name))
            {
                LogAlive(name);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            RunOnce();
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Error, "Applications in {Watch} have not been watched since {Since:u}: {Why}. What changes there is not seen; it is tried again and again")]
    private partial void LogDead(string watch, DateTimeOffset since, string why);

    [LoggerMessage(LogLevel.Information, "Applications in {Watch} are watched again")]
    private partial void LogAlive(string watch);
}
