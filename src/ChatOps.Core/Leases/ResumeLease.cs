using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Incidents;
using ChatOps.Core.Outside;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>
/// <c>resume</c>, as a command or a button: by the owner, or by whom the rulebook lets resume. What somebody else changed is
/// looked at again, and settled as far as it can be: what is still ours goes back, what is over is over, and what is off by
/// somebody else's hand stays so only when a person says it. Where people changed by hand what the engine would overwrite,
/// they are shown it first.
/// </summary>
public sealed class ResumeLease(IRecords records, IncidentFiles files, Applications applications, AskRulebook rules, KeepEvidence evidence, Reception reception)
{
    public Task<Refusal?> ResumeAsync(Guid id, Speaker speaker, Delivery delivery, CancellationToken ct) => EndAsync(id, speaker, delivery, leaveOff: false, null, ct);

    /// <summary>"Resume and overwrite": of what <paramref name="shown"/> seals and of nothing else.</summary>
    public Task<Refusal?> ResumeKnowingAsync(Guid id, string? shown, Speaker speaker, Delivery delivery, CancellationToken ct) => EndAsync(id, speaker, delivery, leaveOff: false, shown, ct);

    /// <summary>"Leave it off", on a pause that somebody else holds now.</summary>
    public Task<Refusal?> LeaveOffAsync(Guid id, Speaker speaker, Delivery delivery, CancellationToken ct) => EndAsync(id, speaker, delivery, leaveOff: true, null, ct);

    private async Task<Refusal?> EndAsync(Guid id, Speaker speaker, Delivery delivery, bool leaveOff, string? shown, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(id, ct) is not { } found || await files.OpenAsync(found.Incident, ct) is not { } file || file.Lease(id) is not { } lease)
        {
            return new Refusal(RefusalKind.NotFound, "I do not know this override any more.");
        }

        if (!lease.WaitsForPeople && (leaveOff || lease.State != LeaseState.Active))
        {
            return new Refusal(RefusalKind.AlreadyDecided, IncidentCard.Line(lease, reception, speaker.Account.Platform, file.Now));
        }

        if (lease.WaitsForPeople || lease.Owner != speaker.Person.Name)
        {
            var (answer, facts) = await applications.Of(lease.Target).InspectAsync(lease.Target, ct);
            if (facts is null && !(lease.Owner == speaker.Person.Name && answer.Kind == ClusterAnswerKind.Gone))
            {
                return ClusterRefusals.For(answer, Text.Of($"I could not read {lease.Target.Name:code}."));
            }

            if (lease.Owner != speaker.Person.Name && await rules.DecideAsync(speaker.Person, "resume", facts!, null, ct) is { Allowed: null, Refusal: var notAllowed })
            {
                return notAllowed;
            }

            if (lease.Outside is { } outside && leaveOff && facts is not null)
            {
                file.Save(lease.Finish(speaker.Person.Name, file.Now));
                await AcceptAsync(file, outside.Kind, facts, ct);
                file.Tell(TimelineKind.Settled, speaker.Person.Name, _ => Text.Of($"{lease.Target.Name:code} is {"settled":b} by {speaker.Person.DisplayName}: {outside.Condition}, as {outside.Hand} left it, and it stays so."), Tone.Warning, lease.Id);
                await files.PutBackAsync(file, delivery, ct);
                return null;
            }

            var holding = lease is { WaitsForPeople: true, Outside: null } && facts is not null ? Holding.Judge(lease, facts, file.Now) : null;
            if (holding is Holding.Taken { Left: Hold.OffByOthers } taken)
            {
                if (leaveOff)
                {
                    await AcceptAsync(file, OutsideKind.AutoSyncOff, facts!, ct);
                }

                SayStillOff(file, lease, taken, speaker.Person, leaveOff);
                await files.PutBackAsync(file, delivery, ct);
                return null;
            }

            if (leaveOff && holding is not (Holding.Taken or Holding.Gone or null))
            {
                return new Refusal(RefusalKind.NotPossible, Text.Of($"{lease.Target.Name:code} carries our {lease.Noun} again, and that ends {lease.Deadline}.")) { Instead = Text.Of($"{$"{lease.EndWord} {lease.Target.Name}":code} puts back what was there.") };
            }
        }

        if (lease.State == LeaseState.Active)
        {
            var look = (await evidence.LookAsync(lease.Target, ct))?.Beside(lease) ?? HandsSeen.Unseen(lease);
            KeepEvidence.Write(file, lease, look);
            lease = file.Lease(id)!;
            var lost = HandChanges.Overwritten(look.Hands);
            if (lost.Count > 0 && shown != HandChanges.Seal(lost))
            {
                ShowFirst(file, lease, look, speaker.Person, isAnotherThanShown: shown is not null);
                if (!file.Incident.Channels.Contains(delivery.Place.Channel))
                {
                    file.Changes.Post(new Outgoing.Whisper(delivery.From, delivery.Place, NotYet(file.Incident, lease), delivery.ReplyHandle));
                }

                await files.PutBackAsync(file, delivery, ct);
                return null;
            }
        }

        EndLease.Begin(file, lease, speaker.Person.Name, lease.WaitsForPeople ? "settled by hand" : $"{lease.EndedWord} by hand");
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private static void ShowFirst(IncidentFile file, Lease lease, HandsSeen look, Person person, bool isAnotherThanShown)
    {
        var lost = HandChanges.Overwritten(look.Hands);
        var (name, count) = (lease.Target.Name, HandChanges.Count(lost));
        file.Tell(
            TimelineKind.HandChanged,
            person.Name,
            _ => Text.Of($"{person.DisplayName} asks to {lease.EndWord} {name:code}. {(isAnotherThanShown ? "It was changed again since it was shown; nothing was done. " : "")}Argo CD would then make {count} {(count == 1 ? "field" : "fields")} as Git says that {(count == 1 ? "was" : "were")} changed by hand. Not {lease.EndedWord} yet: bring it into Git first, or press."),
            Tone.Waiting,
            lease.Id,
            buttons: key => [Overwrite(file, lease, lost, key)],
            parts: EvidenceCard.Before(look.Hands, look.NotSeen));
    }

    private static Card NotYet(Incident incident, Lease lease) => Card.Note($"Not {lease.EndedWord} yet", Tone.Waiting, Text.Of(
        $"{lease.Target.Name:code} was changed by hand, and Argo CD would overwrite that. The thread of incident {incident.Number} shows what, with the button that does it all the same."));

    private static Button Overwrite(IncidentFile file, Lease lease, IReadOnlyList<ResourceDrift> lost, MessageKey key)
    {
        var token = Tokens.Next();
        file.Changes.Offer(new Choice(token, ChoiceKind.ResumeKnowing, lease.Id, HandChanges.Seal(lost), key, file.Now + TimeSpan.FromDays(30)));
        return new Button(lease.Branch is null ? "Resume and overwrite" : "Restore and overwrite", token, ButtonStyle.Danger) { Confirm = "Argo CD makes these fields as Git says within seconds. The record keeps what was there, with the commands that do it again." };
    }

    /// <summary>What people let stand is from now on how the application is: it is not found again as somebody's override.</summary>
    private async Task AcceptAsync(IncidentFile file, OutsideKind kind, ApplicationFacts facts, CancellationToken ct) =>
        file.Changes.Save((await records.FindBaselineAsync(facts.Ref, ct) ?? Baseline.Of(facts)).Accept(kind, facts));

    private void SayStillOff(IncidentFile file, Lease lease, Holding.Taken taken, Person person, bool leaveOff)
    {
        if (leaveOff)
        {
            file.Save(lease.Finish(person.Name, file.Now));
            file.Tell(TimelineKind.Settled, person.Name, _ => Text.Of($"{lease.Target.Name:code} is {"settled":b} by {person.DisplayName}: its auto-sync is off, as {taken.By} left it, and stays so. Git does not rule there until somebody switches it on."), Tone.Warning, lease.Id);
            return;
        }

        var seen = lease.Hold == taken.Left && lease.EndedBy == taken.By ? lease : lease.Overtake(taken.By, taken.Left, file.Now);
        file.Save(seen);
        OvertakenTexts.Tell(file, seen, person.Name, Text.Of($"{person.DisplayName} asked to resume, and I looked again: I put back only what is mine. "), reception);
    }
}
