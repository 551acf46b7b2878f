using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Alerts;

/// <summary>
/// Finds the alert that confirms the emergency of somebody who is alone with it: about that very application, of a
/// severity that counts, known to us before the request, and still firing. What is not sure confirms nothing.
/// </summary>
public sealed class ConfirmingAlert(IRecords records, Applications applications, AlertRouting routing)
{
    public async Task<Alert?> FindAsync(Operation operation, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var alert in (await records.AlertsAsync(onlyLive: true, ct)).Where(alert => Confirms(alert, operation, routing, now)))
        {
            // A bare name could be another instance's application of the same name: only one there is will do.
            var (about, _) = await applications.FindAsync(alert.About, [], ct);
            if (about is not null && operation.Plan.Target.Is(about))
            {
                return alert;
            }
        }

        return null;
    }

    /// <summary>All but whether its name is that of one application only. Pure.</summary>
    public static bool Confirms(Alert alert, Operation operation, AlertRouting routing, DateTimeOffset now) =>
        alert.Source == AlertSource.Alertmanager
        && alert.FiresAt(now, routing.BelievedFor)
        && alert.LearnedAt <= operation.RequestedAt
        && routing.ConfirmingSeverities.Contains(alert.Severity, StringComparer.OrdinalIgnoreCase)
        && operation.Plan.Target is ApplicationTarget target && alert.About.Matches(target.Ref);
}
