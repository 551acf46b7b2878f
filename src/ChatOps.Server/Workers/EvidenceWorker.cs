using System.Collections.Concurrent;
using ChatOps.Core.Evidence;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>
/// Looks for changes by hand wherever an override of ours lets them stand: soon after its application changed, since Argo CD
/// shows a drift at once, and now and then besides, for what Argo CD does not see.
/// </summary>
internal sealed partial class EvidenceWorker(IRecords records, KeepEvidence evidence, TimeProvider time, ILogger<EvidenceWorker> logger) : Worker(records, time, logger)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    /// <summary>A look reads every object of the application: not for each of a row of changes.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<ApplicationRef, bool> changed = new();
    private readonly Dictionary<Guid, DateTimeOffset> lookedAt = [];
    private readonly UnderWay<Guid> underWay = new();

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override BooksPart WakesFor => BooksPart.None;

    /// <summary>An application changed in its cluster.</summary>
    public void Changed(ApplicationRef application) => changed[application] = true;

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        var now = Clock.Now(Time);
        var active = (await Records.UnsettledLeasesAsync(ct)).Where(lease => lease.State == LeaseState.Active).ToList();
        foreach (var lease in active)
        {
            var since = lookedAt.TryGetValue(lease.Id, out var last) ? now - last : TimeSpan.MaxValue;
            if (since >= (changed.ContainsKey(lease.Target) ? Settling : Again) && underWay.TryBegin(lease.Id, () => LookAsync(lease.Id, ct)))
            {
                lookedAt[lease.Id] = now;
                changed.TryRemove(lease.Target, out _);
            }
        }

        Forget(active);
        return Interval;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await underWay.AllAreDoneAsync();
    }

    private void Forget(IReadOnlyCollection<Lease> active)
    {
        var held = active.Select(lease => lease.Target).ToHashSet();
        foreach (var application in changed.Keys.Where(application => !held.Contains(application)))
        {
            changed.TryRemove(application, out _);
        }

        var ids = active.Select(lease => lease.Id).ToHashSet();
        foreach (var id in lookedAt.Keys.Where(id => !ids.Contains(id)).ToList())
        {
            lookedAt.Remove(id);
        }
    }

    private async Task LookAsync(Guid lease, CancellationToken ct)
    {
        try
        {
            await UnlessStale.DoAsync(() => evidence.HandleAsync(lease, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Looked at again after the start.
        }
#pragma warning disable CA1031 // One application that cannot be looked at must not hide the others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, lease);
        }
    }

    [LoggerMessage(LogLevel.Error, "What hands change under lease {Lease} could not be looked at")]
    private partial void LogFailed(Exception exception, Guid lease);
}
