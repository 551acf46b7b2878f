using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations;

/// <summary>A click on the card of an operation: approve, deny, withdraw, close the review.</summary>
public sealed class DecideOperation(IRecords records, IncidentFiles files, AskRulebook rules, AskApprovers approvers)
{
    /// <param name="reason">What was typed into the dialog of a denial.</param>
    public async Task<Refusal?> HandleAsync(Choice choice, Speaker speaker, string? reason, Delivery delivery, CancellationToken ct)
    {
        if (await records.FindOperationAsync(choice.Subject, ct) is not { } found || await files.OpenAsync(found.Incident, ct) is not { } file)
        {
            return new Refusal(RefusalKind.NotFound, "I do not know this request any more.");
        }

        var operation = file.Operation(found.Id);
        if (await rules.IsEligibleAsync(speaker.Person, operation, file.Now, ct) is not { } eligible)
        {
            return AskRulebook.Silent;
        }

        var person = speaker.Person.Name;
        Operation next;
        var refusal = choice.Kind switch
        {
            ChoiceKind.Approve => operation.Approve(person, eligible, choice.PlanHash ?? "", file.Now, out next),
            ChoiceKind.Deny or ChoiceKind.DenyWithReason => operation.Deny(person, eligible, reason, file.Now, out next),
            ChoiceKind.Withdraw => operation.Withdraw(person, file.Now, out next),
            ChoiceKind.CloseReview => operation.CloseReview(person, eligible, out next),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (refusal is not null)
        {
            return refusal;
        }

        if (choice.Kind == ChoiceKind.Deny)
        {
            return AskWhy(operation, speaker, file, delivery) is { } ask ? await OpenAsync(ask, ct) : null;
        }

        file.Save(next);
        Tell(file, next, choice.Kind, speaker, reason);
        await approvers.ShowAsync(file, next, ct);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private static void Tell(IncidentFile file, Operation operation, ChoiceKind kind, Speaker speaker, string? reason)
    {
        var name = speaker.Person.DisplayName;
        var target = operation.Plan.Target.Name;
        var (entry, text, tone) = kind switch
        {
            ChoiceKind.Approve => (TimelineKind.Approved, Text.Of($"{name} approved: {operation.Kind.ToString().ToLowerInvariant()} {target:code}, plan {operation.Plan.Hash[..12]:code}."), Tone.Good),
            ChoiceKind.DenyWithReason => (TimelineKind.Denied, Text.Of($"{name} denied: {operation.Kind.ToString().ToLowerInvariant()} {target:code}. {reason ?? ""}"), Tone.Warning),
            ChoiceKind.Withdraw => (TimelineKind.Withdrawn, Text.Of($"{name} withdrew the request for {target:code}."), Tone.Neutral),
            ChoiceKind.CloseReview => (TimelineKind.ReviewClosed, Text.Of($"{name} reviewed and closed what {operation.RequestedBy} approved alone for {target:code}."), Tone.Good),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        file.Tell(entry, speaker.Person.Name, _ => text, tone, operation.Id);
    }

    /// <summary>A denial asks for its reason first; the dialog's token is a choice of its own.</summary>
    private static Changes? AskWhy(Operation operation, Speaker speaker, IncidentFile file, Delivery delivery)
    {
        var token = Tokens.Next();
        var dialog = new Dialog($"Deny this request", token, "Deny", Text.Of($"{operation.Kind.ToString()} {operation.Plan.Target.Name:code} for {operation.RequestedBy}"),
            [new Question("reason", "Why?", Multiline: true, MostCharacters: 500) { Hint = "Everybody in the thread sees it; it goes on the record." }]);
        return new Changes()
            .Offer(new Choice(token, ChoiceKind.DenyWithReason, operation.Id, operation.Plan.Hash, null, file.Now + TimeSpan.FromMinutes(30)))
            .Post(new Outgoing.Ask(speaker.Account, delivery.Place, delivery.ReplyHandle ?? "", dialog))
            .Done(delivery);
    }

    private async Task<Refusal?> OpenAsync(Changes changes, CancellationToken ct)
    {
        await records.CommitAsync(changes, ct);
        return null;
    }
}
