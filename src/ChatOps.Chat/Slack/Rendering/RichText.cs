using System.Diagnostics;
using System.Text.Json.Nodes;
using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Slack.Rendering;

/// <summary>
/// Text as <c>rich_text</c>, in which a string is only ever a string: no markup, mention or link can come out of data.
/// </summary>
internal static class RichText
{
    /// <summary>Most characters in one block, so that a long text becomes several.</summary>
    public const int MostInBlock = 3000;

    private const string MomentFormat = "{date_short_pretty} at {time}";

    /// <summary>The elements of <paramref name="text"/>, each with the characters it takes, none longer than a block.</summary>
    public static IEnumerable<(JsonObject Element, int Length)> Elements(Text text) => text.Runs.SelectMany(Elements);

    public static JsonObject Block(IEnumerable<JsonObject> elements) =>
        Block(new JsonObject { ["type"] = "rich_text_section", ["elements"] = new JsonArray([.. elements]) });

    public static JsonObject Block(JsonObject container) => new() { ["type"] = "rich_text", ["elements"] = new JsonArray(container) };

    public static JsonObject Preformatted(string value) => Block(new JsonObject
    {
        ["type"] = "rich_text_preformatted",
        ["elements"] = new JsonArray(Word(value)),
    });

    public static JsonObject Word(string value, string? style = null)
    {
        var element = new JsonObject { ["type"] = "text", ["text"] = value };
        if (style is not null)
        {
            element["style"] = new JsonObject { [style] = true };
        }

        return element;
    }

    public static IEnumerable<string> Chunks(string value, int most)
    {
        for (var start = 0; start < value.Length;)
        {
            var end = Math.Min(value.Length, start + most);
            if (end < value.Length)
            {
                // At a line or a word where there is one; never inside a character.
                var soft = value.LastIndexOfAny(['\n', ' '], end - 1, Math.Min(most / 4, end - start));
                end = soft > start ? soft + 1 : char.IsHighSurrogate(value[end - 1]) ? end - 1 : end;
            }

            yield return value[start..end];
            start = end;
        }
    }

    private static IEnumerable<(JsonObject Element, int Length)> Elements(Run run) => run switch
    {
        Run.Plain(var value) => Words(value, null),
        Run.Bold(var value) => Words(value, "bold"),
        Run.Code(var value) => Words(value, "code"),
        Run.Mention(var account) => SlackIds.User(account) is { } user
            ? [(new JsonObject { ["type"] = "user", ["user_id"] = user }, user.Length)]
            : Words($"@{account.UserId}", null),
        Run.GroupMention(var id) => SlackIds.Group(id) is { } group
            ? [(new JsonObject { ["type"] = "usergroup", ["usergroup_id"] = group }, group.Length)]
            : Words($"@{id}", null),
        Run.Link(var target, var label) => Link(target, label),
        Run.Moment moment => Moment(moment),
        Run.LineBreak => [(Word("\n"), 1)],
        _ => throw new UnreachableException(),
    };

    private static IEnumerable<(JsonObject Element, int Length)> Words(string value, string? style) =>
        Chunks(Clean.Text(value), MostInBlock).Select(chunk => (Word(chunk, style), chunk.Length));

    private static IEnumerable<(JsonObject Element, int Length)> Link(Uri target, string label)
    {
        var words = Clean.Cut(Clean.Line(label), 500);
        return SlackIds.Address(target) is { } address
            ? [(new JsonObject { ["type"] = "link", ["url"] = address, ["text"] = words.Length == 0 ? address : words }, address.Length + words.Length)]
            : Words(label, null);
    }

    private static IEnumerable<(JsonObject Element, int Length)> Moment(Run.Moment moment)
    {
        var date = new JsonObject
        {
            ["type"] = "date",
            ["timestamp"] = moment.At.ToUnixTimeSeconds(),
            ["format"] = MomentFormat,
            ["fallback"] = SlackIds.Utc(moment),
        };
        var beside = $" ({SlackIds.UtcTime(moment)})";
        return [(date, 30), (Word(beside), beside.Length)];
    }
}
