using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Blocks;

/// <summary>What is wrong with a payload, in the words and pointers of <c>response_metadata.messages</c>.</summary>
internal sealed class Findings
{
    public List<string> Messages { get; } = [];

    public void Add(string problem, string pointer) => Messages.Add($"[ERROR] {problem} [json-pointer:{pointer}]");

    public void MustHave(JsonObject json, string name, string pointer)
    {
        if (json[name] is null)
        {
            Add($"missing required field: {name}", pointer);
        }
    }

    /// <summary>Length in UTF-16 code units, as Slack counts.</summary>
    public void Length(JsonObject json, string name, int most, string pointer, int least = 0)
    {
        if (json[name] is not { } node)
        {
            return;
        }

        if (!IsText(node, out var text))
        {
            Add("must be a string", $"{pointer}/{name}");
        }
        else if (text.Length > most)
        {
            Add($"must be less than {most + 1} characters", $"{pointer}/{name}");
        }
        else if (text.Length < least)
        {
            Add($"must be more than {least - 1} characters", $"{pointer}/{name}");
        }
    }

    public JsonArray Items(JsonObject json, string name, int most, string pointer, int least = 1)
    {
        if (json[name] is not JsonArray items)
        {
            Add(json[name] is null ? $"missing required field: {name}" : "must provide an array", pointer);
            return [];
        }

        if (items.Count > most)
        {
            Add($"no more than {most} items allowed", $"{pointer}/{name}");
        }
        else if (items.Count < least)
        {
            Add($"no fewer than {least} items required", $"{pointer}/{name}");
        }

        return items;
    }

    public void OneOf(JsonObject json, string name, string pointer, params ReadOnlySpan<string> allowed)
    {
        if (json[name] is { } node && !(IsText(node, out var text) && allowed.Contains(text)))
        {
            Add($"must be one of: {string.Join(", ", allowed)}", $"{pointer}/{name}");
        }
    }

    public static bool IsText(JsonNode? node, out string text)
    {
        text = "";
        return node is JsonValue value && value.TryGetValue(out text!);
    }
}
