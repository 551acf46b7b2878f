using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ChatOps.Chat.Tests.Slack;

/// <summary>Block Kit's limits, as Slack publishes them, checked over whatever was rendered.</summary>
internal static partial class BlockLimits
{
    public static void Check(JsonArray blocks)
    {
        Assert.InRange(blocks.Count, 1, 50);
        var actionIds = new HashSet<string>();
        foreach (var block in blocks)
        {
            switch ((string)block!["type"]!)
            {
                case "header":
                    PlainText(block["text"]!, 150);
                    break;
                case "actions":
                    Assert.InRange(block["elements"]!.AsArray().Count, 1, 25);
                    Assert.All(block["elements"]!.AsArray(), button => Button(button!, actionIds));
                    break;
                case "context":
                    Assert.All(block["elements"]!.AsArray(), text => Markup(text!));
                    break;
                case "rich_text":
                    Assert.InRange(Words(block).Sum(word => word.Length), 1, 3600);
                    Assert.All(Words(block), word => Assert.NotEmpty(word));
                    break;
                default:
                    Assert.Equal("divider", (string)block["type"]!);
                    break;
            }
        }
    }

    public static IEnumerable<string> ButtonValues(JsonArray blocks) => blocks
        .Where(block => (string)block!["type"]! == "actions")
        .SelectMany(block => block!["elements"]!.AsArray())
        .Select(button => (string?)button!["value"] ?? (string?)button["url"] ?? "");

    /// <summary>Every <c>&lt;…&gt;</c> must be one that we make; everything else must be escaped.</summary>
    public static void NothingButOurSequences(string markup) =>
        Assert.DoesNotContain(OurSequence().Replace(markup, ""), character => character is '<' or '>');

    private static void Markup(JsonNode text)
    {
        Assert.InRange(((string)text["text"]!).Length, 1, 3000);
        if ((string)text["type"]! == "mrkdwn")
        {
            Assert.True((bool)text["verbatim"]!);
            NothingButOurSequences((string)text["text"]!);
        }
    }

    private static void Button(JsonNode button, HashSet<string> actionIds)
    {
        PlainText(button["text"]!, 75);
        Assert.True(actionIds.Add((string)button["action_id"]!));
        Assert.True(((string?)button["value"])?.Length is null or <= 2000);
        Assert.True(((string?)button["url"])?.Length is null or <= 3000);
        if (button["confirm"] is { } confirm)
        {
            PlainText(confirm["title"]!, 100);
            PlainText(confirm["text"]!, 300);
            PlainText(confirm["confirm"]!, 30);
            PlainText(confirm["deny"]!, 30);
        }
    }

    private static void PlainText(JsonNode text, int most)
    {
        Assert.Equal("plain_text", (string)text["type"]!);
        Assert.InRange(((string)text["text"]!).Length, 1, most);
    }

    private static IEnumerable<string> Words(JsonNode node) => node switch
    {
        JsonObject element when element["text"] is JsonValue text => [(string)text!],
        JsonObject element when element["elements"] is JsonArray inner => inner.SelectMany(child => Words(child!)),
        _ => ["x"],
    };

    [GeneratedRegex(@"<(@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+|!date\^-?[0-9]+\^[^|<>]+\|[^|<>]+|https?://[^|<>\s]+\|[^|<>]+)>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OurSequence();
}
