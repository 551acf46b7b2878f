using ChatOps.Core.Grants;

namespace ChatOps.Server.Workers;

/// <summary>At the start and every few minutes: what the clusters hold of ours is held against the books.</summary>
internal sealed partial class GrantSweeper(SweepGrants sweep, TimeProvider time, ILogger<GrantSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);

    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var complete = false;
        await UnlessStale.DoAsync(async () => complete = await sweep.HandleAsync(ct));
        return complete;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var retry = FirstRetry;
        while (!stoppingToken.IsCancellationRequested)
        {
            var complete = false;
            try
            {
                complete = await RunOnceAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A sweep that fails is tried again; the ends at their moments are another worker's.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(exception);
            }

            await Task.Delay(complete ? Every : retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            retry = complete ? FirstRetry : retry * 2 < Every ? retry * 2 : Every;
        }
    }

    [LoggerMessage(LogLevel.Error, "The sweep for access failed")]
    private partial void LogFailed(Exception exception);
}
