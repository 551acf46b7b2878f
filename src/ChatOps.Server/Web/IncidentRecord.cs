using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Server.Web;

/// <summary>Everything the books hold on one incident, for pages and exports.</summary>
internal sealed record IncidentRecord(
    Incident Incident, IReadOnlyList<TimelineEntry> Timeline, IReadOnlyList<Operation> Operations, IReadOnlyList<Lease> Leases)
{
    public static async Task<IncidentRecord?> ReadAsync(IRecords records, int number, CancellationToken ct)
    {
        if (await records.FindIncidentAsync(number, ct) is not { } incident)
        {
            return null;
        }

        var timeline = await records.TimelineAsync(number, ct);
        var operations = await records.OperationsAsync(number, ct);
        var leases = await records.LeasesAsync(number, ct);

        // Read again at the end: an entry written between the two reads would make a whole chain look broken.
        var after = await records.FindIncidentAsync(number, ct) ?? incident;
        if (after.Entries != incident.Entries)
        {
            timeline = await records.TimelineAsync(number, ct);
            timeline = [.. timeline.Take(after.Entries)];
        }

        return new(after, timeline, operations, leases);
    }

    public IReadOnlyList<Lease> Overrides { get; } =
        [.. Leases.Where(lease => lease.State != LeaseState.Void).OrderBy(lease => !lease.IsUnsettled).ThenByDescending(lease => lease.StartedAt)];

    public IReadOnlyList<Operation> Open { get; } = [.. Operations.Where(operation => !operation.IsTerminal)];

    /// <summary>Something still moves: worth reloading the page for.</summary>
    public bool IsLive => Incident.IsOpen && (Open.Count > 0 || Leases.Any(lease => lease.IsUnsettled));

    public IReadOnlyList<ApplicationRef> Applications { get; } =
        [.. Incident.Scope.Concat(Leases.Select(lease => lease.Target)).Concat(Operations.Select(operation => operation.Plan.Target).OfType<ApplicationTarget>().Select(target => target.Ref)).Distinct()];

    public IReadOnlyList<string> Faults() => [.. Chain.Faults(Incident.Number, Timeline, Incident.Entries, Incident.Head)];
}
