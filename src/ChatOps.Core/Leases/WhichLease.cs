using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Leases;

/// <summary>The one unsettled override that somebody means.</summary>
public sealed class WhichLease(WhichIncident which, IRecords records)
{
    public async Task<(Lease? Lease, Refusal? Refusal)> ResolveAsync(ApplicationQuery application, Place place, CancellationToken ct)
    {
        var (incident, refusal) = await which.ResolveAsync(place, application, null, ct);
        if (incident is null)
        {
            return (null, refusal);
        }

        var live = (await records.LeasesAsync(incident.Number, ct)).Where(lease => lease.IsUnsettled && application.Matches(lease.Target)).ToList();
        if (live.Count > 1 && live.TrueForAll(lease => lease.Target == live[0].Target))
        {
            // One that was overtaken can stand beside the pause that came after it: the one in force is meant, else the newest.
            live = [live.OrderByDescending(lease => lease.IsLive).ThenByDescending(lease => lease.StartedAt).First()];
        }

        return live switch
        {
            [var only] => (only, null),
            [] => (null, new Refusal(RefusalKind.NotFound, Text.Of($"{application.ToString():code} is under no override of incident {incident.Number}: not paused, and on no branch of ours."))),
            _ => (null, new Refusal(RefusalKind.Ambiguous, Text.Of($"{application.ToString():code} could be {string.Join(" or ", live.Select(lease => lease.Target))}."))),
        };
    }
}
