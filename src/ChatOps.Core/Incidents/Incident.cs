using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Incidents;

public enum IncidentState
{
    Open,
    Mitigated,
    Reconciling,
    Closed,
}

public enum Severity
{
    Sev1 = 1,
    Sev2,
    Sev3,
    Sev4,
}

/// <summary>
/// One incident. Immutable: each change returns the next one, with the timeline entry that tells of it. Saving it checks
/// <see cref="Version"/>, which also serialises the timeline.
/// </summary>
public sealed record Incident
{
    /// <summary>In <see cref="DeclaredBy"/> of one that nobody declared: an override was found whose incident the books do not have.</summary>
    public const string OpenedByUs = "chatops";

    public required int Number { get; init; }

    public required string Title { get; init; }

    public required Severity Severity { get; init; }

    public required IncidentState State { get; init; }

    public required DateTimeOffset DeclaredAt { get; init; }

    /// <summary>Names of people (<see cref="People.Person.Name"/>), here and below.</summary>
    public required string DeclaredBy { get; init; }

    /// <summary>Who acts.</summary>
    public required string Operator { get; init; }

    /// <summary>Who decides; naming somebody here gives no authority, the rulebook does.</summary>
    public string? Commander { get; init; }

    /// <summary>The channels it lives in, one per platform; the thread is the message <see cref="MessageKey.Incident"/> there.</summary>
    public required IReadOnlyList<Channel> Channels { get; init; }

    public required IReadOnlyList<ApplicationRef> Scope { get; init; }

    /// <summary>Those of the scope that the policy covers and the cluster's RBAC did not, when they were looked at last.</summary>
    public IReadOnlyList<ApplicationRef> NotCovered { get; init; } = [];

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Entries written so far.</summary>
    public int Entries { get; init; }

    /// <summary>Hash of the last entry.</summary>
    public required string Head { get; init; }

    /// <summary>Counts saves; 0 was never saved.</summary>
    public int Version { get; init; }

    public bool IsOpen => State != IncidentState.Closed;

    /// <summary>Appends to the record.</summary>
    public Incident Record(TimelineKind kind, string by, string text, DateTimeOffset now, out TimelineEntry entry, Guid? subject = null, DateTimeOffset? happenedAt = null)
    {
        entry = new TimelineEntry(Number, Entries + 1, happenedAt ?? now, now, kind, by, text, subject, "");
        entry = entry with { Hash = Chain.HashOf(Head, entry) };
        return this with { Entries = entry.Number, Head = entry.Hash };
    }
}
