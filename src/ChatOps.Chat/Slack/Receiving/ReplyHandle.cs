using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>What Slack lends us to answer one person: some minutes for the URL, some seconds for the trigger. A secret.</summary>
internal sealed record ReplyHandle(
    [property: JsonPropertyName("response_url")] string? ResponseUrl,
    [property: JsonPropertyName("trigger_id")] string? TriggerId,
    [property: JsonPropertyName("channel")] string? Channel,
    [property: JsonPropertyName("thread")] string? Thread)
{
    private static readonly JsonSerializerOptions Compact = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static ReplyHandle? Parse(string? handle)
    {
        if (string.IsNullOrEmpty(handle))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<ReplyHandle>(handle);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Names the delivery that brought this trigger. Keys are stored and logged in the clear, so it is not the trigger itself.</summary>
    public static string KeyOf(string trigger) => $"slack/trigger/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(trigger)))}";

    public override string ToString() => "(reply handle)";

    public string ToHandle() => JsonSerializer.Serialize(this, Compact);
}

/// <summary>What a dialog carries, so that its answer finds its place again: an opaque token, and where it was asked.</summary>
internal sealed record DialogOrigin(
    [property: JsonPropertyName("token")] string Token,
    [property: JsonPropertyName("channel")] string? Channel,
    [property: JsonPropertyName("thread")] string? Thread)
{
    /// <summary>Slack keeps at most this much with a dialog.</summary>
    public const int MostCharacters = 3000;

    public static DialogOrigin? Parse(string? metadata)
    {
        if (string.IsNullOrEmpty(metadata))
        {
            return null;
        }

        try
        {
            return metadata[0] == '{' ? JsonSerializer.Deserialize<DialogOrigin>(metadata) : new(metadata, null, null);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToMetadata() => JsonSerializer.Serialize(this);
}
