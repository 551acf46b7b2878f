using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary>One Web API request as it came in, and what was answered; the token is not kept.</summary>
public sealed record ApiCall(string Method, JsonObject Arguments, DateTimeOffset At)
{
    public string? ContentType { get; init; }

    /// <summary>Null when the connection was dropped or the answer got lost.</summary>
    public JsonObject? Answer { get; internal set; }

    public int Status { get; internal set; } = 200;

    internal TimeSpan? RetryAfter { get; set; }

    public bool IsOk => (bool?)Answer?["ok"] == true;

    public string? Error => (string?)Answer?["error"];

    public string? Text(string name) => Arguments[name] is JsonValue value ? value.ToString() : null;
}
