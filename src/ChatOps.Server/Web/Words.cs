using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Timeline;

namespace ChatOps.Server.Web;

/// <summary>The record's states as people read them, and the colour class that goes with each.</summary>
internal static class Words
{
    public static (string Text, string Css) Of(IncidentState state) => state switch
    {
        IncidentState.Open => ("Open", "alarm"),
        IncidentState.Mitigated => ("Mitigated", "warn"),
        IncidentState.Reconciling => ("Reconciling", "info"),
        IncidentState.Closed => ("Closed", "good"),
    };

    public static string Of(Severity severity) => severity.ToString().ToUpperInvariant();

    /// <summary>Says only what was seen.</summary>
    public static (string Text, string Css) Of(Hold hold) => hold switch
    {
        Hold.Stored => ("stored, not yet proved to hold", "stored"),
        Hold.Holding => ("holding", "holding"),
        Hold.NotKnown => ("not known to hold", "unknown"),
        Hold.Reverted => ("reverted", "reverted"),
        Hold.OffByOthers => ("off, but no longer by us", "reverted"),
    };

    public static (string Text, string Css) Of(Lease lease) => lease.State switch
    {
        LeaseState.Starting => ("being stored", "stored"),
        LeaseState.Active => Of(lease.Hold),
        LeaseState.Ending => (lease.Branch is null ? "being resumed" : "being restored", "info"),
        LeaseState.Ended => ("ended", "quiet"),
        LeaseState.Void => ("never came to be", "quiet"),
        LeaseState.Overtaken => ("changed by somebody else", "reverted"),
    };

    public static (string Text, string Css) Of(OperationState state) => state switch
    {
        OperationState.Requested => ("requested", "wait"),
        OperationState.AwaitingApproval => ("waits for approval", "wait"),
        OperationState.Approved => ("approved", "info"),
        OperationState.Running => ("running", "info"),
        OperationState.Succeeded => ("done", "holding"),
        OperationState.Failed => ("failed", "reverted"),
        OperationState.Refused => ("refused", "quiet"),
        OperationState.Denied => ("denied", "quiet"),
        OperationState.Expired => ("expired", "quiet"),
        OperationState.Withdrawn => ("withdrawn", "quiet"),
    };

    public static string Of(LeaseKind kind) => kind switch
    {
        LeaseKind.Pause => "Self-heal paused",
        LeaseKind.RollbackHold => "Rolled back",
        LeaseKind.Branch => "Switched to a branch",
        LeaseKind.Outside => "Overridden from outside",
    };

    /// <summary>The dot beside an entry.</summary>
    public static string Css(TimelineKind kind) => kind switch
    {
        TimelineKind.Declared or TimelineKind.StateChanged or TimelineKind.SeverityChanged or TimelineKind.RoleChanged
            or TimelineKind.ScopeChanged or TimelineKind.RecordRestored => "info",
        TimelineKind.Note or TimelineKind.EngineActed or TimelineKind.SignalsRead or TimelineKind.HandChanged or TimelineKind.GrantUsed => "note",
        TimelineKind.Requested or TimelineKind.VotesFell or TimelineKind.Escalated or TimelineKind.DeadlineNear
            or TimelineKind.GrantNearsEnd or TimelineKind.GrantEnding => "wait",
        TimelineKind.Approved or TimelineKind.Holding or TimelineKind.Resumed or TimelineKind.SeenAfterEnd or TimelineKind.Settled or TimelineKind.ReviewClosed or TimelineKind.Done or TimelineKind.AlertResolved
            or TimelineKind.GrantEnded or TimelineKind.GrantProved => "holding",
        TimelineKind.Paused or TimelineKind.Switched or TimelineKind.Started or TimelineKind.Extended or TimelineKind.OwnerChanged or TimelineKind.TakenOver
            or TimelineKind.Granted or TimelineKind.TokenClaimed => "stored",
        TimelineKind.NotKnownToHold or TimelineKind.NewCommit or TimelineKind.Denied or TimelineKind.Withdrawn or TimelineKind.Expired or TimelineKind.Refused => "unknown",
        TimelineKind.Failed or TimelineKind.BranchGone or TimelineKind.BranchRewritten or TimelineKind.Reverted or TimelineKind.RevertSlippedThrough or TimelineKind.DeadlinePassed
            or TimelineKind.ForeignChange or TimelineKind.SelfApproved or TimelineKind.AlertFires or TimelineKind.GrantNotEnded or TimelineKind.NotReached or TimelineKind.GrantAstray or TimelineKind.GrantFound or TimelineKind.GrantLeftBehind or TimelineKind.TokenRefused => "reverted",
    };

    /// <summary>"NotKnownToHold" → "Not known to hold".</summary>
    public static string Of(TimelineKind kind)
    {
        var name = kind.ToString();
        return string.Concat(name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
    }
}
