using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Scripting;

/// <summary>Everything a message says, for tests that ask whether it says something.</summary>
public static class MessageText
{
    /// <summary>Fallback text and every text in the blocks, a line each.</summary>
    public static string Of(SlackMessage message) => string.Join('\n', Texts(message.Blocks).Prepend(message.Text));

    /// <summary>Every text of a dialog or of the Home tab.</summary>
    public static string Of(SlackView view) => string.Join('\n', Texts(view.Content["blocks"]));

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(property => property is { Key: "text", Value: JsonValue value } ? [value.ToString()] : Texts(property.Value)),
        JsonArray items => items.SelectMany(Texts),
        _ => [],
    };
}
