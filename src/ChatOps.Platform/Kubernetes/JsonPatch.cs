using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatOps.Platform.Kubernetes;

/// <summary>
/// RFC 6902, written down in the order in which it will be judged. One patch is one decision: it happens whole or not at
/// all. The API server takes a <c>test</c> for null on a path that is not there as true.
/// </summary>
internal sealed class JsonPatch
{
    private readonly JsonArray operations = [];

    /// <summary>One segment of a path, escaped.</summary>
    public static string Segment(string key) => key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    public JsonPatch Test(string path, string json) => Append("test", path, JsonNode.Parse(json));

    public JsonPatch TestText(string path, string text) => Append("test", path, JsonValue.Create(text));

    public JsonPatch TestNothingAt(string path) => Append("test", path, null);

    public JsonPatch Add(string path, string json) => Append("add", path, JsonNode.Parse(json));

    public JsonPatch AddText(string path, string text) => Append("add", path, JsonValue.Create(text));

    public JsonPatch AddTexts(string path, IEnumerable<KeyValuePair<string, string>> texts) =>
        Append("add", path, new JsonObject(texts.Select(text => KeyValuePair.Create(text.Key, (JsonNode?)text.Value))));

    public JsonPatch ReplaceText(string path, string text) => Append("replace", path, JsonValue.Create(text));

    public JsonPatch Remove(string path)
    {
        operations.Add(new JsonObject { ["op"] = "remove", ["path"] = path });
        return this;
    }

    public override string ToString() => ServerTexts.Written(operations.ToJsonString(JsonSerializerOptions.Default));

    private JsonPatch Append(string op, string path, JsonNode? value)
    {
        operations.Add(new JsonObject { ["op"] = op, ["path"] = path, ["value"] = value });
        return this;
    }
}
