using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Outside;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using ChatOps.Core.Troubles;

namespace ChatOps.Core.Alerts;

/// <summary>
/// Says what alerts do wherever that is not said yet. It compares what is with what was said, so that neither a restart
/// nor an incident that is declared after its alert leaves anything out, and telling twice says it once.
/// </summary>
public sealed class TellAlerts(IRecords records, IncidentFiles files, ApplicationChannels channels, TimeProvider time)
{
    private const int MostNames = 5;

    /// <summary>What we saw ourselves is one message while it comes together; later it is news that an edit would hide.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(2);

    public async Task HandleAsync(CancellationToken ct)
    {
        var live = await records.AlertsAsync(onlyLive: true, ct);
        if (live.Count == 0)
        {
            return;
        }

        // Each place changes the alerts that it shows, so the others are found again on what is then stored.
        if (AlertPlaces.Of(live, await records.IncidentsAsync(onlyOpen: true, ct), channels) is [var first, ..] places)
        {
            var place = OneMessageOf(first, live);
            await TellAsync(place, ct);
            if (places.Count > 1 || place.News.Count < first.News.Count)
            {
                await HandleAsync(ct);
            }
        }
    }

    private Task TellAsync(AlertPlace place, CancellationToken ct) =>
        place.Incident is { } number ? TellThreadAsync(number, place, ct) : TellChannelAsync(place.Channel!, place, ct);

    private async Task TellThreadAsync(int number, AlertPlace place, CancellationToken ct)
    {
        var file = await files.OpenAsync(number, ct) ?? throw new InvalidOperationException($"Incident {number} shows alerts and is gone");
        var isReminder = place.News.Any(alert => alert is { IsSaidAgain: true, Times: > 0 });
        var key = place.Message ?? (isReminder ? MessageKey.Outside(place.News[0].About.ToString(), file.Now) : MessageKey.Alerts(number, file.Incident.Entries + 1));
        var news = place.News.Select(alert => alert.ShowIn(key, number, null)).ToList();
        switch (place.Source)
        {
            case AlertSource.Alertmanager:
                Record(file, news);
                break;
            case AlertSource.Outside:
                OutsideCard.Record(file, [.. news.Where((alert, at) => alert.State == AlertState.Resolved || place.News[at].Shown.All(shown => shown.Incident != number))]);
                break;
            case AlertSource.Application:
                TroubleCard.Record(file, news);
                break;
            case AlertSource.Window:
                WindowCard.Record(file, [.. news.Where((alert, at) => alert.State == AlertState.Resolved || place.News[at].Shown.All(shown => shown.Incident != number))]);
                break;
        }

        var card = CardOf(place.Source, await ShownAsync(key, news, ct), key, offerIncident: false, file.Changes, file.Now);
        file.Say(key, _ => card);
        foreach (var alert in news)
        {
            file.Changes.Save(alert);
        }

        await files.PutBackAsync(file, null, ct);
    }

    private async Task TellChannelAsync(Channel channel, AlertPlace place, CancellationToken ct)
    {
        var now = Clock.Now(time);
        var about = place.News[0].About.ToString();
        var key = place.Message ?? place.Source switch
        {
            AlertSource.Alertmanager => MessageKey.Alerts(about, now),
            AlertSource.Outside or AlertSource.Window => MessageKey.Outside(about, now),
            AlertSource.Application => MessageKey.Troubles(about, now),
        };
        var news = place.News.Select(alert => alert.ShowIn(key, null, channel)).ToList();
        var changes = new Changes();
        changes.Post(new Outgoing.Say(key, new Where.InChannel(channel), CardOf(place.Source, await ShownAsync(key, news, ct), key, offerIncident: true, changes, now)));
        foreach (var alert in news)
        {
            changes.Save(alert);
        }

        await records.CommitAsync(changes, ct);
    }

    /// <summary>
    /// As many of them as one message says, and that message: the one that shows them; else one of this place that still
    /// shows something of this sort as firing. What one thing broke stays together, however late it shows.
    /// </summary>
    private AlertPlace OneMessageOf(AlertPlace place, IReadOnlyList<Alert> live)
    {
        if (place.Message is not null)
        {
            return place;
        }

        var told = live.Where(alert => alert.Source == place.Source && alert.WasThere == place.WasThere)
            .SelectMany(alert => alert.Shown.Where(shown => shown.As == AlertState.Firing && shown.Incident == place.Incident && shown.Channel == place.Channel), (alert, shown) => (Alert: alert, shown.Message))
            .ToList();
        var late = place.Source != AlertSource.Application ? null : place.News
            .GroupBy(news => told.Where(one => TroubleCard.AreOfOneCause(one.Alert, news)).Select(one => (MessageKey?)one.Message).FirstOrDefault())
            .FirstOrDefault(group => group.Key is not null);
        return late is not null
            ? place with { Message = late.Key, News = [.. late] }
            : place with { Message = told.Where(one => (place.Source == AlertSource.Alertmanager && place.Incident is not null) || Clock.Now(time) - one.Alert.LearnedAt < Together).Select(one => (MessageKey?)one.Message).FirstOrDefault() };
    }

    private static Card CardOf(AlertSource source, IReadOnlyList<Alert> shown, MessageKey key, bool offerIncident, Changes changes, DateTimeOffset now) => source switch
    {
        AlertSource.Alertmanager => AlertCard.Of(shown, offerIncident),
        AlertSource.Outside => OutsideCard.Of(shown, (says, label) => OutsideCard.Offer(changes, key, says, label, now)),
        AlertSource.Window => WindowCard.Of(shown, (says, label) => OutsideCard.Offer(changes, key, says, label, now)),
        AlertSource.Application => TroubleCard.Of(shown, offerIncident, (says, label) => TroubleCard.Offer(changes, key, says, label, now)),
    };

    private static void Record(IncidentFile file, List<Alert> news)
    {
        foreach (var group in news.GroupBy(alert => (alert.State, About: alert.About.ToString())))
        {
            file.Record(
                group.Key.State == AlertState.Firing ? TimelineKind.AlertFires : TimelineKind.AlertResolved,
                "alertmanager",
                Line([.. group], group.Key.State, group.Key.About),
                happenedAt: group.Min(alert => Clock.WholeMilliseconds(alert.State == AlertState.Firing ? alert.StartedAt : alert.EndedAt ?? alert.HeardAt)));
        }
    }

    private async Task<IReadOnlyList<Alert>> ShownAsync(MessageKey key, List<Alert> news, CancellationToken ct) =>
    [
        .. news,
        .. (await records.AlertsAsync(onlyLive: false, ct))
            .Where(alert => alert.Shown.Any(shown => shown.Message == key) && news.TrueForAll(one => one.Fingerprint != alert.Fingerprint)),
    ];

    private static Text Line(List<Alert> alerts, AlertState state, string about)
    {
        var names = string.Join(", ", alerts.Take(MostNames).Select(alert => alert.Name)) + (alerts.Count > MostNames ? $" and {alerts.Count - MostNames} more" : "");
        return alerts is [var only]
            ? state == AlertState.Firing
                ? Text.Of($"Alert {only.Name} fires about {about}: {only.Summary}")
                : Text.Of($"Alert {only.Name} about {about} is resolved after {AlertCard.Lasted(only)}")
            : Text.Of($"{alerts.Count} alerts about {about} {(state == AlertState.Firing ? "fire" : "are resolved")}: {names}");
    }
}
