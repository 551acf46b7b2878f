using System.Collections.Concurrent;
using ChatOps.Core.Alerts;
using ChatOps.Core.Incidents;
using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>
/// Looks for overrides that were not made through us at every application that somebody wrote into since it was last looked
/// at: at all of them after a start. Those with one that is known are looked at now and then besides.
/// </summary>
internal sealed partial class OutsideWorker(IRecords records, LookOutside look, TimeProvider time, ILogger<OutsideWorker> logger) : Worker(records, time, logger)
{
    /// <summary>
    /// An owner takes most of what people write back within this time. And writers are told apart by whole seconds: what is
    /// written in the same one as what we were told of is there by then.
    /// </summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);
    private const int AtOnce = 4;

    private readonly ConcurrentDictionary<ApplicationRef, (string? Written, DateTimeOffset Due)> waiting = new();
    private readonly ConcurrentDictionary<ApplicationRef, string> seen = new();
    private readonly Dictionary<ApplicationRef, DateTimeOffset> lookedAt = [];
    private readonly UnderWay<ApplicationRef> underWay = new();

    protected override TimeSpan Interval => TimeSpan.FromMilliseconds(500);

    protected override BooksPart WakesFor => BooksPart.None;

    /// <summary>An application changed in its cluster.</summary>
    public void Changed(ApplicationNews news)
    {
        if (news.Written is null || !seen.TryGetValue(news.Application, out var written) || written != news.Written)
        {
            // The first word of it counts: one that is written into all the time is looked at all the same.
            waiting.AddOrUpdate(news.Application, _ => (news.Written, Clock.Now(Time) + Settling), (_, before) => (news.Written, before.Due));
        }
    }

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        var now = Clock.Now(Time);
        foreach (var about in (await Records.AlertsAsync(onlyLive: true, ct))
            .Where(alert => alert is { Source: AlertSource.Outside, State: AlertState.Firing })
            .Select(alert => new ApplicationRef(alert.About.Instance!, alert.About.Namespace!, alert.About.Name)))
        {
            if (!lookedAt.TryGetValue(about, out var last) || now - last >= Again)
            {
                lookedAt[about] = now;
                waiting.TryAdd(about, (null, now));
            }
        }

        foreach (var (application, (written, _)) in waiting.Where(one => one.Value.Due <= now).OrderBy(one => one.Value.Due).ToList())
        {
            if (underWay.Count >= AtOnce)
            {
                return TimeSpan.FromMilliseconds(50);
            }

            // Taken before the look begins: a change while one is under way is looked at again.
            if (!underWay.Keys.Contains(application) && waiting.TryRemove(application, out _))
            {
                underWay.TryBegin(application, () => LookAsync(application, written, ct));
            }
        }

        return Interval;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await underWay.AllAreDoneAsync();
    }

    private async Task LookAsync(ApplicationRef application, string? written, CancellationToken ct)
    {
        var done = false;
        try
        {
            await UnlessStale.DoAsync(async () => done = await look.HandleAsync(application, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return; // the watch names it again after the start
        }
#pragma warning disable CA1031 // One application that breaks must not keep the others from being looked at.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, application);
        }

        if (!done)
        {
            waiting.TryAdd(application, (written, Clock.Now(Time) + Again));
        }
        else if (written is not null)
        {
            seen[application] = written;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Application} could not be looked at for overrides from outside")]
    private partial void LogFailed(Exception exception, ApplicationRef application);
}
