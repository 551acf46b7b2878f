using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ChatOps.Storage.Documents;

/// <summary>What every stored document has: the version of its own shape.</summary>
internal interface IDocument
{
    int Version { get; }

    /// <summary>The shape that is written today.</summary>
    static virtual int Newest => DocumentJson.Current;

    /// <summary>Brings a document of an older version into today's shape.</summary>
    static virtual void Upgrade(JsonObject document, int version)
    {
        // There was only one shape.
    }
}

/// <summary>
/// Documents as JSON text, the same for every store. Strict on purpose: a document that is not exactly of a known shape
/// is refused, because reading half of it and saving it again would lose the other half.
/// </summary>
internal static class DocumentJson
{
    public const int Current = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true, // a database that keeps JSON parsed gives the members back in its own order
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new WholeMilliseconds() },
    };

    public static string Write<T>(T document)
        where T : IDocument => JsonSerializer.Serialize(document, Options);

    public static T Read<T>(string json, string what)
        where T : IDocument
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            var version = parsed.RootElement.GetProperty("version").GetInt32();
            if (version < 1 || version > T.Newest)
            {
                throw new StorageRefusedException(
                    $"{what} is stored in version {version}, and this program knows version {T.Newest}. Run the program that wrote it, or a newer one.");
            }

            return version == T.Newest ? parsed.Deserialize<T>(Options)! : Upgraded<T>(json, version).Deserialize<T>(Options)!;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new StorageRefusedException($"{what} cannot be read back: {e.Message} Restore the newest backup.", e);
        }
    }

    private static JsonObject Upgraded<T>(string json, int version)
        where T : IDocument
    {
        var document = JsonNode.Parse(json)!.AsObject();
        T.Upgrade(document, version);
        document["version"] = T.Newest;
        return document;
    }

    private sealed class WholeMilliseconds : JsonConverter<DateTimeOffset>
    {
        private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTimeOffset.TryParseExact(reader.GetString(), Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                ? at
                : throw new JsonException($"'{reader.GetString()}' is not a stored time.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
    }
}
