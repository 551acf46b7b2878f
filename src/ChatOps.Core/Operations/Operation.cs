using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Policy;

namespace ChatOps.Core.Operations;

public enum OperationKind
{
    Pause,

    /// <summary>Moves the end of a lease; needs its rule again.</summary>
    Extend,

    /// <summary>Gives one person access for a while.</summary>
    Grant,

    /// <summary>Has the engine compare again.</summary>
    Refresh,

    /// <summary>Has the engine apply a commit.</summary>
    Sync,

    /// <summary>Ends an operation of the engine.</summary>
    Terminate,

    /// <summary>Pauses and has the engine deploy what it deployed before.</summary>
    Rollback,

    /// <summary>Has the engine deploy one commit of a branch for a while.</summary>
    Branch,
}

public enum OperationState
{
    Requested,
    AwaitingApproval,
    Approved,
    Running,
    Succeeded,
    Failed,
    Refused,
    Denied,
    Expired,
    Withdrawn,
}

/// <summary>One person's yes to one plan.</summary>
/// <param name="Person">Name of the person: one vote, however many accounts.</param>
/// <param name="PlanHash">The plan they saw.</param>
public sealed record Approval(string Person, string PlanHash, DateTimeOffset At)
{
    /// <summary>They agreed to no longer than this, counted from the start; null: to all that was asked.</summary>
    public TimeSpan? AtMost { get; init; }

    /// <summary>By what they were known when they voted; null for votes from before that was kept.</summary>
    public Recognition? KnownBy { get; init; }
}

/// <summary>Who votes, as they are at this moment.</summary>
/// <param name="Eligible">They hold a role that may approve it, and are known well enough for its rule.</param>
public readonly record struct Voter(string Person, bool Eligible, Recognition KnownBy);

/// <summary>
/// What the rulebook said when the operation was requested: stored with it, so that a later edit of the policy cannot
/// change what people are approving.
/// </summary>
/// <param name="Role">The role of the requester whose rule matched.</param>
/// <param name="KubernetesUser">The user that role acts as.</param>
/// <param name="ApprovalsNeeded">Distinct people, never the requester.</param>
/// <param name="ApproverRole">The role they must hold when they click; null when none are needed.</param>
/// <param name="LongestInAll">Cap of the override, counted from its first start.</param>
public sealed record Authority(
    string Rule,
    string PolicyVersion,
    string Role,
    string KubernetesUser,
    int ApprovalsNeeded,
    string? ApproverRole,
    TimeSpan LongestInAll,
    bool ResumeAtDeadline,
    IReadOnlyList<AskNext> AskNext,
    Emergency? Emergency)
{
    /// <summary>Whoever is known by something weaker neither asks nor votes under this rule.</summary>
    public Recognition KnownByAtLeast { get; init; }

    /// <summary>What the end of the override needs that would overwrite changes by hand.</summary>
    public Overwriting Overwriting { get; init; } = Overwriting.BySecondPress;

    /// <summary>Who acts, by which rule, with whose approval: what the deciders read on the card.</summary>
    public bool SaysTheSameAs(Authority other) =>
        (Rule, PolicyVersion, Role, KubernetesUser, ApprovalsNeeded, ApproverRole, KnownByAtLeast)
        == (other.Rule, other.PolicyVersion, other.Role, other.KubernetesUser, other.ApprovalsNeeded, other.ApproverRole, other.KnownByAtLeast);
}

/// <summary>Who else is asked, and may then approve, when nobody answered for <paramref name="After"/> since the request.</summary>
public sealed record AskNext(string Role, TimeSpan After);

/// <summary>When the requester may approve alone, and for how long at most.</summary>
/// <param name="AfterSilence">Counted from the confirmed delivery of the question to an eligible approver.</param>
public sealed record Emergency(TimeSpan AfterSilence, TimeSpan Longest);

/// <summary>One requested change. Immutable; terminal states never revive.</summary>
public sealed partial record Operation
{
    public required Guid Id { get; init; }

    public required OperationKind Kind { get; init; }

    public required int Incident { get; init; }

    public required string RequestedBy { get; init; }

    /// <summary>The requester's name in Kubernetes, for the audit log; their configured name when they have none.</summary>
    public required string RequestedByKubernetesName { get; init; }

    /// <summary>By what the requester was known, where that is asked: for access.</summary>
    public Recognition? RequesterKnownBy { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public required string Reason { get; init; }

    /// <summary>How long the override shall last, counted from the moment it is stored.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The end as a moment: when the requester named one (<c>until 14:30</c>), and always once it runs.</summary>
    public DateTimeOffset? Until { get; init; }

    public required Plan Plan { get; init; }

    public required Authority Authority { get; init; }

    public required OperationState State { get; init; }

    public required DateTimeOffset StateSince { get; init; }

    /// <summary>After this moment nobody can approve it any more.</summary>
    public required DateTimeOffset RequestExpiresAt { get; init; }

    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>What the approvers left of the time that was asked for: the shortest counts. Null: all of it.</summary>
    public TimeSpan? ApprovedAtMost => Approvals.Min(approval => approval.AtMost);

    /// <summary>Roles already asked because nobody answered, in order.</summary>
    public IReadOnlyList<string> AskedNext { get; init; } = [];

    /// <summary>When to ask again, because not everybody who may approve could be read; null when all were asked.</summary>
    public DateTimeOffset? AskAgainAt { get; init; }

    /// <summary>Since when its card lets the requester approve it alone; null while it does not.</summary>
    public DateTimeOffset? OfferedAloneAt { get; init; }

    /// <summary>Set when the requester approved it alone, in an emergency; the name of who closed the review, or "" while it is open.</summary>
    public string? ReviewClosedBy { get; init; }

    public bool SelfApproved { get; init; }

    /// <summary>The lease that it makes (pause) or moves (extend).</summary>
    public required Guid Lease { get; init; }

    /// <summary>Tries against the cluster so far.</summary>
    public int Attempts { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>What the card told the deciders besides the plan, as found when it was planned.</summary>
    public IReadOnlyList<Text> Notices { get; init; } = [];

    /// <summary>While the engine carries it out: what was seen of that last.</summary>
    public string? Progress { get; init; }

    /// <summary>Why it ended as it did, for people.</summary>
    public string? Outcome { get; init; }

    public int Version { get; init; }

    public bool IsTerminal => State is OperationState.Succeeded or OperationState.Failed or OperationState.Refused
        or OperationState.Denied or OperationState.Expired or OperationState.Withdrawn;

    public bool ReviewOwed => SelfApproved && string.IsNullOrEmpty(ReviewClosedBy) && State is (OperationState.Running or OperationState.Succeeded);
}
