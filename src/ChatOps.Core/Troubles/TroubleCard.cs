using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Troubles;

/// <summary>
/// One message about applications that came into trouble together, or by the same cause: what is the matter, each cause
/// once with those that it hit, then who is well again. It edits itself until all are.
/// </summary>
public static class TroubleCard
{
    private const int MostLines = 12;
    private const int MostNames = 10;
    private static readonly TimeSpan ButtonsLive = TimeSpan.FromDays(30);

    /// <param name="offer">Makes a button that says a command.</param>
    /// <param name="offerIncident">Said outside of any incident: how to declare one for them.</param>
    public static Card Of(IReadOnlyList<Alert> alerts, bool offerIncident, Func<string, string, Button> offer)
    {
        var bad = alerts.Where(alert => alert.State == AlertState.Firing).OrderBy(alert => alert.StartedAt).ThenBy(alert => alert.Fingerprint, StringComparer.Ordinal).ToList();
        var well = alerts.Where(alert => alert.State == AlertState.Resolved).OrderByDescending(alert => alert.EndedAt).ToList();
        var lines = bad.GroupBy(CauseOf).Select(group => Line([.. group])).Concat(well.Select(Over)).ToList();
        var parts = lines.Take(MostLines).Select(Part (line) => new Part.Paragraph(line)).ToList();
        if (lines.Count > MostLines)
        {
            parts.Add(new Part.Paragraph(Text.Of($"… and {lines.Count - MostLines} more lines.")));
        }

        var names = bad.Select(alert => alert.About).Distinct().ToList();
        if (offerIncident && names.Count > 0 && !bad.TrueForAll(alert => alert.WasThere))
        {
            parts.Add(new Part.Paragraph(Text.Of($"No incident is open for {(names.Count == 1 ? "it" : "them")}. To open one: {$"/incident declare <title> sev2 apps {string.Join(',', names.Take(3))}":code}")));
        }

        if (names.Count == 1)
        {
            parts.Add(new Part.Buttons([offer($"status {names[0]}", "Status"), offer($"diff {names[0]}", "Diff")]));
        }
        else if (names.Count > 1)
        {
            parts.Add(new Part.Paragraph(Text.Of($"{$"/gitops status {names[0].Name}":code} says more of one.")));
        }

        parts.Add(new Part.Footnote(bad.Count > 0 && bad.TrueForAll(alert => alert.WasThere)
            ? "So when I looked for the first time. From now on I tell what changes."
            : "Seen on the applications themselves"));
        return new Card(Title(bad, well), bad.Count == 0 ? Tone.Good : bad.TrueForAll(alert => alert.WasThere) ? Tone.Neutral : Tone.Alarm, parts);
    }

    public static Button Offer(Changes changes, MessageKey message, string says, string label, DateTimeOffset now)
    {
        var token = Tokens.Next();
        changes.Offer(new Choice(token, ChoiceKind.SayCommand, Guid.Empty, null, message, now + ButtonsLive) { Says = says });
        return new Button(label, token);
    }

    /// <summary>Each cause and each recovery once in the incident's record, at the moment at which it happened.</summary>
    public static void Record(IncidentFile file, IReadOnlyList<Alert> news)
    {
        foreach (var group in news.Where(alert => alert.State == AlertState.Firing).GroupBy(CauseOf))
        {
            file.Record(TimelineKind.AlertFires, "argocd", Line([.. group]), happenedAt: group.Min(alert => alert.StartedAt));
        }

        foreach (var alert in news.Where(alert => alert.State == AlertState.Resolved))
        {
            file.Record(TimelineKind.AlertResolved, "argocd", Over(alert), happenedAt: Clock.WholeMilliseconds(alert.EndedAt ?? alert.HeardAt));
        }
    }

    /// <summary>What is unhealthy does not say why: it only belongs together with what comes at the same time.</summary>
    public static bool AreOfOneCause(Alert told, Alert news) => told.Name == news.Name && KindOf(news) != TroubleKind.Unhealthy && CauseOf(told) == CauseOf(news);

    private static string CauseOf(Alert alert)
    {
        if (FailureWords.MeaningOf(alert.Summary) is { } meaning)
        {
            return $"{alert.Name}: {meaning}";
        }

        var words = alert.Summary.Replace(alert.About.Name, "", StringComparison.Ordinal).Split(' ').Where(word => !word.Any(char.IsAsciiDigit));
        return $"{alert.Name}: {string.Join(' ', words)}";
    }

    private static string Title(List<Alert> bad, List<Alert> well)
    {
        var applications = bad.Select(alert => alert.About).Distinct().Count();
        var all = bad.Concat(well).Select(alert => alert.About).Distinct().Count();
        return (bad, well) switch
        {
            ([{ WasThere: true } only], []) => $"{only.About.Name}: {Short(only)} already",
            ([var only], []) => $"{only.About.Name}: {Short(only)}",
            ([], [var only]) => $"{only.About.Name}: {ShortOver(only)}",
            ([], _) => all == 1 ? $"{well[0].About.Name}: well again" : $"All {all} applications are well again",
            (_, []) when bad.TrueForAll(alert => alert.WasThere) => $"{applications} applications are in trouble already",
            _ when all == 1 => $"{bad[0].About.Name}: {string.Join(", ", bad.Select(Short).Distinct())}",
            (_, []) => $"{applications} applications are in trouble",
            _ => $"{applications} of {all} applications are still in trouble",
        };
    }

    private static string Short(Alert alert) => KindOf(alert) switch
    {
        TroubleKind.SyncFailed => "its sync failed",
        TroubleKind.Unhealthy => alert.Summary.Contains("Missing", StringComparison.Ordinal) ? "Missing" : "Degraded",
        TroubleKind.GaveUp => "Argo CD has given up on it",
        TroubleKind.GoingAway => "it is being deleted",
    };

    private static string ShortOver(Alert alert) => alert.Left ? "it is gone" : KindOf(alert) switch
    {
        TroubleKind.SyncFailed => "synced again",
        TroubleKind.Unhealthy => "Healthy again",
        TroubleKind.GaveUp => "Argo CD works on it again",
        TroubleKind.GoingAway => "made again",
    };

    private static Text Line(List<Alert> alerts)
    {
        var first = alerts[0];
        if (alerts is [var only])
        {
            var again = only.Times > 2 ? Text.Of($" It comes and goes, {only.Times} times by now; I say nothing more of it until it is well for {TroubleCourse.Calm}.") : only.Times == 2 ? " It came back." : Text.Empty;
            var look = only.Link is { } link ? Text.Of($" {new Run.Link(link, "Look")}") : Text.Empty;
            return Text.Of($"{only.About.Name:code} since {only.StartedAt}: ") + only.Summary + again + look;
        }

        var names = string.Join(", ", alerts.Take(MostNames).Select(alert => alert.About.Name)) + (alerts.Count > MostNames ? $" and {alerts.Count - MostNames} more" : "");
        return Text.Of($"{$"{alerts.Count} applications":b}, {names}, since {first.StartedAt}. Of {first.About.Name:code}: ") + first.Summary;
    }

    private static Text Over(Alert alert) => alert.Left
        ? Text.Of($"{alert.About.Name:code} is not there any more.")
        : Text.Of($"{alert.About.Name:code}: {ShortOver(alert):b} after {AlertCard.Lasted(alert)}.");

    private static TroubleKind KindOf(Alert alert) => Enum.Parse<TroubleKind>(alert.Name);
}
