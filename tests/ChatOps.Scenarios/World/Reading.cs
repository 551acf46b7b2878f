using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Scenarios.World;

/// <summary>A message as somebody reads it: sentences in one piece, people by their mention, moments with their UTC text.</summary>
public static class Reading
{
    public static string Of(SlackMessage message) => string.Join('\n', (message.Blocks ?? []).Select(Read).Prepend(message.Text));

    public static bool Shows(SlackMessage message, params ReadOnlySpan<string> words)
    {
        var text = Of(message);
        foreach (var word in words)
        {
            if (!text.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private static string Read(JsonNode? node) => node switch
    {
        JsonArray items => string.Join('\n', items.Select(Read).Where(text => text.Length > 0)),
        JsonObject element => (string?)element["type"] switch
        {
            "user" => $"<@{element["user_id"]}>",
            "date" => $"<!date^{element["timestamp"]}^{element["format"]}|{element["fallback"]}>",
            "rich_text_section" or "rich_text_preformatted" or "rich_text_quote" => string.Concat((element["elements"] as JsonArray ?? []).Select(Read)),
            _ => string.Join('\n', element.Where(part => part.Key is not "value").Select(part => part is { Key: "text", Value: JsonValue text } ? text.ToString() : part.Value is JsonValue ? "" : Read(part.Value)).Where(text => text.Length > 0)),
        },
        _ => "",
    };
}
