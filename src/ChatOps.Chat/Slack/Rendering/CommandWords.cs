using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Slack.Rendering;

/// <summary>Cards tell people what to type by the product's own names of the commands; this workspace may know them by others.</summary>
internal static class CommandWords
{
    private static readonly SlackCommandNames Own = new();

    public static Card As(this Card card, SlackCommandNames names) =>
        names.Incident == Own.Incident && names.Gitops == Own.Gitops && names.Breakglass == Own.Breakglass ? card : card with
        {
            Title = Renamed(card.Title, names),
            Summary = Renamed(card.Summary, names),
            Parts = [.. card.Parts.Select(part => Renamed(part, names))],
        };

    private static Part Renamed(Part part, SlackCommandNames names) => part switch
    {
        Part.Paragraph(var text) => new Part.Paragraph(Renamed(text, names)),
        Part.Footnote(var text) => new Part.Footnote(Renamed(text, names)),
        Part.Facts(var rows) => new Part.Facts([.. rows.Select(row => row with { Value = Renamed(row.Value, names) })]),
        _ => part,
    };

    private static Text Renamed(Text text, SlackCommandNames names) =>
        new([.. text.Runs.Select(run => run is Run.Code(var value) ? new Run.Code(Renamed(value, names)) : run)]);

    private static string Renamed(string words, SlackCommandNames names) =>
        Begins(words, Own.Incident) ? names.Incident + words[Own.Incident.Length..]
        : Begins(words, Own.Gitops) ? names.Gitops + words[Own.Gitops.Length..]
        : Begins(words, Own.Breakglass) ? names.Breakglass + words[Own.Breakglass.Length..]
        : words;

    private static bool Begins(string words, string command) =>
        words.StartsWith(command, StringComparison.Ordinal) && (words.Length == command.Length || words[command.Length] == ' ');
}
