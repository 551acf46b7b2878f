using System.Collections.Concurrent;
using ChatOps.Core.Evidence;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>
/// Looks for changes by hand wherever an override of ours lets them stand, and in whatever else is in an open incident's scope:
/// soon after its application changed, since Argo CD shows a drift at once, and now and then besides, for what Argo CD does not see.
/// </summary>
internal sealed partial class EvidenceWorker(IRecords records, KeepEvidence evidence, TimeProvider time, ILogger<EvidenceWorker> logger) : Worker(records, time, logger)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AgainUnheld = TimeSpan.FromMinutes(1);

    /// <summary>A look reads every object of the application: not for each of a row of changes.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private const int AtOnce = 4;

    private readonly ConcurrentDictionary<ApplicationRef, bool> changed = new();
    private readonly Dictionary<Guid, DateTimeOffset> lookedAt = [];
    private readonly UnderWay<Guid> underWay = new();

    /// <summary>When an application in the scope of an incident was looked at, and whether that has worked once. Only memory: what was told before a start is told once.</summary>
    private readonly ConcurrentDictionary<(int Incident, ApplicationRef Application), (DateTimeOffset At, bool Worked)> met = new();
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

        evidence.ForgetAllBut(inScope);
        var held = active.Select(lease => lease.Target).ToHashSet();
        foreach (var one in inScope.Where(one => IsDue(one, held, now)).OrderBy(one => met.GetValueOrDefault(one).At).Take(AtOnce))
        {
            meeting.TryBegin(one, () => GuardedAsync(one.Application.ToString(), async () =>
            {
                var worked = met.GetValueOrDefault(one).Worked;
                met[one] = (now, worked);
                changed.TryRemove(one.Application, out _);
                met[one] = (now, await evidence.InScopeAsync(one.Incident, one.Application, first: !worked, ct) || worked);
            }, ct));
        }

        held.UnionWith(inScope.Select(one => one.Application));
        Forget(active, held);
        return Interval;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(underWay.AllAreDoneAsync(), meeting.AllAreDoneAsync());
    }

    private bool IsDue((int Incident, ApplicationRef Application) one, HashSet<ApplicationRef> held, DateTimeOffset now)
    {
        if (!met.TryGetValue(one, out var last))
        {
            return true;
        }

        var since = now - last.At;
        return !last.Worked ? since >= Again : !held.Contains(one.Application) && since >= (changed.ContainsKey(one.Application) ? Settling : AgainUnheld);
    }

    private void Forget(IReadOnlyCollection<Lease> active, HashSet<ApplicationRef> watched)
    {
        foreach (var application in changed.Keys.Where(application => !watched.Contains(application)))
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
