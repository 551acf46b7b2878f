using ChatOps.Core.Leases;
using ChatOps.Core.Looking;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Server.Workers;

/// <summary>Follows the applications of every instance, and takes over at the start what the cluster holds and the books do not.</summary>
internal sealed partial class ClusterWatcher(IEnumerable<IReconciler> reconcilers, LeaseWorker leases, OutsideWorker outside, TroubleWorker troubles, EvidenceWorker evidence, ConcernsSeen concerns, TakeOver takeOver, TimeProvider time, ILogger<ClusterWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([.. reconcilers.Select(one => FollowAsync(one, stoppingToken)), SweepAsync(stoppingToken)]);

    private async Task FollowAsync(IReconciler reconciler, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var news in reconciler.WatchAsync(ct))
                {
                    leases.Changed(news.Application);
                    evidence.Changed(news.Application);
                    outside.Changed(news);
                    troubles.Changed(news);
                    concerns.Changed(news);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A watch that breaks must not stop the whole server: overrides are looked at now and then all the same.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogWatchFailed(exception, reconciler.Instance);
            }

            await Task.Delay(FirstRetry, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        var retry = FirstRetry;
        while (!ct.IsCancellationRequested)
        {
            var complete = false;
            try
            {
                await UnlessStale.DoAsync(async () =>
                {
                    var swept = await takeOver.HandleAsync(ct);
                    complete = swept.IsComplete;
                    if (swept.Untold.Count > 0)
                    {
                        LogUntold(string.Join(", ", swept.Untold));
                    }
                });
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A sweep that fails is tried again; it must not take the watching with it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogSweepFailed(exception);
            }

            await Task.Delay(complete ? Sweep : retry, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // One cluster that stays dark must not have all the others listed every few seconds.
            retry = complete ? FirstRetry : retry * 2 < Sweep ? retry * 2 : Sweep;
        }
    }

    [LoggerMessage(LogLevel.Error, "Watching {Instance} broke off; it begins again")]
    private partial void LogWatchFailed(Exception exception, string instance);

    [LoggerMessage(LogLevel.Error, "Paused in the cluster, and in no books: {Applications}. Nobody can be told: name a channel for them under Channels, or declare an incident; then they are taken over")]
    private partial void LogUntold(string applications);

    [LoggerMessage(LogLevel.Error, "The sweep for overrides failed")]
    private partial void LogSweepFailed(Exception exception);
}
