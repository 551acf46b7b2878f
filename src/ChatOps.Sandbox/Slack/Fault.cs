namespace ChatOps.Sandbox.Slack;

/// <summary>What can go wrong with one Web API call.</summary>
public sealed record Fault
{
    private Fault()
    {
    }

    internal int? Status { get; private init; }

    internal string? Error { get; private init; }

    internal TimeSpan? RetryAfter { get; private init; }

    internal bool IsApplied { get; private init; }

    internal bool Hangs { get; private init; }

    /// <summary>429 with Retry-After; nothing happens.</summary>
    public static Fault RateLimited(TimeSpan retryAfter) => new() { Status = 429, Error = "ratelimited", RetryAfter = retryAfter };

    /// <summary>An HTML-ish 5xx from something in front of Slack; nothing happens.</summary>
    public static Fault ServerError(int status = 503) => new() { Status = status };

    /// <summary>200 with <c>"ok": false</c> and this code; nothing happens.</summary>
    public static Fault Refuse(string error) => new() { Status = 200, Error = error };

    /// <summary>The connection breaks before anything happens.</summary>
    public static Fault Drop() => new();

    /// <summary>No answer until the client gives up; nothing happens.</summary>
    public static Fault Hang() => new() { Hangs = true };

    /// <summary>It happens, and the connection breaks before the answer.</summary>
    public static Fault LoseAnswer() => new() { IsApplied = true };

    /// <summary>It happens, and no answer comes until the client gives up.</summary>
    public static Fault HangAfterApplying() => new() { IsApplied = true, Hangs = true };
}
