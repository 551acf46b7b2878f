using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ChatOps.Platform.Kubernetes;

/// <summary>
/// One text for one value: compact, keys sorted. What people approve is compared and hashed as text, and an API server is
/// free to send the keys in another order next time.
/// </summary>
internal static class CanonicalJson
{
    public static string? Of(JsonElement element)
    {
        if (element.IsAbsent)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, element);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static bool AreEqual(string? left, string? right) =>
        left == right || (left is not null && right is not null && Reread(left) == Reread(right));

    private static string? Reread(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
