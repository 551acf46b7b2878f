using ChatOps.Core.Alerts;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Troubles;

/// <summary>What is the matter with one application, and since when each finding has been so, by our clock.</summary>
/// <param name="Findings">Empty: the application is gone.</param>
public sealed record TroubleSeen(ApplicationRef Application, IReadOnlyList<(TroubleFinding Finding, DateTimeOffset SeenSince)> Findings, Uri? Link);

/// <summary>
/// Compares how applications do with what is stored of their troubles, and writes down what began and what is over: so a
/// restart tells nothing twice, and what changed meanwhile is told. Saying it is <see cref="TellAlerts"/>' business.
/// </summary>
public sealed class LookForTrouble(IRecords records, Applications applications, TimeProvider time)
{
    /// <summary>More troubles at once than this are one outage, which is known by then.</summary>
    private const int MostLive = 2000;

    /// <summary>All of one instance. Returns which of them have to be looked at once more without being changed, and when.</summary>
    public async Task<IReadOnlyList<(ApplicationRef Application, DateTimeOffset At)>> HandleAsync(string instance, IReadOnlyList<TroubleSeen> seen, CancellationToken ct)
    {
        var now = Clock.Now(time);
        var known = (await records.AlertsAsync(onlyLive: false, ct)).Where(alert => alert.Source == AlertSource.Application).ToDictionary(alert => alert.Fingerprint);
        var live = known.Values.Count(alert => !alert.IsSettled);
        var watchedSince = await records.WatchedSinceAsync(instance, ct);
        var changes = new Changes();
        var again = new List<(ApplicationRef, DateTimeOffset)>();
        foreach (var one in seen)
        {
            foreach (var alert in one.Findings.Count > 0 ? [] : Of(one.Application, known).Select(alert => TroubleCourse.Gone(alert, now)).OfType<Alert>())
            {
                changes.Save(alert);
            }

            foreach (var (finding, seenSince) in one.Findings)
            {
                var before = known.GetValueOrDefault(TroubleCourse.Fingerprint(one.Application, finding.Kind));
                var after = TroubleCourse.Of(before, one.Application, finding, seenSince, watchedSince ?? now, now, one.Link);
                if (after is not null && (before is { IsSettled: false } || live++ < MostLive))
                {
                    changes.Save(after);
                }

                if (TroubleCourse.DueAgain(after ?? before, finding, seenSince, now) is { } at)
                {
                    again.Add((one.Application, at));
                }
            }
        }

        if (watchedSince is null)
        {
            changes.Watch(instance, now);
        }

        if (changes.Alerts.Count > 0 || watchedSince is null)
        {
            await records.CommitAsync(changes, ct);
        }

        return again;
    }

    /// <summary>Applications that were in trouble and have not been seen since the start: they may have been deleted meanwhile.</summary>
    public async Task<IReadOnlyList<ApplicationRef>> UnseenAsync(IReadOnlySet<ApplicationRef> seen, CancellationToken ct) =>
        [.. (await FiringAsync(ct)).Select(RefOf).Where(application => !seen.Contains(application)).Distinct()];

    /// <summary>Looks whether each is gone, and no further at an engine that does not answer.</summary>
    /// <param name="unseen">Of one engine.</param>
    public async Task HandleUnseenAsync(IReadOnlyList<ApplicationRef> unseen, CancellationToken ct)
    {
        foreach (var application in unseen)
        {
            var (answer, _) = await applications.Of(application).InspectAsync(application, ct);
            if (answer.IsTransient)
            {
                return;
            }

            var changes = new Changes();
            foreach (var alert in answer.Kind == ClusterAnswerKind.Gone ? (await FiringAsync(ct)).Where(alert => RefOf(alert) == application) : [])
            {
                if (TroubleCourse.Gone(alert, Clock.Now(time)) is { } gone)
                {
                    changes.Save(gone);
                }
            }

            if (changes.Alerts.Count > 0)
            {
                await records.CommitAsync(changes, ct);
            }
        }
    }

    private async Task<IEnumerable<Alert>> FiringAsync(CancellationToken ct) =>
        (await records.AlertsAsync(onlyLive: true, ct)).Where(alert => alert is { Source: AlertSource.Application, State: AlertState.Firing });

    private static IEnumerable<Alert> Of(ApplicationRef application, Dictionary<string, Alert> known) =>
        Enum.GetValues<TroubleKind>().Select(kind => known.GetValueOrDefault(TroubleCourse.Fingerprint(application, kind))).OfType<Alert>();

    private static ApplicationRef RefOf(Alert alert) => new(alert.About.Instance!, alert.About.Namespace!, alert.About.Name);
}
