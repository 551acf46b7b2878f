using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Leases;

public enum LeaseKind
{
    Pause,

    /// <summary>A pause that keeps what was rolled back to.</summary>
    RollbackHold,

    /// <summary>Another commit than the application's own is deployed; nothing is paused.</summary>
    Branch,

    /// <summary>Somebody else made the override, and somebody took it as theirs.</summary>
    Outside,
}

public enum LeaseState
{
    /// <summary>Written down before the cluster was asked; the override may or may not be there.</summary>
    Starting,

    /// <summary>The override is stored in the cluster.</summary>
    Active,

    /// <summary>Being undone.</summary>
    Ending,

    Ended,

    /// <summary>Never came to be: the cluster refused.</summary>
    Void,

    /// <summary>Somebody else changed the field: no longer ours to put back. Open until people have settled it, or nothing of it is left.</summary>
    Overtaken,
}

/// <summary>What is known about whether an override works.</summary>
public enum Hold
{
    /// <summary>Stored; the controller has not been seen to know it.</summary>
    Stored,

    /// <summary>The controller has worked on a copy that has it, and nothing older is left running.</summary>
    Holding,

    /// <summary>The controller does not answer.</summary>
    NotKnown,

    /// <summary>The engine syncs by itself again.</summary>
    Reverted,

    /// <summary>The engine still does not sync by itself, and it is not our doing any more.</summary>
    OffByOthers,
}

/// <summary>One override of Git: owner, reason, deadline, what was there before. Immutable.</summary>
public sealed partial record Lease
{
    public required Guid Id { get; init; }

    public required LeaseKind Kind { get; init; }

    public required int Incident { get; init; }

    /// <summary>The operation that made it.</summary>
    public required Guid Operation { get; init; }

    public required ApplicationRef Target { get; init; }

    public required string Uid { get; init; }

    public required PauseMechanism Mechanism { get; init; }

    public required JsonValueAt Before { get; init; }

    public required string KubernetesUser { get; init; }

    /// <summary>Null means that nobody owns it and somebody must.</summary>
    public required string? Owner { get; init; }

    public required string Reason { get; init; }

    /// <summary>First start: what the longest duration counts from.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset Deadline { get; init; }

    /// <summary>No extension goes past this moment.</summary>
    public required DateTimeOffset Latest { get; init; }

    /// <summary>Nobody is asked at the end. Always so for a window, which ends by itself.</summary>
    public required bool ResumeAtDeadline { get; init; }

    /// <summary>The project whose deny window holds it; null: a field of the application does. It stays the one where the window is, wherever the application goes.</summary>
    public string? WindowIn { get; init; }

    /// <summary>What was to be deployed behind that window, a revision for each source: somebody who syncs by hand deploys over it. Empty where nothing was.</summary>
    public IReadOnlyList<string> Deploys { get; init; } = [];

    /// <summary>The operation by which something else than what Git says was deployed under it, after it began. Null: none was, or Git's word was deployed since.</summary>
    public Guid? Deployed { get; init; }

    /// <summary>Of a pause of only some fields: which. Null: of the whole application.</summary>
    public HeldFields? Only { get; init; }

    /// <summary>What was to be written into the set that made the application before it could be paused, and goes after the pause. Null: nothing.</summary>
    public SetEntry? InSet { get; init; }

    /// <summary>What its end needs that would overwrite changes by hand; of a window that ends by itself, an end before that.</summary>
    public Overwriting Overwriting { get; init; } = Overwriting.BySecondPress;

    /// <summary>What people were shown last that its end overwrites; null while nobody was.</summary>
    public OverwriteQuestion? Overwrite { get; init; }

    public required LeaseState State { get; init; }

    public Hold Hold { get; init; }

    public DateTimeOffset? HoldSince { get; init; }

    /// <summary>When its owner was seen to have looked at it and to have left it alone, said once; null: not yet, or its owner is none that tells.</summary>
    public DateTimeOffset? OwnerLookedAt { get; init; }

    /// <summary>For how long it was seen to hold, when it last did not any more. Null: not known.</summary>
    public TimeSpan? Held { get; init; }

    /// <summary>When the owner was last reminded that the end is near; null since the last extension.</summary>
    public DateTimeOffset? NoticedAt { get; init; }

    /// <summary>Times that the passed deadline was brought up, and when last.</summary>
    public int Escalations { get; init; }

    public DateTimeOffset? EscalatedAt { get; init; }

    /// <summary>Whom a message still asks about it, in the order of asking.</summary>
    public IReadOnlyList<AskedAbout> Asked { get; init; } = [];

    /// <summary>Messages in the thread whose buttons still decide about it.</summary>
    public IReadOnlyList<AskedInThread> InThread { get; init; } = [];

    /// <summary>Reverts that were already on their way when the pause was stored have been told of up to here.</summary>
    public DateTimeOffset? RevertsToldUpTo { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Who ended it; while it is overtaken and open, who took it from us.</summary>
    public string? EndedBy { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>An automatic sync was to be ended with it; the resume then gives it back.</summary>
    public bool EndedSync { get; init; }

    /// <summary>Its books were put back from a backup: an extension made since stands on the object alone, and has not been looked for yet.</summary>
    public bool FromBackup { get; init; }

    /// <summary>What was changed by hand in its application, as it was seen last.</summary>
    public IReadOnlyList<ResourceDrift> Hands { get; init; } = [];

    /// <summary>How often that has changed and was told.</summary>
    public int HandsTold { get; init; }

    /// <summary>The last look at that is written down, so that the engine may be let loose.</summary>
    public bool HandsKept { get; init; }

    /// <summary>The override is gone; whether the engine acts again has not been seen yet.</summary>
    public bool AwaitsEngine { get; init; }

    public int Version { get; init; }

    /// <summary>What Git says may be what people got rid of: its end shows that first.</summary>
    public bool KeepsRollback => Kind == LeaseKind.RollbackHold || Deployed is not null;

    public bool IsLive => State is LeaseState.Starting or LeaseState.Active or LeaseState.Ending;

    /// <summary>Something that closing the incident must wait for.</summary>
    public bool IsUnsettled => IsLive || WaitsForPeople;

    /// <summary>Somebody else changed the field, and what is left of it waits for people.</summary>
    public bool WaitsForPeople => State == LeaseState.Overtaken && EndedAt is null;

    /// <summary>Also while its end is being settled.</summary>
    public bool WasOvertaken => Hold is (Hold.Reverted or Hold.OffByOthers);

    /// <summary>Also when nobody has to wait for it.</summary>
    public bool NeedsLooking => IsUnsettled || AwaitsEngine;
}
