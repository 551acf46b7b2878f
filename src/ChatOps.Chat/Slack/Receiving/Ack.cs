using System.Text.Json;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>How a payload is acknowledged: over HTTP as the response, over the socket as the payload of the acknowledgement.</summary>
internal abstract record Ack
{
    private Ack()
    {
    }

    /// <summary>Stored, known already, or nothing to do: empty.</summary>
    public sealed record Taken : Ack;

    /// <summary>Acknowledged, and the person is told this.</summary>
    public sealed record Told(string Json) : Ack;

    public sealed record Challenged(string Value) : Ack;

    /// <summary>Not stored, and Slack will bring it again if we do not acknowledge.</summary>
    public sealed record BringAgain : Ack;

    public sealed record NotUnderstood : Ack;

    public static Ack Ephemeral(string sentence) =>
        new Told(JsonSerializer.Serialize(new { response_type = "ephemeral", text = sentence }));

    public static Ack AtField(string field, string sentence) =>
        new Told(JsonSerializer.Serialize(new { response_action = "errors", errors = new Dictionary<string, string> { [field] = sentence } }));
}
