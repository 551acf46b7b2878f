using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;

namespace ChatOps.Core.Operations;

/// <summary>
/// Keeps the card of an operation current in the thread, and asks each person who may approve it in a direct message.
/// Each message gets buttons of its own, bound to that message and to the plan it shows; a card that is decided has none.
/// Who cannot be read at that moment is asked later: an approver whom nobody asks keeps the requester from acting alone, too.
/// </summary>
public sealed class AskApprovers(AskRulebook rules, ApprovedAlone alone, Reception reception)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);

    public async Task ShowAsync(IncidentFile file, Operation operation, CancellationToken ct)
    {
        var (people, unread) = operation.Authority.ApprovalsNeeded == 0 || (operation.Plan.Work.WasApprovedBefore && operation.State != OperationState.AwaitingApproval) ? new([], null) : await rules.ApproversAsync(operation, file.Now, ct);
        var emergency = await alone.OfferAsync(operation, file.Incident.DeclaredBy, file.Now, ct);
        operation = Kept(file, operation, unread is not null && operation.State == OperationState.AwaitingApproval, emergency);
        var key = MessageKey.Operation(operation.Id);
        var inThread = Offer(file, operation, key, withOwn: true, emergency);
        file.Say(key, platform => OperationCard.Of(operation, reception, platform, file.Now, inThread, emergency?.Line));
        foreach (var approver in people)
        {
            foreach (var platform in file.Incident.Channels.Select(channel => channel.Platform).Distinct())
            {
                if (approver.AccountOn(platform) is { } account)
                {
                    var ask = MessageKey.AskApprover(operation.Id, account);
                    var buttons = operation.Approvals.Any(approval => approval.Person == approver.Name) ? [] : Offer(file, operation, ask, withOwn: false, null);
                    file.Changes.Post(new Outgoing.Say(ask, new Where.ToPerson(account), OperationCard.Of(operation, reception, platform, file.Now, buttons)));
                }
            }
        }
    }

    /// <summary>What the card shows is kept with the operation, so that it is shown anew when it has to be another.</summary>
    private static Operation Kept(IncidentFile file, Operation operation, bool someAreUnread, EmergencyOffer? emergency)
    {
        var at = someAreUnread ? file.Now + AskAgain : (DateTimeOffset?)null;
        var offered = emergency is { IsOpen: true } ? operation.OfferedAloneAt ?? file.Now : (DateTimeOffset?)null;
        if (operation.AskAgainAt != at || operation.OfferedAloneAt != offered)
        {
            operation = operation with { AskAgainAt = at, OfferedAloneAt = offered };
            file.Save(operation);
        }

        return operation;
    }

    private static List<Button> Offer(IncidentFile file, Operation operation, MessageKey message, bool withOwn, EmergencyOffer? emergency)
    {
        var buttons = new List<Button>();
        if (operation.State == OperationState.AwaitingApproval)
        {
            buttons.Add(New("Approve", ChoiceKind.Approve, ButtonStyle.Primary));
            if (operation.Plan.Work.ApproversMayShorten)
            {
                buttons.Add(New("For less time …", ChoiceKind.ApproveForLess, ButtonStyle.Plain));
            }

            buttons.Add(New("Deny …", ChoiceKind.Deny, ButtonStyle.Danger));
            if (withOwn)
            {
                buttons.Add(New("Withdraw", ChoiceKind.Withdraw, ButtonStyle.Plain));
                if (emergency is { IsOpen: true })
                {
                    buttons.Add(New("Nobody answers …", ChoiceKind.SelfApprove, ButtonStyle.Plain));
                }
            }
        }
        else if (withOwn && operation.ReviewOwed)
        {
            buttons.Add(New("Close the review", ChoiceKind.CloseReview, ButtonStyle.Plain));
        }

        return buttons;

        Button New(string label, ChoiceKind kind, ButtonStyle style)
        {
            var token = Tokens.Next();
            file.Changes.Offer(new Choice(token, kind, operation.Id, operation.Plan.Hash, message, file.Now + TimeSpan.FromDays(30)));
            return new Button(label, token, style);
        }
    }
}
