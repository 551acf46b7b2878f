using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Wire;

/// <summary>What the app answered; <see cref="Failure"/> is the reason in Slack's words (http_timeout, http_error …) when it did not acknowledge.</summary>
public sealed record AppAnswer(int Status, string Body, string? Failure)
{
    public bool IsAcknowledged => Failure is null;

    /// <summary>The app asked for no further attempt (<c>x-slack-no-retry: 1</c>).</summary>
    public bool ForbidsRetry { get; init; }

    internal static AppAnswer Acknowledged(JsonObject? payload) => new(200, payload is null || payload.Count == 0 ? "" : payload.ToJsonString(), null);

    internal static AppAnswer Failed(string reason) => new(0, "", reason);

    /// <summary>The answer as JSON, or null when it is empty or plain text.</summary>
    public JsonObject? Json()
    {
        if (!Body.TrimStart().StartsWith('{'))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
