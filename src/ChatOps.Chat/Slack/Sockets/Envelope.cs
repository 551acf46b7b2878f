using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Chat.Slack.Receiving;

namespace ChatOps.Chat.Slack.Sockets;

/// <summary>One frame of Socket Mode: a greeting, a goodbye, or a payload in its envelope.</summary>
internal abstract record Envelope
{
    private Envelope()
    {
    }

    /// <param name="Lasts">How long Slack means to keep the connection; null when it does not say.</param>
    public sealed record Hello(TimeSpan? Lasts) : Envelope;

    public sealed record Disconnect(string Reason) : Envelope;

    public sealed record Payload(string Id, SlackDoor Door, bool TakesAnswer, JsonElement Content) : Envelope
    {
        /// <summary>The same when Slack brings the same again, in whatever envelope.</summary>
        public string FallbackKey => $"slack/body/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content.GetRawText())))}";
    }

    /// <summary>Something new of Slack's: acknowledged where it has an id, else passed over.</summary>
    public sealed record Other(string? Id) : Envelope;

    public static Envelope Read(ReadOnlyMemory<byte> frame)
    {
        using var document = JsonDocument.Parse(frame);
        var root = document.RootElement.Clone();
        var id = root.At("envelope_id").Text();
        var door = root.At("type").Text() switch
        {
            "slash_commands" => SlackDoor.Commands,
            "interactive" => SlackDoor.Interactions,
            "events_api" => SlackDoor.Events,
            _ => (SlackDoor?)null,
        };
        return root.At("type").Text() switch
        {
            "hello" => new Hello(Seconds(root.At("debug_info", "approximate_connection_time"))),
            "disconnect" => new Disconnect(root.At("reason").Text() ?? "unknown"),
            _ when id is not null && door is not null => new Payload(id, door.Value, root.At("accepts_response_payload").IsTrue(), root.At("payload")),
            _ => new Other(id),
        };
    }

    /// <summary>The acknowledgement; null when Slack shall bring it again.</summary>
    public static string? Acknowledge(Payload payload, Ack ack) => ack switch
    {
        Ack.BringAgain => null,
        Ack.Told(var json) when payload.TakesAnswer => Acknowledge(payload.Id, JsonNode.Parse(json)),
        _ => Acknowledge(payload.Id, null),
    };

    public static string Acknowledge(string id, JsonNode? answer)
    {
        var acknowledgement = new JsonObject { ["envelope_id"] = id };
        if (answer is not null)
        {
            acknowledgement["payload"] = answer;
        }

        return acknowledgement.ToJsonString();
    }

    private static TimeSpan? Seconds(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is > 0 and < 1e7 ? TimeSpan.FromSeconds(seconds) : null;
}
