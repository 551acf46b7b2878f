using ChatOps.Core.Evidence;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>
/// Follows the live objects in the scope of open incidents: what Argo CD takes back is gone before <see cref="EvidenceWorker"/>
/// looks. Each incident that has the application gets it on its record.
/// </summary>
internal sealed partial class HandsWatcher(IEnumerable<IApplicationView> views, IRecords records, KeepTaken keep, TimeProvider time, ILogger<HandsWatcher> logger) : Worker(records, time, logger)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<ApplicationRef, IReadOnlyList<int>> scope = new Dictionary<ApplicationRef, IReadOnlyList<int>>();

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        var open = await Records.IncidentsAsync(onlyOpen: true, ct);
        scope = open.SelectMany(incident => incident.Scope.Select(application => (incident.Number, Application: application)))
            .GroupBy(one => one.Application, one => one.Number).ToDictionary(group => group.Key, group => (IReadOnlyList<int>)[.. group]);
        var not = views.SelectMany(view => view.NotWatched).ToHashSet(StringComparer.Ordinal);
        told.RemoveWhere(sentence => !not.Contains(sentence) && scope.Count > 0); // without an incident nothing is watched, and nothing is new
        foreach (var sentence in not.Where(told.Add))
        {
            LogNotWatched(sentence);
        }

        return Interval;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([base.ExecuteAsync(stoppingToken), .. views.Select(view => FollowAsync(view, stoppingToken))]);

    private async Task FollowAsync(IApplicationView view, CancellationToken ct)
    {
        await Task.Yield();
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var taken in view.WatchHandsAsync(() => scope.Keys.Where(application => application.Instance == view.Instance).ToHashSet(), ct))
                {
                    await KeepAsync(taken, ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A watch that breaks must not stop the whole server: looks go on all the same.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogWatchFailed(exception, view.Instance);
            }

            await Task.Delay(FirstRetry, Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task KeepAsync(HandsTaken taken, CancellationToken ct)
    {
        foreach (var number in scope.GetValueOrDefault(taken.Application) ?? [])
        {
            try
            {
                await UnlessStale.DoAsync(() => keep.HandleAsync(number, taken, ct));
            }
#pragma warning disable CA1031 // One that cannot be written down must not keep the next from it.
            catch (Exception exception) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogNotKept(exception, taken.Application, number);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "What hands change and Argo CD takes back at once is not on record everywhere: {Sentence}")]
    private partial void LogNotWatched(string sentence);

    [LoggerMessage(LogLevel.Error, "Watching the live objects of {Instance} broke off; it begins again")]
    private partial void LogWatchFailed(Exception exception, string instance);

    [LoggerMessage(LogLevel.Error, "What hands changed in {Application} and Argo CD took back is not on the record of incident {Incident}")]
    private partial void LogNotKept(Exception exception, ApplicationRef application, int incident);
}
