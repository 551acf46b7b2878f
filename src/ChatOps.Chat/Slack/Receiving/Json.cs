using System.Text.Json;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>Reads what may be missing, null or of another type without ever throwing: Slack adds and drops fields.</summary>
internal static class Json
{
    public static JsonElement At(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static JsonElement At(this JsonElement element, string outer, string inner) => element.At(outer).At(inner);

    /// <summary>Null when absent, no text, or empty; also for half a character (<c>"\ud800"</c>), which JSON allows and no text has.</summary>
    public static string? Text(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static bool IsTrue(this JsonElement element) =>
        element.ValueKind == JsonValueKind.True || element.ValueKind == JsonValueKind.String && element.ValueEquals("true");

    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    public static IEnumerable<JsonProperty> Fields(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];
}
