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

    private const int AtOnce = 4;

    private readonly ConcurrentDictionary<ApplicationRef, bool> changed = new();
    private readonly Dictionary<Guid, DateTimeOffset> lookedAt = [];
    private readonly UnderWay<Guid> underWay = new();

    /// <summary>When an application is looked at that came into the scope of an incident: once that worked, no more. What was told before a start is told once.</summary>
    private readonly ConcurrentDictionary<(int Incident, ApplicationRef Application), DateTimeOffset> met = new();
    private readonly UnderWay<(int Incident, ApplicationRef Application)> meeting = new();

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
            if (since >= (changed.ContainsKey(lease.Target) ? Settling : Again) && underWay.TryBegin(lease.Id, () => GuardedAsync(lease.Target.ToString(), () => evidence.HandleAsync(lease.Id, ct), ct)))
            {
                lookedAt[lease.Id] = now;
                changed.TryRemove(lease.Target, out _);
            }
        }

        var inScope = (await Records.IncidentsAsync(onlyOpen: true, ct)).SelectMany(incident => incident.Scope.Select(application => (Incident: incident.Number, Application: application))).ToHashSet();
        foreach (var gone in met.Keys.Where(one => !inScope.Contains(one)))
        {
            met.TryRemove(gone, out _);
        }

        foreach (var one in inScope.Where(one => !met.TryGetValue(one, out var at) || at <= now).Take(AtOnce))
        {
            meeting.TryBegin(one, () => GuardedAsync(one.Application.ToString(), async () =>
            {
                met[one] = now + Again;
                met[one] = await evidence.AtFirstAsync(one.Incident, one.Application, ct) ? DateTimeOffset.MaxValue : now + Again;
            }, ct));
        }

        Forget(active);
        return Interval;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(underWay.AllAreDoneAsync(), meeting.AllAreDoneAsync());
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

    private async Task GuardedAsync(string application, Func<Task> look, CancellationToken ct)
    {
        try
        {
            await UnlessStale.DoAsync(look);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Looked at again after the start.
        }
#pragma warning disable CA1031 // One application that cannot be looked at must not hide the others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, application);
        }
    }

    [LoggerMessage(LogLevel.Error, "What hands changed in {Application} could not be looked at")]
    private partial void LogFailed(Exception exception, string application);
}
