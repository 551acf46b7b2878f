using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;

namespace ChatOps.Core.Policy;

/// <summary>
/// What the card of a request says about approving it alone before anybody presses anything: from when, or why not. The
/// button comes only when a press would be taken; whoever is tired and alone must not have to try.
/// </summary>
/// <param name="IsOpen"><see cref="EmergencyRule"/> would say yes at this moment.</param>
public sealed record EmergencyOffer(bool IsOpen, Text Line)
{
    /// <summary>Null: there is nothing to say of it, because the rule knows no such thing or the request is over before it.</summary>
    /// <param name="requester">As people call them.</param>
    public static EmergencyOffer? Of(Operation operation, string requester, string incidentOpenedBy, bool confirmedByAlert, DateTimeOffset? asked, DateTimeOffset now)
    {
        if (operation.State != OperationState.AwaitingApproval || !operation.Plan.Work.MayBeApprovedAlone || operation.Authority.Emergency is not { } emergency)
        {
            return null;
        }

        var since = EmergencyRule.SilentSince(operation, asked ?? now);
        if (EmergencyRule.Check(operation, incidentOpenedBy, confirmedByAlert, asked, now) is null)
        {
            var silent = operation.Approvals.Count == 0 ? "Nobody who may approve this has answered" : "Not enough of those who may approve this have answered";
            return new(true, Text.Of($"{silent} since {since}: {requester} may approve it alone, for {emergency.Longest} at most, and somebody else reviews it afterwards."));
        }

        if (!EmergencyRule.HasWitness(operation, incidentOpenedBy, confirmedByAlert))
        {
            return new(false, Text.Of($"Nobody may approve this alone: {(incidentOpenedBy == Incident.OpenedByUs ? "nobody declared this incident" : $"{requester} opened this incident too")}, and no alert about {operation.Plan.Target.Name:code} was firing at the request and still is."));
        }

        if (operation.EndsAt(now) - now > emergency.Longest)
        {
            return new(false, Text.Of($"Nobody may approve this alone: what is approved alone lasts {emergency.Longest} at most."));
        }

        var from = since + emergency.AfterSilence;
        return from >= operation.RequestExpiresAt ? null : new(false, Text.Of($"If nobody answers, {requester} may approve this alone from {from} on{(asked is null ? " at the earliest" : "")}, for {emergency.Longest} at most. The button comes here then."));
    }
}
