using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Slack.Posting;

/// <summary>
/// Keeps each key (a method, a channel) at the rate Slack allows, with some burst, and still where Slack said to wait.
/// Callers wait a little; when it is long they are told how long, so that one busy channel holds up nobody else.
/// </summary>
internal sealed class SlackPace(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestBlock = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, DateTimeOffset> nextFree = [];
    private readonly Dictionary<string, DateTimeOffset> blockedUntil = [];

    /// <param name="interval">One call per interval in the long run.</param>
    /// <param name="burst">As many calls may go at once after a silence.</param>
    public async Task WaitAsync(string key, TimeSpan interval, int burst, CancellationToken ct)
    {
        var wait = Reserve(key, interval, burst);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, ct);
        }
    }

    /// <returns>What it took: a second at least, so that whoever asks again and again comes to an end.</returns>
    public async Task<TimeSpan> SitOutAsync(TimeSpan retryAfter, CancellationToken ct)
    {
        var wait = TimeSpan.FromSeconds(Math.Max(1, retryAfter.TotalSeconds));
        await Task.Delay(wait, time, ct);
        return wait;
    }

    public void Block(string key, TimeSpan retryAfter)
    {
        lock (gate)
        {
            var until = time.GetUtcNow() + (retryAfter < LongestBlock ? retryAfter : LongestBlock);
            blockedUntil[key] = blockedUntil.TryGetValue(key, out var already) && already > until ? already : until;
        }
    }

    private TimeSpan Reserve(string key, TimeSpan interval, int burst)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            Forget(now);
            if (blockedUntil.TryGetValue(key, out var until) && until > now)
            {
                throw new ChatUnavailableException($"Slack asked to wait with {key}", until - now, mayHaveHappened: false);
            }

            // nextFree runs ahead of the clock by what was spent; up to a burst of it is free.
            var free = nextFree.TryGetValue(key, out var next) && next > now ? next : now;
            var wait = free - now - (interval * (burst - 1));
            if (wait > Patience)
            {
                throw new ChatUnavailableException($"{key} is at Slack's limit", wait, mayHaveHappened: false);
            }

            nextFree[key] = free + interval;
            return wait;
        }
    }

    /// <summary>Channels come and go for months; what has no debt is not worth remembering.</summary>
    private void Forget(DateTimeOffset now)
    {
        if (nextFree.Count + blockedUntil.Count < 1000)
        {
            return;
        }

        foreach (var (key, _) in nextFree.Where(entry => entry.Value <= now).ToList())
        {
            nextFree.Remove(key);
        }

        foreach (var (key, _) in blockedUntil.Where(entry => entry.Value <= now).ToList())
        {
            blockedUntil.Remove(key);
        }
    }
}
