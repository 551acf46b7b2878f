using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Looking;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Outside;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Deliveries;

/// <summary>Which use case a command goes to: the whole list of what can be said.</summary>
public sealed class ObeyCommand(
    DeclareIncident declare,
    ChangeIncident change,
    MoveIncident move,
    ShowIncident show,
    AddNote note,
    RequestPause pause,
    RequestNamespacePause pauseNamespace,
    ResumeNamespace resumeNamespace,
    RequestAction action,
    RequestRollback rollback,
    RequestBranch branch,
    ObeyLeaseCommand lease,
    ObeyAccessCommand access,
    ObeyLooking look,
    IRecords records,
    AskRulebook rules)
{
    public Task<Refusal?> HandleAsync(Command command, Speaker speaker, Delivery delivery, CancellationToken ct) => command switch
    {
        Command.Declare said => declare.HandleAsync(said, speaker, delivery, ct),
        Command.ShowIncident or Command.ShowTimeline => show.HandleAsync(command, speaker, delivery, ct),
        Command.AddNote said => note.HandleAsync(said, speaker, delivery, ct),
        Command.AddApplications or Command.RemoveApplications or Command.ChangeSeverity or Command.ChangeOperator or Command.ChangeCommander =>
            change.HandleAsync(command, speaker, delivery, ct),
        Command.Mitigated or Command.Close or Command.Reopen => move.HandleAsync(command, speaker, delivery, ct),
        Command.Pause said => pause.HandleAsync(said, speaker, delivery, ct),
        Command.PauseNamespace said => pauseNamespace.HandleAsync(said, speaker, delivery, ct),
        Command.ResumeNamespace said => resumeNamespace.HandleAsync(said, speaker, delivery, ct),
        Command.Rollback said => rollback.HandleAsync(said, speaker, delivery, ct),
        Command.Branch said => branch.HandleAsync(said, speaker, delivery, ct),
        Command.Action said => action.HandleAsync(said, speaker, delivery, ct),
        Command.Extend or Command.Own or Command.Resume or Command.Restore => lease.HandleAsync(command, speaker, delivery, ct),
        Command.RequestAccess or Command.ListAccess or Command.ExtendAccess or Command.GiveBackAccess or Command.RevokeAccess => access.HandleAsync(command, speaker, delivery, ct),
        Command.ShowPlan said => HandleAsync(said.Change, speaker, delivery with { IsPlan = true }, ct),
        Command.Looking => look.HandleAsync(command, speaker, delivery, ct),
        Command.ShowPolicy => AnswerAsync(PolicyDocument.Card(rules.Policy), delivery, ct),
        Command.Help said => AnswerAsync(Help.Card(said.Verb), delivery, ct),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A command that is about what somebody else overrode, whatever of ours stands on the application besides.</summary>
    public Task<Refusal?> OfOutsideAsync(Command command, Speaker speaker, Delivery delivery, CancellationToken ct) => lease.OfOutsideAsync(command, speaker, delivery, ct);

    private async Task<Refusal?> AnswerAsync(Card card, Delivery delivery, CancellationToken ct)
    {
        await records.CommitAsync(new Changes().Post(new Outgoing.Whisper(delivery.From, delivery.Place, card, delivery.ReplyHandle)).Done(delivery), ct);
        return null;
    }
}

/// <summary>Commands about an override that is there: find it, then do what was said.</summary>
public sealed class ObeyLeaseCommand(WhichLease which, RequestExtension extend, OwnLease own, ResumeLease resume, TakeOutside outside, Reception reception)
{
    public async Task<Refusal?> HandleAsync(Command command, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var application = About(command);
        var (lease, refusal) = await which.ResolveAsync(application, delivery.Place, ct);
        if (lease is null && command is Command.Own or Command.Resume or Command.Restore && await outside.FindAsync(application, ct) is { Count: > 0 } there)
        {
            return await outside.HandleAsync(there, command, speaker, delivery, ct);
        }

        if (lease is null)
        {
            return refusal;
        }

        if (command is Command.Own { Person: { } mention } && reception.Find(mention, speaker.Account) is { Refusal: { } unknown })
        {
            return unknown;
        }

        return command switch
        {
            Command.Extend said => await extend.HandleAsync(lease.Id, said.By.From(delivery.ReceivedAt), "extended by command", speaker, delivery, ct),
            Command.Own said => await own.HandleAsync(lease.Id, said.Person is null ? speaker.Person : reception.Find(said.Person, speaker.Account).Person!, speaker, delivery, ct),
            Command.Restore when lease.Branch is null => new Refusal(RefusalKind.NotPossible, Text.Of($"{lease.Target.Name:code} is paused and runs from no branch of ours.")) { Instead = Text.Of($"{$"resume {lease.Target.Name}":code} ends the pause.") },
            Command.Resume or Command.Restore => await resume.ResumeAsync(lease.Id, speaker, delivery, ct),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public async Task<Refusal?> OfOutsideAsync(Command command, Speaker speaker, Delivery delivery, CancellationToken ct) =>
        await outside.FindAsync(About(command), ct) is { Count: > 0 } there
            ? await outside.HandleAsync(there, command, speaker, delivery, ct)
            : new Refusal(RefusalKind.AlreadyDecided, Text.Of($"Somebody took the override of {About(command).Name:code} since, or it is gone; nothing was done.")) { Instead = "Look at the message again, or at the thread of its incident." };

    private static ApplicationQuery About(Command command) => command switch
    {
        Command.Extend said => said.Application,
        Command.Own said => said.Application,
        Command.Resume said => said.Application,
        Command.Restore said => said.Application,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
