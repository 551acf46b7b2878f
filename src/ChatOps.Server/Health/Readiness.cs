namespace ChatOps.Server.Health;

/// <summary>
/// One part that must work before work is sent here. <paramref name="WhatIsWrongAsync"/> answers null when it works,
/// else a sentence for whoever runs it. Register as many as there are parts.
/// </summary>
public sealed record ReadinessCheck(string Part, Func<CancellationToken, ValueTask<string?>> WhatIsWrongAsync)
{
    /// <summary>False for what is worth knowing and no reason to send nobody here.</summary>
    public bool KeepsPeopleOut { get; init; } = true;

    /// <summary>Something that must have gone well lately: a probe write, an answer of a cluster.</summary>
    public static ReadinessCheck Recent(string part, Func<DateTimeOffset?> lastGood, TimeSpan longest, TimeProvider time) => new(part, _ =>
    {
        var good = lastGood();
        return ValueTask.FromResult(
            good is null ? "has not worked since the start"
            : time.GetUtcNow() - good.Value > longest ? $"has not worked for {Core.Commands.Durations.InWords(time.GetUtcNow() - good.Value)}"
            : null);
    });

    /// <summary>
    /// What was said to people and by people must not lie around. It keeps nobody out: one archived channel can hold a post
    /// for ever, and no more deliveries would not make the others go.
    /// </summary>
    public static ReadinessCheck Backlog(Core.Records.IRecords records, TimeSpan oldest, TimeProvider time) => new("backlog", async ct =>
    {
        var backlog = await records.BacklogAsync(time.GetUtcNow(), ct);
        return backlog.OldestInbox > oldest ? $"{backlog.Inbox} deliveries wait, the oldest for {Core.Commands.Durations.InWords(backlog.OldestInbox)}"
            : backlog.OldestOutbox > oldest ? $"{backlog.Outbox} posts wait, the oldest for {Core.Commands.Durations.InWords(backlog.OldestOutbox)}"
            : null;
    })
    {
        KeepsPeopleOut = false,
    };
}

/// <summary>When something last went well; written by whoever does it, read by <see cref="ReadinessCheck.Recent"/>.</summary>
public sealed class Pulse(TimeProvider time)
{
    private long ticks;

    public DateTimeOffset? Last => Interlocked.Read(ref ticks) is > 0 and var at ? new DateTimeOffset(at, TimeSpan.Zero) : null;

    public void Beat() => Interlocked.Exchange(ref ticks, time.GetUtcNow().UtcTicks);
}

/// <summary>
/// Asks every part at once, each with little patience. Anybody may ask for readiness, and some parts ask a cluster in turn:
/// one look serves all who ask within a moment, so that asking often costs the cluster nothing.
/// </summary>
public sealed class Readiness(IEnumerable<ReadinessCheck> checks, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(3);

    /// <summary>What does not work yet should not be called so for longer than it takes, after a start above all.</summary>
    private static readonly TimeSpan BadFor = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private Task<(string Part, string? Wrong)[]>? look;
    private DateTimeOffset freshUntil;

    /// <summary>Part and what is wrong with it (null: it works).</summary>
    public async Task<IReadOnlyDictionary<string, string?>> LookAsync(CancellationToken ct)
    {
        var parts = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["server"] = lifetime.ApplicationStopping.IsCancellationRequested ? "is stopping"
                : lifetime.ApplicationStarted.IsCancellationRequested ? null : "is starting",
        };
        foreach (var (part, wrong) in await RecentLook().WaitAsync(ct))
        {
            parts[part] = parts.GetValueOrDefault(part) is { } already && wrong is not null ? $"{already}; {wrong}" : parts.GetValueOrDefault(part) ?? wrong;
        }

        return parts;
    }

    public bool KeepsPeopleOut(string part) => checks.Where(check => check.Part == part).All(check => check.KeepsPeopleOut);

    /// <summary>Not tied to who asked first: they may go away, and the others still want the answer.</summary>
    private Task<(string Part, string? Wrong)[]> RecentLook()
    {
        lock (gate)
        {
            if (look is null || look.IsCompleted && time.GetUtcNow() >= freshUntil)
            {
                look = AskAllAsync();
            }

            return look;
        }
    }

    private async Task<(string Part, string? Wrong)[]> AskAllAsync()
    {
        var parts = await Task.WhenAll(checks.Select(async check => (check.Part, Wrong: await AskAsync(check))));
        lock (gate)
        {
            freshUntil = time.GetUtcNow() + (parts.All(part => part.Wrong is null) ? GoodFor : BadFor);
        }

        return parts;
    }

    private async Task<string?> AskAsync(ReadinessCheck check)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            return await check.WhatIsWrongAsync(patience.Token).AsTask().WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return "does not answer";
        }
#pragma warning disable CA1031 // A part that throws is not ready; the probe itself must answer. No message: it could carry an address or more.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"failed with {e.GetType().Name}";
        }
    }
}
