using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Scenarios.Clicks;

/// <summary>A message as it is read: a sentence in one piece, whatever bold and code is in it.</summary>
public static class Words
{
    public static string Of(SlackMessage message) => string.Join('\n', Lines(message.Blocks).Prepend(message.Text));

    private static IEnumerable<string> Lines(JsonNode? node) => node switch
    {
        JsonObject json when json["type"]?.ToString() is "rich_text_section" or "rich_text_preformatted" => [string.Concat(json["elements"]!.AsArray().Select(Piece))],
        JsonObject json => json.SelectMany(property => property is { Key: "text", Value: JsonValue value } ? [value.ToString()] : Lines(property.Value)),
        JsonArray items => items.SelectMany(Lines),
        _ => [],
    };

    private static string Piece(JsonNode? element) => element?["text"]?.ToString() ?? (element?["user_id"] is { } user ? $"@{user}" : element?["fallback"]?.ToString() ?? "");
}
