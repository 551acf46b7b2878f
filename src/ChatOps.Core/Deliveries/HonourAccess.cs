using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Core.Deliveries;

/// <summary>Commands about access.</summary>
public sealed class ObeyAccessCommand(RequestGrant request, GiveBackGrant giveBack, ListGrants list)
{
    public Task<Refusal?> HandleAsync(Command command, Speaker speaker, Delivery delivery, CancellationToken ct) => command switch
    {
        Command.RequestAccess said => request.HandleAsync(said, speaker, delivery, ct),
        Command.ExtendAccess said => request.ExtendAsync(said.Id, said.By.From(delivery.ReceivedAt), said.Reason, speaker, delivery, ct),
        Command.GiveBackAccess said => giveBack.DoneAsync(said.Id, speaker, delivery, ct),
        Command.RevokeAccess said => giveBack.RevokeAsync(said.Id, speaker, delivery, ct),
        Command.ListAccess => list.HandleAsync(speaker, delivery, ct),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Clicks about access: done, revoke, extend.</summary>
public sealed class HonourAccessClick(IRecords records, RequestGrant request, GiveBackGrant giveBack, TimeProvider time)
{
    public async Task<Refusal?> HandleAsync(Choice choice, IReadOnlyDictionary<string, string>? typed, Speaker speaker, Delivery delivery, CancellationToken ct) => choice.Kind switch
    {
        ChoiceKind.EndGrant => await giveBack.EndAsync(choice.Subject, speaker, delivery, ct),
        ChoiceKind.ExtendGrant => await AskHowLongAsync(choice, speaker, delivery, ct),
        ChoiceKind.ExtendGrantBy => Durations.TryParse(typed?.GetValueOrDefault("by") ?? "", out var by) && by > TimeSpan.Zero && by <= Durations.Longest
            ? await request.ExtendAsync(choice.Subject.ToString("N")[^8..], by, typed?.GetValueOrDefault("reason"), speaker, delivery, ct)
            : new Refusal(RefusalKind.NotUnderstood, Text.Of($"{typed?.GetValueOrDefault("by") ?? "":code} is no time that an extension can be counted by.")) { Instead = Text.Of($"Write {"30m":code} or {"1h30m":code}.") },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task<Refusal?> AskHowLongAsync(Choice choice, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var token = Tokens.Next();
        var dialog = new Dialog("Longer access", token, "Ask for it", "It needs its approvals again.",
            [new Question("by", "By how long?", Multiline: false, MostCharacters: 20) { Hint = "30m, 1h30m" }, new Question("reason", "Why?", Multiline: true, MostCharacters: 500)]);
        await records.CommitAsync(new Changes()
            .Offer(new Choice(token, ChoiceKind.ExtendGrantBy, choice.Subject, null, null, Incidents.Clock.Now(time) + TimeSpan.FromMinutes(30)))
            .Post(new Outgoing.Ask(speaker.Account, delivery.Place, delivery.ReplyHandle ?? "", dialog))
            .Done(delivery), ct);
        return null;
    }
}
