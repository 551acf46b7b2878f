namespace ChatOps.Core.Conversation;

/// <summary>What a press of a button, or the answer of a dialog, means.</summary>
public enum ChoiceKind
{
    Approve,
    Deny,
    DenyWithReason,
    Withdraw,
    SelfApprove,
    SelfApproveConfirmed,
    CloseReview,
    ExtendLease,
    ExtendLeaseBy,
    ResumeLease,

    /// <summary>The same, by somebody who was shown what the engine overwrites; or their agreement, where a rule wants that.</summary>
    ResumeKnowing,
    NeedOwner,
    TakeLease,

    /// <summary>What somebody else switched off stays so.</summary>
    LeaveOff,
    EndGrant,
    ExtendGrant,
    ExtendGrantBy,

    /// <summary>Asks for how long; the answer is the vote.</summary>
    ApproveForLess,
    ApproveFor,

    /// <summary>The press says the command in <see cref="Choice.Says"/>, as the person who presses.</summary>
    SayCommand,

    /// <summary>The same, of what somebody else overrode and of no override of ours beside it.</summary>
    SayOfOutside,

    /// <summary>Asks for what the command leaves open; the answer says it.</summary>
    SayAfterAsking,
    SayAnswered,
}

/// <summary>
/// The stored meaning of one opaque token. A token names one operation, lease or review and one choice; it cannot be
/// guessed (128 random bits) and cannot be made to approve anything else.
/// </summary>
/// <param name="Token">The opaque value that travels through chat.</param>
/// <param name="Subject">Id of the operation or lease.</param>
/// <param name="PlanHash">The plan that was shown when the button was made; null where there is none.</param>
/// <param name="Message">The message the button sits on: a press from any other message is refused.</param>
/// <param name="Expires">After this moment the press is answered, but does nothing.</param>
public sealed record Choice(string Token, ChoiceKind Kind, Guid Subject, string? PlanHash, MessageKey? Message, DateTimeOffset Expires)
{
    /// <summary>For the kinds that say a command: what the button shows and the press says.</summary>
    public string? Says { get; init; }
}
