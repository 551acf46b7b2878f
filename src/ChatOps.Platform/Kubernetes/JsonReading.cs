using System.Text.Json;

namespace ChatOps.Platform.Kubernetes;

/// <summary>
/// Reads raw objects of a cluster without ever failing on their shape: people and controllers write odd ones. A path that
/// leads nowhere is Undefined, which is not the same as null.
/// </summary>
public static class JsonReading
{
    extension(JsonElement element)
    {
        public bool IsAbsent => element.ValueKind == JsonValueKind.Undefined;

        public bool IsObject => element.ValueKind == JsonValueKind.Object;

        public JsonElement At(params ReadOnlySpan<string> path)
        {
            var current = element;
            foreach (var key in path)
            {
                if (current.ValueKind != JsonValueKind.Object || !current.TryGetProperty(key, out current))
                {
                    return default;
                }
            }

            return current;
        }

        public string? Text(params ReadOnlySpan<string> path) =>
            element.At(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

        public bool Flag(params ReadOnlySpan<string> path) => element.At(path).ValueKind == JsonValueKind.True;

        public int? Number(params ReadOnlySpan<string> path) =>
            element.At(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

        public DateTimeOffset? Time(params ReadOnlySpan<string> path) =>
            element.At(path) is { ValueKind: JsonValueKind.String } text && text.TryGetDateTimeOffset(out var value) ? value : null;

        public IEnumerable<JsonElement> Items(params ReadOnlySpan<string> path) =>
            element.At(path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

        public IEnumerable<string> Texts(params ReadOnlySpan<string> path) =>
            element.Items(path).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!);
    }
}
