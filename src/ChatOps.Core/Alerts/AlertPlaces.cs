using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;

namespace ChatOps.Core.Alerts;

/// <summary>A thread or a channel with the alerts of one sort that it has to be told of.</summary>
/// <param name="Message">The message there that shows them already; null when none does yet.</param>
public sealed record AlertPlace(AlertSource Source, bool WasThere, int? Incident, Channel? Channel, MessageKey? Message, IReadOnlyList<Alert> News);

/// <summary>
/// Where alerts have to be said that are not said there yet as they are now: in the thread of each open incident that has
/// the application in scope, whichever came first; else in the application's channel. What somebody took is told by its
/// lease, and nowhere anew.
/// </summary>
public static class AlertPlaces
{
    public static IReadOnlyList<AlertPlace> Of(IEnumerable<Alert> live, IReadOnlyList<Incident> open, ApplicationChannels channels) =>
    [
        .. live.SelectMany(alert => Of(alert, open, channels).Distinct(), (alert, place) => (Place: (alert.Source, alert.WasThere, place.Incident, place.Channel, place.Message), Alert: alert))
            .GroupBy(pair => pair.Place, pair => pair.Alert)
            .Select(group => new AlertPlace(group.Key.Source, group.Key.WasThere, group.Key.Incident, group.Key.Channel, group.Key.Message, [.. group])),
    ];

    private static IEnumerable<(int? Incident, Channel? Channel, MessageKey? Message)> Of(Alert alert, IReadOnlyList<Incident> open, ApplicationChannels channels)
    {
        foreach (var shown in alert.Shown.Where(shown => !alert.IsToldBy(shown)))
        {
            yield return (shown.Incident, shown.Channel, shown.Message);
        }

        if (alert.State != AlertState.Firing || alert.Taken is not null)
        {
            yield break;
        }

        var concerned = open.Where(incident => incident.Scope.Any(application => alert.Concerns.Any(about => about.Matches(application)))).ToList();
        foreach (var incident in concerned.Where(incident => !alert.IsSaidIn(incident.Number, null)))
        {
            yield return (incident.Number, null, null);
        }

        var unowned = alert.Concerns.Where(about => !concerned.Exists(incident => incident.Scope.Any(about.Matches)));
        foreach (var channel in unowned.SelectMany(channels.Of).Distinct().Where(channel => !alert.IsSaidIn(null, channel)))
        {
            yield return (null, channel, null);
        }
    }
}
