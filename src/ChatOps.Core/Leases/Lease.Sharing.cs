namespace ChatOps.Core.Leases;

/// <content>A pause that another incident needs as well.</content>
public sealed partial record Lease
{
    /// <summary>The operation of another incident that paused the application before this one needed it. Null: its own did.</summary>
    public Guid? Joins { get; init; }

    /// <summary>Of one that other incidents' pauses were there before: since when the application was paused then.</summary>
    public DateTimeOffset? JoinedSince { get; init; }

    /// <summary>Since when the application is paused without a break, as far as this lease tells.</summary>
    public DateTimeOffset PausedSince => JoinedSince ?? StartedAt;

    /// <summary>The incidents that hold the same pause, as people were told last.</summary>
    public IReadOnlyList<int> HeldWith { get; init; } = [];

    /// <summary>It was to end only because another incident held the pause on: it may let go, and let nothing loose.</summary>
    public bool OnlyLetsGo { get; init; }

    /// <summary>The operation whose mark the override carries in the cluster.</summary>
    public Guid Mark => Joins ?? Operation;

    /// <summary>It turned out that nobody else holds it: it goes on, and people decide about its end.</summary>
    public Lease GoOn() => this with { State = LeaseState.Active, OnlyLetsGo = false, EndedBy = null, NextAttemptAt = null, HandsKept = false };
}
