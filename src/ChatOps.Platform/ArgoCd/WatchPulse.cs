namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Whether a watch is alive: open, and either it was told something or it has stayed open for a moment, since what is opened
/// and at once refused is not. Written by the watch, read by whoever asks.
/// </summary>
internal sealed class WatchPulse(TimeProvider time)
{
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private DateTimeOffset? deadSince = time.GetUtcNow();
    private DateTimeOffset? opened;
    private DateTimeOffset heardAt;
    private string? why;

    public DateTimeOffset? DeadSince
    {
        get
        {
            lock (gate)
            {
                return IsSteady ? null : deadSince;
            }
        }
    }

    public string? Why
    {
        get
        {
            lock (gate)
            {
                return why;
            }
        }
    }

    public bool IsOpen
    {
        get
        {
            lock (gate)
            {
                return opened is not null;
            }
        }
    }

    private bool IsSteady => opened is { } since && time.GetUtcNow() - since >= Steady;

    public void Opened()
    {
        lock (gate)
        {
            opened = heardAt = time.GetUtcNow();
        }
    }

    public void Told()
    {
        lock (gate)
        {
            (deadSince, heardAt) = (null, time.GetUtcNow());
        }
    }

    public void Ended(WatchEnd end)
    {
        lock (gate)
        {
            var until = end.WasSilent ? heardAt : time.GetUtcNow();
            deadSince = IsSteady ? until : deadSince ?? until;
            (opened, why) = (null, end.Why);
        }
    }
}
