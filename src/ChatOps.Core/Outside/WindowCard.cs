using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Outside;

/// <summary>
/// One message about sync windows that somebody added past us: what each holds back and until when, with the button that
/// makes one somebody's to bring into Git or to end. ChatOps may write windows of its own and no others, so it says who ends it.
/// </summary>
public static class WindowCard
{
    private const int MostLines = 8;
    private const int MostNames = 8;
    private const int MostButtons = 4;
    private const int MostCommands = 2;

    /// <param name="offer">Makes a button that says a command.</param>
    public static Card Of(IReadOnlyList<Alert> alerts, Func<string, string, Button> offer)
    {
        var there = alerts.Where(alert => alert.State == AlertState.Firing).OrderBy(alert => alert.StartedAt).ToList();
        var over = alerts.Where(alert => alert.State == AlertState.Resolved).OrderByDescending(alert => alert.EndedAt).ToList();
        var parts = there.Concat(over).Take(MostLines).Select(Part (alert) => new Part.Paragraph(Line(alert))).ToList();
        if (alerts.Count > MostLines)
        {
            parts.Add(new Part.Paragraph(Text.Of($"… and {alerts.Count - MostLines} more.")));
        }

        if (Free(there) is { Count: > 0 } free)
        {
            parts.Add(new Part.Buttons([.. free.Take(MostButtons).Select(one => offer($"own {one}", free.Count == 1 ? "Take ownership" : $"Take {one.Name}"))]));
        }

        if (there.Count > 0)
        {
            parts.Add(new Part.Paragraph("I may write windows of my own and no others. Whoever may edit the project takes one out with this, one at a time: where the project's windows have changed since, it is refused, and this message then has it anew. If it is meant to stay, write it into Git."));
            parts.Add(new Part.Verbatim(string.Join('\n', there.Take(MostCommands).Select(alert => alert.Window!.ByHand).Distinct())));
        }

        parts.Add(new Part.Footnote("Seen on the projects themselves; the cluster names tools, not people"));
        return new Card(Title(there, over), there.Count > 0 ? Tone.Warning : Tone.Good, parts);
    }

    /// <summary>Each in the incident's record, at the moment at which it happened.</summary>
    public static void Record(IncidentFile file, IReadOnlyList<Alert> news)
    {
        foreach (var alert in news.Where(alert => alert is { Taken: null } or { State: AlertState.Resolved }))
        {
            file.Record(
                alert.State == AlertState.Firing ? TimelineKind.ForeignChange : TimelineKind.Settled,
                alert.State == AlertState.Firing ? alert.Window!.Hand : "chatops",
                Line(alert),
                happenedAt: Clock.WholeMilliseconds(alert.State == AlertState.Firing ? alert.StartedAt : alert.EndedAt ?? alert.HeardAt));
        }
    }

    /// <summary>A window is taken by the name of an application that it reaches; of those that nobody took, the first of each.</summary>
    private static List<ApplicationRef> Free(List<Alert> there) => [.. there.Where(alert => alert is { Taken: null, Window.Reaches: [_, ..] }).Select(alert => alert.Window!.Reaches[0]).Distinct()];

    private static string Title(List<Alert> there, List<Alert> over) => (there, over) switch
    {
        ([{ Taken: null, Times: > 0 } only], []) => $"Nobody owns it: the sync window in project {only.Window!.Project}",
        ([var only], []) => $"Sync window from outside in project {only.Window!.Project}",
        ([], [{ Left: true, Taken: not null } only]) => $"The sync window in project {only.Window!.Project} stays",
        ([], [{ Left: true } only]) => $"The sync window in project {only.Window!.Project} is Git's now",
        ([], [var only]) => $"Over: the sync window in project {only.Window!.Project} is gone",
        ([], _) => $"All {over.Count} sync windows from outside are over",
        (_, []) => $"{there.Count} sync windows from outside",
        _ => $"{there.Count} of {there.Count + over.Count} sync windows from outside are still there",
    };

    private static Text Line(Alert alert)
    {
        var window = alert.Window!;
        var what = Text.Of($"project {window.Project:code}: {window.Words}");
        return alert switch
        {
            { State: AlertState.Resolved, Left: true, Taken: { } taken } => what + Text.Of($" stays: it is what Git says now, or people decided so in incident {taken.Incident}."),
            { State: AlertState.Resolved, Left: true } => what + " is what Git says now.",
            { State: AlertState.Resolved } => what + Text.Of($" is out of the project again after {AlertCard.Lasted(alert)}. {window.Hand} had added it."),
            _ => what + Text.Of($" was added or changed by {window.Hand:b}{(window.At is { } at ? Text.Of($" at {at}") : Text.Empty)}, not through me. ") + Effect(window) + Whose(alert),
        };
    }

    private static Text Whose(Alert alert) => alert switch
    {
        { Taken: { } taken } => Text.Of($" {taken.Owner:b} took it, in incident {taken.Incident}, until {taken.Until}."),
        { Times: > 0 } => Text.Of($" {"Nobody has taken it":b}, and it was found {alert.LearnedAt}."),
        _ => Text.Empty,
    };

    private static Text Effect(OutsideWindow window)
    {
        if (window.Reaches.Count == 0)
        {
            return "It holds no application back that there is now.";
        }

        var names = string.Join(", ", window.Reaches.Take(MostNames).Select(application => application.Name)) + (window.Reaches.Count > MostNames ? $" and {window.Reaches.Count - MostNames} more" : "");
        var held = Text.Of($"Argo CD neither deploys to {names:b} by itself nor puts anything back{(window.ByHandToo ? ", and nobody can sync by hand," : "")} ");
        return (window.Denies, window.OpenUntil, window.OpensAt) switch
        {
            (true, { } until, _) when until == SeenWindow.NoEnd => held + "while it is there: it is open, and no end is in sight.",
            (true, { } until, _) => held + Text.Of($"until {until}."),
            (true, null, { } opens) => held + Text.Of($"while it is open, from {opens} on."),
            (true, null, null) => held + "while it is open.",
            (false, { } until, _) => held + Text.Of($"while it is closed; it is open {(until == SeenWindow.NoEnd ? "without an end in sight" : Text.Of($"until {until}"))}."),
            (false, null, { } opens) => held + Text.Of($"until it opens at {opens}, unless another window that allows it is open."),
            (false, null, null) => held + "while it is closed, as it is now.",
        };
    }
}
