using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Wire;

/// <summary>The three request URLs of an app.</summary>
public enum DeliveryKind
{
    Command,
    Interaction,
    Event,
}

/// <summary>One attempt to hand a payload to the app, and what came of it.</summary>
public sealed class Delivery(DeliveryKind kind, JsonObject payload, int retry, string? retryReason)
{
    public DeliveryKind Kind { get; } = kind;

    public JsonObject Payload { get; } = payload;

    /// <summary>0 for the first attempt, then 1 to 3.</summary>
    public int Retry { get; } = retry;

    public string? RetryReason { get; } = retryReason;

    /// <summary>Null while the app has not answered.</summary>
    public AppAnswer? Answer { get; internal set; }

    /// <summary>What was sent, for sending the very same bytes again.</summary>
    internal SignedRequest? Request { get; set; }
}
