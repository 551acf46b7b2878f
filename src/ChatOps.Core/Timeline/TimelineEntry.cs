namespace ChatOps.Core.Timeline;

/// <summary>
/// One line of an incident's record. Append-only; <paramref name="Hash"/> covers every other field and the hash before
/// it, so an edited, dropped or reordered entry shows; the thread carries the newest hash, so a cut-off one does too.
/// </summary>
/// <param name="Number">1, 2, 3 … within the incident.</param>
/// <param name="At">When it happened, UTC, whole milliseconds.</param>
/// <param name="LearnedAt">When we learned of it; equal to <paramref name="At"/> unless we were told later.</param>
/// <param name="By">Name of the person, or "chatops", or the controller that did it.</param>
/// <param name="Text">What happened, plain text for people.</param>
/// <param name="Subject">Id of the operation or lease it belongs to.</param>
public sealed record TimelineEntry(
    int Incident,
    int Number,
    DateTimeOffset At,
    DateTimeOffset LearnedAt,
    TimelineKind Kind,
    string By,
    string Text,
    Guid? Subject,
    string Hash);

/// <summary>What an entry tells of. Stored by name: rename nothing, remove nothing.</summary>
public enum TimelineKind
{
    Declared,
    Note,
    ScopeChanged,
    SeverityChanged,
    RoleChanged,
    StateChanged,
    Requested,
    Approved,
    Denied,
    Withdrawn,
    Expired,
    Refused,
    VotesFell,
    Escalated,
    SelfApproved,
    ReviewClosed,
    Started,
    Failed,
    Paused,
    Holding,
    NotKnownToHold,
    Reverted,
    RevertSlippedThrough,
    Extended,
    OwnerChanged,
    DeadlineNear,
    DeadlinePassed,
    Resumed,
    TakenOver,
    ForeignChange,
    RecordRestored,
    Granted,
    GrantNearsEnd,
    GrantEnding,
    GrantEnded,
    GrantProved,
    GrantNotEnded,
    GrantFound,

    /// <summary>The person of a grant fetched a token of its ServiceAccount.</summary>
    TokenClaimed,

    /// <summary>Somebody else tried to.</summary>
    TokenRefused,
    AlertFires,
    AlertResolved,

    /// <summary>What the engine did once an override was gone.</summary>
    SeenAfterEnd,

    Done,
    SignalsRead,

    /// <summary>An override that somebody else had changed is over for us.</summary>
    Settled,

    /// <summary>A question to one person could not be delivered.</summary>
    NotReached,

    /// <summary>Another revision is stored as what the application follows.</summary>
    Switched,

    /// <summary>On a branch that an application runs from.</summary>
    NewCommit,

    /// <summary>A branch was deleted while an application ran from it.</summary>
    BranchGone,

    /// <summary>A branch that an application follows was replaced by another history.</summary>
    BranchRewritten,

    /// <summary>Somebody changed a live object past Git, or took that back.</summary>
    HandChanged,

    /// <summary>What somebody did while access was open, as the cluster's audit log told it, and what that came to at the end.</summary>
    GrantUsed,

    /// <summary>What may outlive access that has ended.</summary>
    GrantLeftBehind,

    /// <summary>Access that no live grant stands behind as it is: seen, and about to be taken away.</summary>
    GrantAstray,

    /// <summary>What an engine did with an application, as it or the object tells.</summary>
    EngineActed,
}
