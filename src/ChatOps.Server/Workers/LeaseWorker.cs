using System.Collections.Concurrent;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>
/// Ends overrides that are to end, looks whether the others hold (at every change of their application, closely while it
/// is not proved, and now and then because an event can be lost), and minds their deadlines.
/// </summary>
internal sealed partial class LeaseWorker(IRecords records, EndLease end, WatchLease watch, WatchBranch branch, LookAfterEnd after, TendLeases tend, TimeProvider time, ILogger<LeaseWorker> logger) : Worker(records, time, logger)
{
    private static readonly TimeSpan Close = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Loose = TimeSpan.FromSeconds(15);

    private readonly Dictionary<Guid, DateTimeOffset> lookedAt = [];
    private readonly UnderWay<Guid> underWay = new();
    private readonly UnderWay<string> tending = new();
    private readonly ConcurrentDictionary<ApplicationRef, bool> changed = new();

    /// <summary>Leases whose application changed and that no look was begun for since. Several can stand on one application, and each looks for itself.</summary>
    private readonly HashSet<Guid> news = [];

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override BooksPart WakesFor => BooksPart.Leases | BooksPart.Operations;

    /// <summary>An application changed in its cluster.</summary>
    public void Changed(ApplicationRef application) => changed[application] = true;

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        var now = Clock.Now(Time);
        var sleep = Interval;
        var unsettled = await Records.UnsettledLeasesAsync(ct);
        HearNews(unsettled);
        foreach (var lease in unsettled)
        {
            if (lease.State == LeaseState.Ending && (lease.NextAttemptAt is null || lease.NextAttemptAt <= now))
            {
                underWay.TryBegin(lease.Id, () => GuardedAsync(lease.Id, () => end.FinishAsync(lease.Id, ct), ct));
            }
            else if (Every(lease) is { } every)
            {
                var due = news.Contains(lease.Id) || !lookedAt.TryGetValue(lease.Id, out var last) || now - last >= every;
                if (due && underWay.TryBegin(lease.Id, () => LookAsync(lease, unsettled, ct)))
                {
                    lookedAt[lease.Id] = now;
                    news.Remove(lease.Id);
                }

                sleep = every < sleep ? every : sleep;
            }
        }

        // Beside the rest: whom to wake up is asked in chat, and what was begun to end waits for no chat.
        tending.TryBegin(nameof(tend), () => GuardedAsync(Guid.Empty, () => tend.HandleAsync(now, ct), ct));
        return sleep;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(underWay.AllAreDoneAsync(), tending.AllAreDoneAsync());
    }

    private Task LookAsync(Lease lease, IReadOnlyList<Lease> unsettled, CancellationToken ct) =>
        GuardedAsync(lease.Id, () => lease.AwaitsEngine ? after.HandleAsync(lease.Id, ct)
            : lease is { Kind: LeaseKind.Branch, State: LeaseState.Active } ? branch.HandleAsync(lease.Id, ct)
            : watch.HandleAsync(lease.Id, unsettled, ct), ct);

    /// <summary>How often it is looked at although nothing is known to have changed.</summary>
    private static TimeSpan? Every(Lease lease) => lease switch
    {
        { State: LeaseState.Active, Hold: Hold.Stored } => Close,
        { State: LeaseState.Active, Hold: Hold.Holding } or { WaitsForPeople: true } => Loose,
        { State: LeaseState.Active } or { AwaitsEngine: true } => TimeSpan.FromSeconds(2),
        _ => null,
    };

    /// <summary>
    /// Thousands of applications change all day and few are held. What changed is taken before a look begins: a change while
    /// one is under way is looked at again. A lease that is new is looked at anyway.
    /// </summary>
    private void HearNews(IReadOnlyList<Lease> unsettled)
    {
        var heard = changed.Keys.Where(application => changed.TryRemove(application, out _)).ToHashSet();
        news.UnionWith(unsettled.Where(lease => heard.Contains(lease.Target)).Select(lease => lease.Id));
        var ids = unsettled.Select(lease => lease.Id).ToHashSet();
        news.IntersectWith(ids);
        foreach (var id in lookedAt.Keys.Where(id => !ids.Contains(id)).ToList())
        {
            lookedAt.Remove(id);
        }
    }

    private async Task GuardedAsync(Guid lease, Func<Task> step, CancellationToken ct)
    {
        try
        {
            await UnlessStale.DoAsync(step);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The books hold where it stands.
        }
#pragma warning disable CA1031 // One lease that breaks must not keep the others from ending.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, lease);
        }
    }

    [LoggerMessage(LogLevel.Error, "Lease {Lease} could not be carried on")]
    private partial void LogFailed(Exception exception, Guid lease);
}
