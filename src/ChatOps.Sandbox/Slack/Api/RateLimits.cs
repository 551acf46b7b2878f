namespace ChatOps.Sandbox.Slack.Api;

/// <summary>Slack's pacing with a little burst: so many a minute per method, and a message a second per channel.</summary>
internal sealed class RateLimits(TimeProvider time)
{
    private const int Burst = 5;
    private readonly Dictionary<string, DateTimeOffset> next = [];

    /// <summary>How long to wait, or null when the call may go on.</summary>
    public TimeSpan? Refuse(ApiMethod method, ApiArguments arguments)
    {
        var interval = TimeSpan.FromMinutes(1) / method.PerMinute;
        var wait = Take(method.Name, interval);
        return wait is null && method.Name == "chat.postMessage" ? Take($"channel {arguments.Text("channel")}", TimeSpan.FromSeconds(1)) : wait;
    }

    private TimeSpan? Take(string key, TimeSpan interval)
    {
        var now = time.GetUtcNow();
        var due = next.GetValueOrDefault(key, now);
        due = due < now ? now : due;
        if (due - now > interval * (Burst - 1))
        {
            return due - now - interval * (Burst - 1);
        }

        next[key] = due + interval;
        return null;
    }
}
