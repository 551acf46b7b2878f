using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary>The arguments of one call, from a form, a query or a JSON body; nested values of a form are JSON in text.</summary>
internal sealed class ApiArguments(JsonObject values)
{
    public JsonObject Values { get; } = values;

    public string? Text(string name) => Values[name] is JsonValue value ? value.ToString() : null;

    public string Need(string name) =>
        Text(name) is { Length: > 0 } text ? text : throw new SlackRefusal("invalid_arguments", $"[ERROR] missing required field: {name}");

    public bool Flag(string name) => Text(name) is "true" or "True" or "1";

    public int Number(string name, int otherwise) =>
        int.TryParse(Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    /// <summary>A nested value, however it came; null when absent.</summary>
    public T? Json<T>(string name, string otherwise)
        where T : JsonNode
    {
        var node = Values[name];
        if (node is JsonValue value && value.TryGetValue<string>(out var text))
        {
            if (text.Length == 0)
            {
                return null;
            }

            try
            {
                node = JsonNode.Parse(text);
            }
            catch (JsonException)
            {
                throw new SlackRefusal(otherwise);
            }
        }

        return node switch
        {
            null => null,
            T json => (T)json.DeepClone(),
            _ => throw new SlackRefusal(otherwise),
        };
    }

    public string[] List(string name) => Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
