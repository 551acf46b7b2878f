using ChatOps.Core.Conversation;

namespace ChatOps.Core.Alerts;

/// <summary>One message about all alerts of one place: what fires first, then what is over and how long it took.</summary>
public static class AlertCard
{
    private const int MostLines = 12;

    /// <param name="offerIncident">Said outside of any incident: how to declare one for them.</param>
    public static Card Of(IReadOnlyList<Alert> alerts, bool offerIncident = false)
    {
        var firing = alerts.Where(alert => alert.State == AlertState.Firing).OrderBy(alert => alert.StartedAt).ThenBy(alert => alert.Name, StringComparer.Ordinal).ToList();
        var over = alerts.Where(alert => alert.State == AlertState.Resolved).OrderByDescending(alert => alert.EndedAt).ToList();
        var lines = firing.Concat(over).Take(MostLines).Select(Line).ToList();
        if (alerts.Count > MostLines)
        {
            var hidden = firing.Skip(MostLines).Count();
            lines.Add(Text.Of($"… and {alerts.Count - MostLines} more, of which {hidden} fire."));
        }

        var parts = lines.Select(Part (line) => new Part.Paragraph(line)).ToList();
        if (offerIncident && firing.Count > 0)
        {
            parts.Add(new Part.Paragraph(Text.Of($"No incident is open for it. To open one: {Declare(firing[0]):code}")));
        }

        parts.Add(new Part.Footnote("From Alertmanager"));
        return new Card(Title(firing, over), firing.Count > 0 ? Tone.Alarm : Tone.Good, parts);
    }

    /// <summary>Whole seconds, and at least one: nobody is helped by milliseconds.</summary>
    internal static TimeSpan Lasted(Alert alert) =>
        TimeSpan.FromSeconds(Math.Max(1, Math.Round(((alert.EndedAt ?? alert.HeardAt) - alert.StartedAt).TotalSeconds)));

    private static string Title(List<Alert> firing, List<Alert> over) => (firing, over) switch
    {
        ([var only], []) => $"Alert: {only.Name} fires",
        ([], [var only]) => $"Alert: {only.Name} is resolved",
        ([], _) => $"All {over.Count} alerts are resolved",
        (_, []) => $"{firing.Count} alerts fire",
        _ => $"{firing.Count} of {firing.Count + over.Count} alerts still fire",
    };

    private static Text Line(Alert alert)
    {
        var what = alert.State == AlertState.Firing
            ? Text.Of($"{alert.Name:b}{Severity(alert)} about {alert.About.ToString():code} fires since {alert.StartedAt}: {alert.Summary}")
            : Text.Of($"{alert.Name:b} about {alert.About.ToString():code} is resolved after {Lasted(alert)}.");
        return alert is { State: AlertState.Firing, Link: { } link } ? what + Text.Of($" {new Run.Link(link, "Look")}") : what;
    }

    private static string Severity(Alert alert) => alert.Severity.Length == 0 ? "" : $" ({alert.Severity})";

    private static string Declare(Alert alert)
    {
        var title = alert.Name.Replace("\"", "", StringComparison.Ordinal);
        return $"/incident declare \"{title}\" {(alert.Severity.Equals("critical", StringComparison.OrdinalIgnoreCase) ? "sev1" : "sev2")} apps {alert.About}";
    }
}
