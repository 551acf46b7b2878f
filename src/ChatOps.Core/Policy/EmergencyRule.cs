using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;

namespace ChatOps.Core.Policy;

/// <summary>
/// When somebody may approve their own request: nobody answered, and it is an emergency that somebody else saw: another person, or an alert. The role,
/// the typed reason and the second confirmation are the caller's to check.
/// </summary>
public static class EmergencyRule
{
    /// <summary>Null when <paramref name="operation"/> may be approved by its requester at this moment.</summary>
    /// <param name="incidentOpenedBy">Who declared the incident.</param>
    /// <param name="confirmedByAlert">Whether an alert about the target fires that was known when this was requested.</param>
    /// <param name="asked">
    /// When the chat system confirmed the question to an eligible approver other than the requester; null when it never
    /// did: silence of people who were not reached is no silence.
    /// </param>
    public static Refusal? Check(Operation operation, string incidentOpenedBy, bool confirmedByAlert, DateTimeOffset? asked, DateTimeOffset now)
    {
        if (operation.State != OperationState.AwaitingApproval)
        {
            return new(RefusalKind.AlreadyDecided, Text.Of($"This request is {operation.State.ToString()} and waits for nobody."));
        }

        if (now >= operation.RequestExpiresAt)
        {
            return new(RefusalKind.TooLate, Text.Of($"This request expired at {operation.RequestExpiresAt}.")) { Instead = "Ask again." };
        }

        if (!operation.Plan.Work.MayBeApprovedAlone || operation.Authority.Emergency is not { } emergency)
        {
            return No(
                Text.Of($"Rule {operation.Authority.Rule:code} has no emergency approval for this."),
                Text.Of($"It needs {operation.Authority.ApprovalsNeeded} from {operation.Authority.ApproverRole:b}."));
        }

        if (!HasWitness(operation, incidentOpenedBy, confirmedByAlert) && incidentOpenedBy == Incident.OpenedByUs)
        {
            return No(
                Text.Of($"Nobody declared this incident: I opened it for an override that I found, and no alert about {operation.Plan.Target.Name:code} confirms an emergency."),
                "Ask an approver, or request it in an incident that somebody else declared.");
        }

        if (!HasWitness(operation, incidentOpenedBy, confirmedByAlert))
        {
            return No(
                Text.Of($"You opened this incident yourself, and no alert about {operation.Plan.Target.Name:code} was firing when you asked and still is, so nothing but your word tells of an emergency."),
                "Ask an approver, or request it in an incident that somebody else declared; when such an alert fires meanwhile, withdraw and ask again.");
        }

        if (asked is not { } first)
        {
            return No(
                "No approver has been reached yet, as far as the chat system tells, so nobody has stayed silent.",
                Text.Of($"Reach somebody with the role {operation.Authority.ApproverRole:b} another way."));
        }

        var since = SilentSince(operation, first);
        if (now < since + emergency.AfterSilence)
        {
            return No(
                Text.Of($"An approver was asked at {since} about the plan as it is; only {emergency.AfterSilence} of silence count."),
                Text.Of($"From {since + emergency.AfterSilence} on you may approve it yourself."));
        }

        return operation.EndsAt(now) - now <= emergency.Longest ? null : No(
            Text.Of($"What you approve yourself lasts {emergency.Longest} at most."),
            Text.Of($"Withdraw this request and ask for {emergency.Longest} or less."));
    }

    /// <summary>Somebody else than the requester tells of an emergency: another person who declared it, or an alert.</summary>
    internal static bool HasWitness(Operation operation, string incidentOpenedBy, bool confirmedByAlert) => confirmedByAlert
        || incidentOpenedBy != Incident.OpenedByUs && !string.Equals(incidentOpenedBy, operation.RequestedBy, StringComparison.OrdinalIgnoreCase);

    /// <summary>Silence about the plan as it is now: whoever answered an earlier one was not silent about it.</summary>
    internal static DateTimeOffset SilentSince(Operation operation, DateTimeOffset asked) => asked > operation.StateSince ? asked : operation.StateSince;

    private static Refusal No(Text why, Text instead) => new(RefusalKind.NotAllowed, why) { Instead = instead };
}
