using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Operations;

/// <summary>
/// Nobody answers: the requester approves alone, if the rule knows an emergency, somebody else or an alert tells of it too, and
/// an approver was reached and silent for long enough. Asked twice, with a typed reason; everybody is told; it opens a review.
/// </summary>
public sealed class SelfApproveOperation(IRecords records, IncidentFiles files, AskRulebook rules, AskApprovers approvers, ApprovedAlone alone)
{
    /// <summary>First click: the second confirmation, with the reason.</summary>
    public async Task<Refusal?> AskAsync(Choice choice, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (file, operation, _, refusal) = await OpenAsync(choice, speaker, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        var token = Tokens.Next();
        var dialog = new Dialog("Approve alone", token, "Approve alone",
            Text.Of($"Nobody answered. You are about to approve your own request to {operation!.Kind.ToString().ToLowerInvariant()} {operation.Plan.Target.Name:code}, for {operation.Authority.Emergency!.Longest} at most. Everybody is told, and somebody else has to review it before the incident can close."),
            [new Question("reason", "Why can it not wait?", Multiline: true, MostCharacters: 500)]);
        await records.CommitAsync(new Changes()
            .Offer(new Choice(token, ChoiceKind.SelfApproveConfirmed, operation.Id, operation.Plan.Hash, null, file!.Now + TimeSpan.FromMinutes(10)))
            .Post(new Outgoing.Ask(speaker.Account, delivery.Place, delivery.ReplyHandle ?? "", dialog))
            .Done(delivery), ct);
        return null;
    }

    /// <summary>The dialog came back: everything is asked again.</summary>
    public async Task<Refusal?> ConfirmAsync(Choice choice, Speaker speaker, string? reason, Delivery delivery, CancellationToken ct)
    {
        var (file, operation, alert, refusal) = await OpenAsync(choice, speaker, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            return new Refusal(RefusalKind.NotUnderstood, "Approving alone needs a reason, and there was none.");
        }

        var next = operation!.SelfApprove(file!.Now);
        file.Save(next);
        var everybody = (await rules.ApproversAsync(operation, file.Now, ct)).People;
        file.Tell(TimelineKind.SelfApproved, speaker.Person.Name, platform => Text.Of($"{speaker.Person.DisplayName} approved their own request for {operation.Plan.Target.Name:code} {"alone":b}, for {next.Duration}, because nobody answered: {reason.Trim()} {Witness(file, alert)}")
            + new Text([.. everybody.Where(person => person.AccountOn(platform) is not null).SelectMany(person => new Run[] { new Run.Mention(person.AccountOn(platform)!.Value), new Run.Plain(" ") })])
            + "please review it.", Tone.Alarm, operation.Id);
        await approvers.ShowAsync(file, next, ct);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private static Text Witness(IncidentFile file, Alert? alert) => alert is null
        ? Text.Of($"({file.Incident.DeclaredBy} declared the incident.) ")
        : Text.Of($"(Alert {alert.Name:b} confirms the emergency; it fires since {alert.StartedAt}.) ");

    private async Task<(IncidentFile? File, Operation? Operation, Alert? Alert, Refusal? Refusal)> OpenAsync(Choice choice, Speaker speaker, CancellationToken ct)
    {
        if (await records.FindOperationAsync(choice.Subject, ct) is not { } found || await files.OpenAsync(found.Incident, ct) is not { } file)
        {
            return (null, null, null, new Refusal(RefusalKind.NotFound, "I do not know this request any more."));
        }

        var operation = file.Operation(found.Id);
        if (operation.State != OperationState.AwaitingApproval || file.Now >= operation.RequestExpiresAt)
        {
            return (null, null, null, new Refusal(RefusalKind.AlreadyDecided, Text.Of($"This request is {operation.State}.")));
        }

        if (operation.RequestedBy != speaker.Person.Name)
        {
            return (null, null, null, new Refusal(RefusalKind.NotAllowed, "Only the person who asked can approve it alone.") { Instead = "If you may approve it, press Approve." });
        }

        if (choice.PlanHash != operation.Plan.Hash)
        {
            return (null, null, null, new Refusal(RefusalKind.PlanMoved, "The target changed after that card was shown.") { Instead = "Look at the newest card and decide again." });
        }

        var (alert, asked) = await alone.SeenAsync(operation, file.Now, ct);
        return EmergencyRule.Check(operation, file.Incident.DeclaredBy, alert is not null, asked, file.Now) is { } no
            ? (null, null, null, no)
            : (file, operation, alert, null);
    }
}
