using System.Collections.Concurrent;
using ChatOps.Core.Alerts;
using ChatOps.Core.Incidents;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Outside;

/// <summary>
/// Looks at one application for overrides that were not made through us, and writes down what is new and what is over. Saying
/// it is <see cref="TellAlerts"/>' business; looking twice, or after a restart, finds nothing twice.
/// </summary>
public sealed class LookOutside(IRecords records, Applications applications, AskRulebook rules, TimeProvider time)
{
    /// <summary>An owner has this long to put back by itself what somebody took out: as long as self-heal waits after four times in a row.</summary>
    private static readonly TimeSpan OwnersPatience = TimeSpan.FromMinutes(1);

    /// <summary>Since when owners are awaited. Only memory: after a start patience begins anew.</summary>
    private readonly ConcurrentDictionary<ApplicationRef, DateTimeOffset> awaited = new();

    /// <summary>False: the cluster did not answer, or the owner may yet put it back; look again.</summary>
    public async Task<bool> HandleAsync(ApplicationRef application, CancellationToken ct)
    {
        var (answer, facts) = await applications.Of(application).InspectAsync(application, ct);
        if (facts is null && answer.Kind != ClusterAnswerKind.Gone)
        {
            return false;
        }

        var raised = (await records.AlertsAsync(onlyLive: true, ct)).Where(alert => alert is { Source: AlertSource.Outside, State: AlertState.Firing } && alert.About.Matches(application)).ToList();
        if (facts is null)
        {
            awaited.TryRemove(application, out _);
            await StoreAsync(null, null, [.. raised.Select(alert => Over(alert, left: false))], ct);
            return true;
        }

        if (rules.UsersFor(facts).Count == 0)
        {
            return true; // nobody may do anything about it here
        }

        var known = await records.FindBaselineAsync(application, ct);
        var seen = Patiently(OutsideLook.At(known, facts, await LeasesAsync(application, ct)), application, raised);
        if (IsNews(raised, seen) && await SeenAgainAsync(known, application, ct) is { } again)
        {
            seen = Patiently(again, application, raised);
        }

        await StoreAsync(known, seen.Baseline, [.. Changed(raised, seen, facts)], ct);
        return !seen.AwaitsOwner;
    }

    /// <summary>Without what its owner may yet put back: it is no news before the owner had its time.</summary>
    private OutsideSeen Patiently(OutsideSeen seen, ApplicationRef application, List<Alert> raised)
    {
        if (!seen.AwaitsOwner)
        {
            awaited.TryRemove(application, out _);
            return seen;
        }

        var now = Clock.Now(time);
        return now - awaited.GetOrAdd(application, now) >= OwnersPatience || raised.Exists(alert => alert.Override!.Kind == OutsideKind.AutoSyncOff)
            ? seen with { AwaitsOwner = false }
            : seen with { Found = [.. seen.Found.Where(found => found.Kind != OutsideKind.AutoSyncOff)] };
    }

    /// <summary>An override of ours that ended between the look and the reading of its lease would be somebody else's.</summary>
    private async Task<OutsideSeen?> SeenAgainAsync(Baseline? known, ApplicationRef application, CancellationToken ct) =>
        await applications.Of(application).InspectAsync(application, ct) is { Facts: { } facts } ? OutsideLook.At(known, facts, await LeasesAsync(application, ct)) : null;

    private async Task<IReadOnlyList<Leases.Lease>> LeasesAsync(ApplicationRef application, CancellationToken ct) =>
        [.. (await records.UnsettledLeasesAsync(ct)).Where(lease => lease.Target == application)];

    private static bool IsNews(List<Alert> raised, OutsideSeen seen) => seen.Found.Any(found => raised.TrueForAll(alert => alert.Override!.Kind != found.Kind));

    private IEnumerable<Alert> Changed(List<Alert> raised, OutsideSeen seen, ApplicationFacts facts)
    {
        foreach (var alert in raised)
        {
            var now = seen.Found.FirstOrDefault(found => found.Kind == alert.Override!.Kind);
            if (now is null)
            {
                yield return Over(alert, alert.Override!.IsStillThere(facts));
            }
            else if (Reminders.AreDue(alert, Clock.Now(time)))
            {
                yield return alert with { Override = now, Summary = now.Condition, Times = Reminders.By(alert, Clock.Now(time)) };
            }
            else if (!now.IsSameAs(alert.Override!))
            {
                yield return alert with { Override = now, Summary = now.Condition, Telling = alert.Telling + 1 };
            }
        }

        foreach (var found in seen.Found.Where(found => raised.TrueForAll(alert => alert.Override!.Kind != found.Kind)))
        {
            yield return Raised(found, facts.Ref, facts.Link);
        }
    }

    private Alert Raised(OutsideOverride found, ApplicationRef application, Uri? link)
    {
        var now = Clock.Now(time);
        return new()
        {
            Fingerprint = $"outside/{application}/{found.Kind}/{now.ToUnixTimeMilliseconds()}",
            Source = AlertSource.Outside,
            State = AlertState.Firing,
            Name = found.Kind.ToString(),
            Severity = "",
            Summary = found.Condition,
            About = new(application.Instance, application.Namespace, application.Name),
            StartedAt = found.At is { } at && at < now ? Clock.WholeMilliseconds(at) : found.Kind == OutsideKind.AutoSyncOff ? awaited.GetValueOrDefault(application, now) : now,
            LearnedAt = now,
            HeardAt = now,
            Link = link,
            Override = found,
        };
    }

    private Alert Over(Alert alert, bool left)
    {
        var now = Clock.Now(time);
        return alert with { State = AlertState.Resolved, EndedAt = now, HeardAt = now, Left = left };
    }

    private async Task StoreAsync(Baseline? known, Baseline? next, IReadOnlyList<Alert> alerts, CancellationToken ct)
    {
        var isNew = next is not null && (known is null || !next.IsSameAs(known));
        if (!isNew && alerts.Count == 0)
        {
            return;
        }

        var changes = new Changes();
        if (isNew)
        {
            changes.Save(next!);
        }

        foreach (var alert in alerts)
        {
            changes.Save(alert);
        }

        await records.CommitAsync(changes, ct);
    }
}
