using System.Globalization;

namespace ChatOps.Sandbox.Slack.Model;

/// <summary>Message ids: seconds and microseconds, strictly rising, also while a test's clock stands still.</summary>
internal sealed class SlackTimestamps(TimeProvider time)
{
    private long last;

    public string Next()
    {
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        last = Math.Max(now, last + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{last / 1_000_000}.{last % 1_000_000:D6}");
    }
}
