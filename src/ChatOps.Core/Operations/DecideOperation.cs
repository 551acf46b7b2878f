using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations;

/// <summary>A click on the card of an operation: approve, for as long as asked or for less, deny, withdraw, close the review.</summary>
public sealed class DecideOperation(IRecords records, IncidentFiles files, AskRulebook rules, AskApprovers approvers)
{
    /// <param name="typed">Into the dialog: the reason of a denial, the time of an approval for less.</param>
    public async Task<Refusal?> HandleAsync(Choice choice, Speaker speaker, string? typed, Delivery delivery, CancellationToken ct)
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
        var voter = new Voter(person, eligible, speaker.Person.KnownBy);
        Operation next;
        var refusal = choice.Kind switch
        {
            ChoiceKind.Approve or ChoiceKind.ApproveForLess => operation.Approve(voter, choice.PlanHash ?? "", null, file.Now, out next),
            ChoiceKind.ApproveFor => operation.Approve(voter, choice.PlanHash ?? "", Durations.TryParse(typed ?? "", out var atMost) ? atMost : TimeSpan.Zero, file.Now, out next),
            ChoiceKind.Deny or ChoiceKind.DenyWithReason => operation.Deny(person, eligible, typed, file.Now, out next),
            ChoiceKind.Withdraw => operation.Withdraw(person, file.Now, out next),
            ChoiceKind.CloseReview => operation.CloseReview(person, eligible, out next),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (refusal is not null)
        {
            return refusal;
        }

        if (choice.Kind is ChoiceKind.Deny or ChoiceKind.ApproveForLess)
        {
            await records.CommitAsync(choice.Kind == ChoiceKind.Deny ? AskWhy(operation, speaker, file, delivery) : AskHowLong(operation, choice.PlanHash, speaker, file, delivery), ct);
            return null;
        }

        file.Save(next);
        Tell(file, next, choice.Kind, speaker, typed);
        await approvers.ShowAsync(file, next, ct);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private static void Tell(IncidentFile file, Operation operation, ChoiceKind kind, Speaker speaker, string? typed)
    {
        var name = speaker.Person.DisplayName;
        var target = operation.Plan.Target.Name;
        var (entry, text, tone) = kind switch
        {
            ChoiceKind.ApproveFor => (TimelineKind.Approved, Text.Of($"{name} approved: {operation.Kind.ToString().ToLowerInvariant()} {target:code} for {operation.ApprovedAtMost ?? operation.Duration} at most, shorter than asked, plan {operation.Plan.Hash[..12]:code}. Known by {speaker.Person.KnownBy.InWords()}."), Tone.Good),
            ChoiceKind.Approve => (TimelineKind.Approved, Text.Of($"{name} approved: {operation.Kind.ToString().ToLowerInvariant()} {target:code}, plan {operation.Plan.Hash[..12]:code}. Known by {speaker.Person.KnownBy.InWords()}."), Tone.Good),
            ChoiceKind.DenyWithReason => (TimelineKind.Denied, Text.Of($"{name} denied: {operation.Kind.ToString().ToLowerInvariant()} {target:code}. {typed ?? ""}"), Tone.Warning),
            ChoiceKind.Withdraw => (TimelineKind.Withdrawn, Text.Of($"{name} withdrew the request for {target:code}."), Tone.Neutral),
            ChoiceKind.CloseReview => (TimelineKind.ReviewClosed, Text.Of($"{name} reviewed and closed what {operation.RequestedBy} approved alone for {target:code}."), Tone.Good),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        file.Tell(entry, speaker.Person.Name, _ => text, tone, operation.Id);
    }

    /// <summary>A denial asks for its reason first; the dialog's token is a choice of its own.</summary>
    private static Changes AskWhy(Operation operation, Speaker speaker, IncidentFile file, Delivery delivery)
    {
        var token = Tokens.Next();
        var dialog = new Dialog($"Deny this request", token, "Deny", Text.Of($"{operation.Kind.ToString()} {operation.Plan.Target.Name:code} for {operation.RequestedBy}"),
            [new Question("reason", "Why?", Multiline: true, MostCharacters: 500) { Hint = "Everybody in the thread sees it; it goes on the record." }]);
        return new Changes()
            .Offer(new Choice(token, ChoiceKind.DenyWithReason, operation.Id, operation.Plan.Hash, null, file.Now + TimeSpan.FromMinutes(30)))
            .Post(new Outgoing.Ask(speaker.Account, delivery.Place, delivery.ReplyHandle ?? "", dialog))
            .Done(delivery);
    }

    /// <summary>The vote is bound to the plan on the card that was pressed, like every vote.</summary>
    private static Changes AskHowLong(Operation operation, string? seenPlan, Speaker speaker, IncidentFile file, Delivery delivery)
    {
        var token = Tokens.Next();
        var asked = operation.EndsAt(file.Now) - file.Now;
        var dialog = new Dialog("Approve for less time", token, "Approve", Text.Of($"{operation.Plan.Work.Doing} {operation.Plan.Target.Name:code} for {operation.RequestedBy}, who asked for {asked}. Counted from its start."),
            [new Question("for", "For how long at most?", Multiline: false, MostCharacters: 20) { Hint = Text.Of($"{Durations.Typed(TimeSpan.FromMinutes(Math.Max(1, Math.Floor(asked.TotalMinutes / 2))))}; with several approvals the shortest counts.").ToString() }]);
        return new Changes()
            .Offer(new Choice(token, ChoiceKind.ApproveFor, operation.Id, seenPlan, null, file.Now + TimeSpan.FromMinutes(30)))
            .Post(new Outgoing.Ask(speaker.Account, delivery.Place, delivery.ReplyHandle ?? "", dialog))
            .Done(delivery);
    }
}
