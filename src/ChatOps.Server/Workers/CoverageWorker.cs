using ChatOps.Platform;
using ChatOps.Server.Metrics;

namespace ChatOps.Server.Workers;

/// <summary>Counts the applications that the policy covers and the cluster does not, so that a new one is no surprise at night.</summary>
internal sealed partial class CoverageWorker(PlatformRbac rbac, Meters meters, TimeProvider time, ILogger<CoverageWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>One look; what cannot be asked shows as not a number, never as nothing missing.</summary>
    public async Task RunOnceAsync(CancellationToken ct) => meters.NotCovered(await rbac.NotCoveredAsync(ct));

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
#pragma warning disable CA1031 // A look that fails is tried again; until then the number says that nobody knows.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                meters.NotCovered(null);
                LogFailed(exception);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Error, "Whether the cluster covers what the policy covers could not be asked")]
    private partial void LogFailed(Exception exception);
}
