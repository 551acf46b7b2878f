using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Outside;

/// <summary>
/// One message about overrides that somebody made past us: what is there with the buttons that say the commands, then what is
/// over. Whoever presses is asked by the same rules as whoever writes.
/// </summary>
public static class OutsideCard
{
    private const int MostLines = 12;

    /// <summary>More than these are a script's work, and nobody takes them one by one.</summary>
    private const int MostRows = 4;

    private static readonly TimeSpan ButtonsLive = TimeSpan.FromDays(30);

    /// <param name="offer">Makes a button that says a command.</param>
    public static Card Of(IReadOnlyList<Alert> alerts, Func<string, string, Button> offer)
    {
        var there = alerts.Where(alert => alert.State == AlertState.Firing).OrderBy(alert => alert.StartedAt).ToList();
        var over = alerts.Where(alert => alert.State == AlertState.Resolved).OrderByDescending(alert => alert.EndedAt).ToList();
        var parts = there.Concat(over).Take(MostLines).Select(Part (alert) => new Part.Paragraph(Line(alert))).ToList();
        if (alerts.Count > MostLines)
        {
            parts.Add(new Part.Paragraph(Text.Of($"… and {alerts.Count - MostLines} more, of which {there.Skip(MostLines).Count()} are still there.")));
        }

        var free = there.Where(alert => alert.Taken is null).Select(alert => alert.About).Distinct().ToList();
        var ours = there.Where(alert => alert is { Taken: null, Override.IsOursToPutBack: true }).Select(alert => alert.About).ToHashSet();
        parts.AddRange(free.Count <= MostRows
            ? free.Select(Part (about) => new Part.Buttons(
                [
                    offer($"own {about}", free.Count == 1 ? "Take ownership" : $"Take {about.Name}"),
                    .. ours.Contains(about) ? [offer($"resume {about}", free.Count == 1 ? "Resume" : $"Resume {about.Name}") with { Confirm = "Argo CD applies what Git says within seconds; what that overwrites of changes by hand is shown first." }] : Array.Empty<Button>(),
                ]))
            : [new Part.Paragraph(Text.Of($"{$"/gitops own {free[0].Name}":code} takes one, {$"/gitops resume {free[0].Name}":code} puts back what was there."))]);
        parts.Add(new Part.Footnote("Seen on the applications themselves; the cluster names tools, not people"));
        return new Card(Title(there, over), there.Count > 0 ? Tone.Alarm : Tone.Good, parts);
    }

    public static Button Offer(Changes changes, MessageKey message, string says, string label, DateTimeOffset now)
    {
        var token = Tokens.Next();
        changes.Offer(new Choice(token, ChoiceKind.SayOfOutside, Guid.Empty, null, message, now + ButtonsLive) { Says = says });
        return new Button(label, token);
    }

    /// <summary>Each in the incident's record, at the moment at which it happened.</summary>
    public static void Record(IncidentFile file, IReadOnlyList<Alert> news)
    {
        foreach (var alert in news.Where(alert => alert is { Taken: null } or { State: AlertState.Resolved }))
        {
            file.Record(
                alert.State == AlertState.Firing ? TimelineKind.ForeignChange : TimelineKind.Settled,
                alert.State == AlertState.Firing ? alert.Override!.Hand : "chatops",
                Line(alert),
                happenedAt: Clock.WholeMilliseconds(alert.State == AlertState.Firing ? alert.StartedAt : alert.EndedAt ?? alert.HeardAt));
        }
    }

    private static string Title(List<Alert> there, List<Alert> over) => (there, over) switch
    {
        ([{ Taken: null, Times: > 0 } only], []) => $"Nobody owns it: {only.About.Name}, {only.Override!.Condition}",
        ([var only], []) => $"Override from outside: {only.About.Name}, {only.Override!.Condition}",
        ([], [{ Left: true } only]) => $"Override from outside: {only.About.Name} stays as it is",
        ([], [var only]) => $"Over: {only.About.Name}, {only.Override!.Over}",
        ([], _) => $"All {over.Count} overrides from outside are over",
        (_, []) => $"{there.Count} overrides from outside",
        _ => $"{there.Count} of {there.Count + over.Count} overrides from outside are still there",
    };

    private static Text Line(Alert alert)
    {
        var name = Text.Of($"{alert.About.Name:code}: ");
        return (alert.State, alert) switch
        {
            (AlertState.Resolved, { Left: true }) => name + Text.Of($"{alert.Override!.Condition}, and people decided that it stays so."),
            (AlertState.Resolved, _) => name + Text.Of($"{alert.Override!.Over:b} after {AlertCard.Lasted(alert)}. {alert.Override.Hand} had changed it."),
            (_, { Taken: { } taken }) => name + alert.Override!.Story + Text.Of($" {taken.Owner:b} took it, in incident {taken.Incident}, until {taken.Until}."),
            (_, { Times: > 0 }) => name + alert.Override!.Story + Text.Of($" {"Nobody has taken it":b}, and it was found {alert.LearnedAt}."),
            _ => name + alert.Override!.Story,
        };
    }
}
