using ChatOps.Core.Conversation;
using ChatOps.Core.Operations.Pausing;

namespace ChatOps.Core.Operations;

/// <content>How an operation moves. Every transition says why not, or returns the next operation; none does nothing.</content>
public sealed partial record Operation
{
    /// <summary>The end of the override if it were stored now.</summary>
    public DateTimeOffset EndsAt(DateTimeOffset now)
    {
        var asked = Until ?? now + Duration;
        return now + ApprovedAtMost is { } shorter && shorter < asked ? shorter : asked;
    }

    /// <summary>Approved → Running, with the proof that the ports ask for. Throws in any other state, and after its time.</summary>
    public AuthorizedOperation Start(DateTimeOffset now)
    {
        if (State != OperationState.Approved)
        {
            throw new InvalidOperationException($"Operation {Id} is {State}, not Approved");
        }

        if (now >= RequestExpiresAt)
        {
            throw new InvalidOperationException($"Operation {Id} expired at {RequestExpiresAt:O}");
        }

        // From here on its end is a moment: it must not move when the cluster takes its time to answer.
        return new(this with { State = OperationState.Running, StateSince = now, Attempts = 1, Until = Plan.Work.HasEnd ? EndsAt(now) : null });
    }

    /// <summary>One application's part of it, as the ordinary pause that it is for its cluster. Nothing that was not approved is a part.</summary>
    public Operation Of(PausePart part) => Plan.Of<NamespacePauseWork>().Parts.Contains(part)
        ? this with { Plan = NamespacePausePlan.Of(part, Plan.PolicyVersion) }
        : throw new InvalidOperationException($"Operation {Id} has no such part");

    /// <summary>The proof again, for an operation that was started and whose outcome is not known: after a crash or a lost answer.</summary>
    public AuthorizedOperation Continue()
    {
        if (State != OperationState.Running)
        {
            throw new InvalidOperationException($"Operation {Id} is {State}, not Running");
        }

        return new(this with { Attempts = Attempts + 1 });
    }

    /// <summary>
    /// One person's yes. <paramref name="seenPlan"/> is the plan on the card they clicked, <paramref name="atMost"/> the shorter time that they
    /// give it instead of what was asked.
    /// </summary>
    public Refusal? Approve(Voter voter, string seenPlan, TimeSpan? atMost, DateTimeOffset now, out Operation next)
    {
        next = this;
        var (person, eligible, knownBy) = voter;
        if (CannotDecide(now) is { } refusal)
        {
            return refusal;
        }

        if (person == RequestedBy)
        {
            return new Refusal(RefusalKind.OwnRequest, "Nobody approves their own request.") { Instead = Text.Of($"Somebody with the role {Authority.ApproverRole ?? "":b} has to.") };
        }

        if (!eligible)
        {
            return new Refusal(RefusalKind.NotAllowed, Text.Of($"Rule {Authority.Rule:b} wants this approved by somebody with the role {Authority.ApproverRole ?? "":b}, and you do not hold it now."));
        }

        if (seenPlan != Plan.Hash)
        {
            return new Refusal(RefusalKind.PlanMoved, "The target changed after that card was shown, so the vote was not counted.") { Instead = "Look at the newest card and decide again." };
        }

        if (Approvals.Any(approval => approval.Person == person))
        {
            return new Refusal(RefusalKind.AlreadyVoted, "You approved this already; it is counted once.");
        }

        if (atMost is { } given && !(Plan.Work.ApproversMayShorten && given > TimeSpan.Zero && now + given < EndsAt(now)))
        {
            return new Refusal(RefusalKind.NotAllowed, Text.Of($"Who approves may give less time than is asked for, never more: as it stands this ends {EndsAt(now)}."))
            {
                Instead = Text.Of($"Write something shorter, such as {"15m":code}, or press Approve for what the card shows."),
            };
        }

        // Whoever votes after it was shortened saw the shorter time, and agrees to that even if the earlier vote falls.
        next = this with { Approvals = [.. Approvals, new Approval(person, seenPlan, now) { AtMost = atMost ?? ApprovedAtMost, KnownBy = knownBy }] };
        if (next.Approvals.Count >= Authority.ApprovalsNeeded)
        {
            next = next with { State = OperationState.Approved, StateSince = now };
        }

        return null;
    }

    /// <summary>One no is enough.</summary>
    public Refusal? Deny(string person, bool eligible, string? reason, DateTimeOffset now, out Operation next)
    {
        next = this;
        if (CannotDecide(now) is { } refusal)
        {
            return refusal;
        }

        if (person == RequestedBy)
        {
            return new Refusal(RefusalKind.OwnRequest, "You asked for this yourself.") { Instead = "Withdraw it instead." };
        }

        if (!eligible)
        {
            return new Refusal(RefusalKind.NotAllowed, Text.Of($"Only somebody who could approve this can deny it: role {Authority.ApproverRole ?? "":b}."));
        }

        next = Ended(OperationState.Denied, now, string.IsNullOrWhiteSpace(reason) ? $"denied by {person}" : $"denied by {person}: {reason.Trim()}");
        return null;
    }

    public Refusal? Withdraw(string person, DateTimeOffset now, out Operation next)
    {
        next = this;
        if (CannotDecide(now) is { } refusal)
        {
            return refusal;
        }

        if (person != RequestedBy)
        {
            return new Refusal(RefusalKind.NotAllowed, "Only the person who asked can withdraw it.") { Instead = "An approver can deny it." };
        }

        next = Ended(OperationState.Withdrawn, now, $"withdrawn by {person}");
        return null;
    }

    /// <summary>
    /// The requester alone, in an emergency that the policy confirmed. Shorter than asked where
    /// the rule caps it; opens a review that somebody else must close.
    /// </summary>
    public Operation SelfApprove(DateTimeOffset now)
    {
        var emergency = Authority.Emergency ?? throw new InvalidOperationException($"Rule {Authority.Rule} knows no emergency");
        var wanted = EndsAt(now) - now;
        return this with
        {
            State = OperationState.Approved,
            StateSince = now,
            SelfApproved = true,
            Duration = wanted < emergency.Longest ? wanted : emergency.Longest,
            Until = null,
        };
    }

    /// <param name="eligible">They hold, at this moment, a role that could have approved it: to look at it afterwards takes no less.</param>
    public Refusal? CloseReview(string person, bool eligible, out Operation next)
    {
        next = this;
        if (!ReviewOwed)
        {
            return new Refusal(RefusalKind.AlreadyDecided, Text.Of($"This review is closed{(ReviewClosedBy is { Length: > 0 } by ? $" by {by}" : "")}."));
        }

        if (person == RequestedBy)
        {
            return new Refusal(RefusalKind.OwnRequest, "Somebody else has to look at what you approved alone.");
        }

        if (!eligible)
        {
            return new Refusal(RefusalKind.NotAllowed, Text.Of($"Only somebody who could have approved this can close its review: role {Authority.ApproverRole ?? "":b}."));
        }

        next = this with { ReviewClosedBy = person };
        return null;
    }

    /// <summary>Whether an end after <paramref name="duration"/> is earlier than what was asked, and still only asked.</summary>
    public bool IsShortenedBy(TimeSpan duration, DateTimeOffset now) =>
        Plan.Work.StartsOverride && State == OperationState.AwaitingApproval && duration > TimeSpan.Zero && now + duration < EndsAt(now);

    /// <summary>The same plan for a shorter time; the plan's hash does not cover the time, so the votes stay.</summary>
    public Operation Shorten(TimeSpan duration, DateTimeOffset? until, DateTimeOffset now) => IsShortenedBy(duration, now)
        ? this with { Duration = duration, Until = until }
        : throw new InvalidOperationException($"Operation {Id} cannot be shortened to {duration}");

    /// <summary>The target moved, or another rule speaks about it now: the votes were for something else.</summary>
    public Operation Replan(Plan plan, Authority authority, IReadOnlyList<Text> notices, DateTimeOffset now) => this with
    {
        Plan = plan,
        Authority = authority,
        Notices = notices,
        Approvals = [],
        SelfApproved = false,
        State = authority.ApprovalsNeeded == 0 ? OperationState.Approved : OperationState.AwaitingApproval,
        StateSince = now,
        Attempts = 0,
        NextAttemptAt = null,
    };

    /// <summary>An approver lost the role before it ran.</summary>
    public Operation DropApproval(string person, DateTimeOffset now) =>
        this with { Approvals = [.. Approvals.Where(approval => approval.Person != person)], State = OperationState.AwaitingApproval, StateSince = now };

    public Operation Expire(string why, DateTimeOffset now) => Ended(OperationState.Expired, now, why);

    public Operation Refuse(string why, DateTimeOffset now) => Ended(OperationState.Refused, now, why);

    public Operation Fail(string why, DateTimeOffset now) => Ended(OperationState.Failed, now, why);

    public Operation Succeed(DateTimeOffset now, string outcome = "done") => Ended(OperationState.Succeeded, now, outcome);

    /// <summary>The engine goes on with it.</summary>
    public Operation Goes(string progress) => this with { Progress = progress, NextAttemptAt = null };

    public Operation TryAgainAt(DateTimeOffset at) => this with { NextAttemptAt = at };

    private Operation Ended(OperationState state, DateTimeOffset now, string outcome)
    {
        if (IsTerminal)
        {
            throw new InvalidOperationException($"Operation {Id} is {State}; terminal states never revive");
        }

        return this with { State = state, StateSince = now, Outcome = outcome, NextAttemptAt = null };
    }

    private Refusal? CannotDecide(DateTimeOffset now) => State switch
    {
        OperationState.AwaitingApproval when now >= RequestExpiresAt =>
            new Refusal(RefusalKind.TooLate, "This request has expired; nothing was done.") { Instead = "Ask again." },
        OperationState.AwaitingApproval => null,
        OperationState.Requested => new Refusal(RefusalKind.StillOpen, "This request is still being prepared."),
        OperationState.Approved or OperationState.Running or OperationState.Succeeded =>
            new Refusal(RefusalKind.AlreadyDecided, Text.Of($"This was approved already{(Approvals.Count > 0 ? $" by {string.Join(", ", Approvals.Select(approval => approval.Person))}" : "")}.")),
        OperationState.Expired => new Refusal(RefusalKind.TooLate, "This request has expired; nothing was done.") { Instead = "Ask again." },
        OperationState.Failed or OperationState.Refused or OperationState.Denied or OperationState.Withdrawn =>
            new Refusal(RefusalKind.AlreadyDecided, Text.Of($"This is over: {Outcome ?? State.ToString()}.")),
    };
}
