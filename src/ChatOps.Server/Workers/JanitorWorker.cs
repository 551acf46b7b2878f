using ChatOps.Platform.Access;
using ChatOps.Server.Metrics;

namespace ChatOps.Server.Workers;

/// <summary>Looks for the janitor of each cluster at the start and every few minutes: that nothing ends access while we are dead must be known before that.</summary>
internal sealed partial class JanitorWorker(Janitors janitors, Meters meters, TimeProvider time, ILogger<JanitorWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private readonly Dictionary<string, bool?> before = [];

    /// <summary>One look; what is wrong is in the log once, until it is another thing.</summary>
    public async Task RunOnceAsync(CancellationToken ct)
    {
        foreach (var look in await janitors.LookAsync(ct))
        {
            meters.Janitor(look.Cluster, look.IsAtWork);
            if (!look.Finding.Ok && !(before.TryGetValue(look.Cluster, out var was) && was == look.IsAtWork))
            {
                LogOff(look.Finding.What, look.Finding.Fix);
            }

            before[look.Cluster] = look.IsAtWork;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A look that fails is tried again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(exception);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{What}. {Fix}")]
    private partial void LogOff(string what, string fix);

    [LoggerMessage(LogLevel.Error, "Whether the janitors are at work could not be asked")]
    private partial void LogFailed(Exception exception);
}
