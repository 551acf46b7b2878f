using ChatOps.Core.Incidents;
using ChatOps.Core.Records;

namespace ChatOps.Core.Alerts;

/// <summary>Stores what Alertmanager tells, durably, before it is answered. Saying it is <see cref="TellAlerts"/>' business.</summary>
public sealed class HearAlerts(IRecords records, AlertRouting routing, TimeProvider time)
{
    /// <summary>More alerts at once than this are one outage, which is known by then.</summary>
    private const int MostLive = 2000;

    private const int MostTries = 20;

    /// <summary>How many of the notices were news.</summary>
    public async Task<int> HandleAsync(IReadOnlyList<AlertNotice> notices, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryAsync(notices, ct);
            }
            catch (StaleRecordException) when (tries < MostTries)
            {
                // Another delivery, or its telling, was faster: what is news is decided again.
            }
        }
    }

    private async Task<int> TryAsync(IReadOnlyList<AlertNotice> notices, CancellationToken ct)
    {
        var now = Clock.Now(time);
        var known = (await records.AlertsAsync(onlyLive: false, ct)).ToDictionary(alert => alert.Fingerprint);
        var live = known.Values.Count(alert => !alert.IsSettled);
        var heard = new Dictionary<string, Alert>();
        foreach (var notice in notices)
        {
            if (routing.AboutOf(notice.Labels) is not { } about)
            {
                continue; // Nobody's here.
            }

            var before = heard.GetValueOrDefault(notice.Fingerprint) ?? known.GetValueOrDefault(notice.Fingerprint);
            if (Hearing.Of(before, notice, about, now) is { } next && (before is { IsSettled: false } || live++ < MostLive))
            {
                heard[notice.Fingerprint] = next;
            }
        }

        if (heard.Count > 0)
        {
            var changes = new Changes();
            foreach (var alert in heard.Values)
            {
                changes.Save(alert);
            }

            await records.CommitAsync(changes, ct);
        }

        return heard.Count;
    }
}
