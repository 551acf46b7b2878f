using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatOps.Platform.Tests.Fakes;

/// <summary>RFC 6902 as the API server does it: a test for null passes where nothing is, if the parent is there.</summary>
internal static class JsonPatchApplication
{
    public static bool TryApply(JsonObject target, string patch)
    {
        using var sent = JsonDocument.Parse(patch);
        return sent.RootElement.Clone().EnumerateArray().All(operation => Apply(target, operation));
    }

    private static bool Apply(JsonObject target, JsonElement sent)
    {
        var operation = JsonObject.Create(sent)!;
        var keys = ((string)operation["path"]!).Split('/').Skip(1)
            .Select(key => key.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))
            .ToList();
        var parent = keys.SkipLast(1).Aggregate((JsonNode?)target, (node, key) => node switch
        {
            JsonArray list => int.TryParse(key, out var at) && at < list.Count ? list[at] : null,
            _ => (node as JsonObject)?[key],
        });
        return parent switch
        {
            JsonArray list => Apply(list, keys[^1], operation),
            JsonObject holder when (string)operation["op"]! == "test" => IsWritten(holder[keys[^1]], sent.GetProperty("value")),
            JsonObject holder => Apply(holder, keys[^1], operation),
            _ => false,
        };
    }

    /// <summary>Texts are the same where they are written in the same way.</summary>
    private static bool IsWritten(JsonNode? there, JsonElement sent) => (there, sent.ValueKind) switch
    {
        (JsonObject map, JsonValueKind.Object) => map.Count == sent.EnumerateObject().Count() && sent.EnumerateObject().All(property => map.ContainsKey(property.Name) && IsWritten(map[property.Name], property.Value)),
        (JsonArray list, JsonValueKind.Array) => list.Count == sent.GetArrayLength() && list.Zip(sent.EnumerateArray()).All(pair => IsWritten(pair.First, pair.Second)),
        (JsonValue value, JsonValueKind.String) when value.TryGetValue<string>(out var text) => sent.GetRawText() == Written(text),
        _ => JsonNode.DeepEquals(there, JsonNode.Parse(sent.GetRawText())),
    };

    private static string Written(string text) => $"\"{string.Concat(text.Select(character => character switch
    {
        '"' => "\\\"",
        '\\' => @"\\",
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => $@"\u{(int)character:x4}",
        _ => character.ToString(),
    }))}\"";

    private static bool Apply(JsonArray list, string place, JsonObject operation)
    {
        var at = place == "-" ? list.Count : int.Parse(place, System.Globalization.CultureInfo.InvariantCulture);
        switch ((string)operation["op"]!)
        {
            case "add" when at <= list.Count:
                list.Insert(at, operation["value"]?.DeepClone());
                return true;
            case "remove" when at < list.Count:
                list.RemoveAt(at);
                return true;
            default:
                return false;
        }
    }

    private static bool Apply(JsonObject parent, string key, JsonObject operation)
    {
        var value = operation["value"]?.DeepClone();
        switch ((string)operation["op"]!)
        {
            case "add":
            case "replace" when parent.ContainsKey(key):
                parent[key] = value;
                return true;
            case "remove":
                return parent.Remove(key);
            default:
                return false;
        }
    }
}
