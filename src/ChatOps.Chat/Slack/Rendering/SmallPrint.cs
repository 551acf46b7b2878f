using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Slack.Rendering;

/// <summary>
/// A footnote. Slack takes only its own markup here, so every string is escaped, and one that could still be read as
/// formatting, a quote or an emoji becomes a code span.
/// </summary>
internal static partial class SmallPrint
{
    private const int MostCharacters = 2000;
    private const char Ellipsis = '…';

    public static JsonObject? Block(Text text)
    {
        var markup = new StringBuilder();
        foreach (var run in text.Runs)
        {
            var piece = Markup(run);
            if (markup.Length + piece.Length > MostCharacters)
            {
                markup.Append(Ellipsis);
                break;
            }

            // Two spans that touch would be read as one.
            if (markup.Length > 0 && piece.Length > 0 && markup[^1] == piece[0] && piece[0] is ('`' or '*'))
            {
                markup.Append(' ');
            }

            markup.Append(piece);
        }

        return markup.ToString().Trim().Length == 0 ? null : new JsonObject
        {
            ["type"] = "context",
            ["elements"] = new JsonArray(new JsonObject { ["type"] = "mrkdwn", ["text"] = markup.ToString(), ["verbatim"] = true }),
        };
    }

    private static string Markup(Run run) => run switch
    {
        Run.Plain(var value) => string.Join('\n', Clean.Text(value).Split('\n').Select(Data)),
        Run.Bold(var value) => Clean.Line(value) is var line && CanBeRead(line) ? Code(line) : Styled(line, '*'),
        Run.Code(var value) => Code(Clean.Line(value)),
        Run.Mention(var account) => SlackIds.User(account) is { } user ? $"<@{user}>" : Data(Clean.Line($"@{account.UserId}")),
        Run.GroupMention(var id) => SlackIds.Group(id) is { } group ? $"<!subteam^{group}>" : Data(Clean.Line($"@{id}")),
        Run.Link(var target, var label) => Link(target, Clean.Cut(Clean.Line(label), 300)),
        Run.Moment moment => $"<!date^{moment.At.ToUnixTimeSeconds()}^{{date_short_pretty}} at {{time}}|{SlackIds.Utc(moment)}> ({SlackIds.UtcTime(moment)})",
        Run.LineBreak => "\n",
        _ => throw new UnreachableException(),
    };

    private static string Data(string line) => CanBeRead(line) ? Code(line) : Clean.EscapedCut(line, MostCharacters / 2);

    private static string Code(string line)
    {
        var words = Clean.EscapedCut(line.Replace('`', '\'').Trim(), MostCharacters / 2);
        return words.Length == 0 ? Space(line.Length > 0) : $"{Space(line[0] == ' ')}`{words}`{Space(line[^1] == ' ')}";
    }

    private static string Space(bool wanted) => wanted ? " " : "";

    private static string Styled(string line, char mark) => line.Trim().Length == 0 ? "" : $"{mark}{Clean.EscapedCut(line.Trim(), MostCharacters / 2)}{mark}";

    /// <summary>A label with a bar or a bracket would end the link early; inside it nothing can be a code span.</summary>
    private static string Link(Uri target, string label)
    {
        var words = Clean.EscapedCut(Formatting().Replace(label.Replace('|', '/'), "'"), 600);
        return SlackIds.Address(target) is { Length: < 1000 } address ? $"<{address}|{(words.Length == 0 ? "link" : words)}>" : Data(label);
    }

    private static bool CanBeRead(string line) => Formatting().IsMatch(line) || Emoji().IsMatch(line);

    [GeneratedRegex("[*_~`>]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Formatting();

    [GeneratedRegex(":[a-z0-9_+'-]+:", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Emoji();
}
