using ChatOps.Core.Conversation;
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
/// they are shown it first; where the rule of the override wants it, somebody else has to agree, or Git to say the same.
/// </summary>
public sealed class ResumeLease(IRecords records, IncidentFiles files, Applications applications, AskRulebook rules, AskBeforeEnd ask, Register register, Reception reception)
{
    private static Refusal NotKnown { get; } = new(RefusalKind.NotFound, "I do not know this override any more.");

    public Task<Refusal?> ResumeAsync(Guid id, Speaker speaker, Delivery delivery, CancellationToken ct) => EndAsync(id, speaker, delivery, leaveOff: false, null, ct);

    /// <summary>One of several that one command ends: whoever asks for that says when the command is done. Never for a plan, of which one card tells all.</summary>
    public Task<Refusal?> ResumeOneOfAsync(Guid id, Speaker speaker, Delivery delivery, CancellationToken ct) => EndAsync(id, speaker, delivery, leaveOff: false, null, ct, isAllOfIt: false);

    /// <summary>"Resume and overwrite", or the agreement to it: of what the message of that button showed and of nothing else.</summary>
    public Task<Refusal?> ResumeKnowingAsync(Guid id, MessageKey? message, Speaker speaker, Delivery delivery, CancellationToken ct) => EndAsync(id, speaker, delivery, leaveOff: false, message, ct);

    /// <summary>"Leave it off", on a pause that somebody else holds now.</summary>
    public Task<Refusal?> LeaveOffAsync(Guid id, Speaker speaker, Delivery delivery, CancellationToken ct) => EndAsync(id, speaker, delivery, leaveOff: true, null, ct);

    /// <summary>One of several, in a file of which all is decided before any of it is put back or thrown away.</summary>
    public Task<Refusal?> DecideAsync(IncidentFile file, Guid id, Speaker speaker, Delivery delivery, CancellationToken ct) => DecideAsync(file, id, speaker, delivery, leaveOff: false, null, ct);

    private async Task<Refusal?> EndAsync(Guid id, Speaker speaker, Delivery delivery, bool leaveOff, MessageKey? pressed, CancellationToken ct, bool isAllOfIt = true)
    {
        if (await records.FindLeaseAsync(id, ct) is not { } found || await files.OpenAsync(found.Incident, ct) is not { } file)
        {
            return NotKnown;
        }

        var refusal = await DecideAsync(file, id, speaker, delivery, leaveOff, pressed, ct);
        if (refusal is null)
        {
            await files.PutBackAsync(file, isAllOfIt ? delivery : null, ct);
        }

        return refusal;
    }

    private async Task<Refusal?> DecideAsync(IncidentFile file, Guid id, Speaker speaker, Delivery delivery, bool leaveOff, MessageKey? pressed, CancellationToken ct)
    {
        if (file.Lease(id) is not { } lease)
        {
            return NotKnown;
        }

        var unsettled = await records.UnsettledLeasesAsync(ct);
        lease = lease with { Overwriting = SharedPause.Rule(lease, unsettled) };
        file.Save(lease);
        if ((!lease.WaitsForPeople || pressed is not null && lease.Outside is null) && (leaveOff || lease.State != LeaseState.Active))
        {
            return new Refusal(RefusalKind.AlreadyDecided, IncidentCard.Line(lease, reception, speaker.Account.Platform, file.Now));
        }

        var press = lease.Overwrite is { } question && question.Message == pressed ? question : null;
        if (pressed is not null && press is null)
        {
            return new Refusal(RefusalKind.AlreadyDecided, "That was asked again since, or is settled; nothing was done.") { Instead = "Look at the newest message in the thread." };
        }

        var (actor, mayNot) = await ActorAsync(lease, press, speaker.Person, ct);
        if (actor is null)
        {
            return mayNot;
        }

        var (answer, facts) = (ClusterAnswer.Ok, (ApplicationFacts?)null);
        if (lease.WaitsForPeople || lease.Owner != actor.Name)
        {
            (answer, facts) = await applications.Of(lease.Target).InspectAsync(lease.Target, ct);
            if (facts is null && !(lease.Owner == actor.Name && answer.Kind == ClusterAnswerKind.Gone))
            {
                return ClusterRefusals.For(answer, Text.Of($"I could not read {lease.Target.Name:code}."));
            }

            if (lease.Owner != actor.Name && await rules.DecideAsync(actor, "resume", facts!, null, ct) is { Allowed: null, Refusal: var notAllowed })
            {
                return actor == speaker.Person ? notAllowed : new Refusal(RefusalKind.NotAllowed, Text.Of($"{actor.DisplayName} asked for it and may not {lease.EndWord} {lease.Target.Name:code} any more: {notAllowed!.Why}")) { Instead = notAllowed.Instead };
            }

            if (lease.Outside is { } outside && leaveOff && facts is not null)
            {
                file.Save(lease.Finish(speaker.Person.Name, file.Now));
                await AcceptAsync(file, outside, facts, ct);
                file.Tell(TimelineKind.Settled, speaker.Person.Name, _ => Text.Of($"{lease.Target.Name:code} is {"settled":b} by {speaker.Person.DisplayName}: {outside.Condition}, as {outside.Hand} left it, and it stays so."), Tone.Warning, lease.Id);
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
                return null;
            }

            if (leaveOff && holding is not (Holding.Taken or Holding.Gone or null))
            {
                return new Refusal(RefusalKind.NotPossible, Text.Of($"{lease.Target.Name:code} carries our {lease.Noun} again, and that ends {lease.Deadline}.")) { Instead = Text.Of($"{$"{lease.EndWord} {lease.Target.Name}":code} puts back what was there.") };
            }
        }

        if (lease is { WaitsForPeople: true, Outside: null } && facts is not null && Holding.Judge(lease, facts, file.Now) is not (Holding.Taken or Holding.Gone))
        {
            lease = lease.Stored(file.Now); // it is ours again, and its end lets the engine loose like any other
            file.Save(lease);
        }

        if (lease.Outside is { IsOursToPutBack: false } made)
        {
            return TakeOutside.NotOurs(lease.Target, made);
        }

        if (lease is { State: LeaseState.Active, WindowIn: not null } && facts is null)
        {
            (_, facts) = await applications.Of(lease.Target).InspectAsync(lease.Target, ct);
        }

        var holder = SharedPause.Holders(lease, unsettled, facts) is [var longest, ..] ? longest : null;
        if (holder is null && (lease.State == LeaseState.Active || facts is not null && lease.Outside?.IsStillThere(facts) == true))
        {
            var asked = await ask.HandleAsync(file, lease, actor, press, ct);
            lease = file.Lease(id)!;
            if (asked.May != Overwritable.Yes)
            {
                if (!file.Incident.Channels.Contains(delivery.Place.Channel))
                {
                    file.Changes.Post(new Outgoing.Whisper(delivery.From, delivery.Place, AskBeforeEnd.NotYet(file.Incident, lease, asked), delivery.ReplyHandle));
                }

                return null;
            }

            if (actor != speaker.Person)
            {
                lease = lease with { Overwrite = press! with { AgreedBy = speaker.Person.Name } };
                file.Save(lease);
                file.Tell(TimelineKind.Approved, speaker.Person.Name, _ => Text.Of($"{speaker.Person.DisplayName} agreed, as rule {lease.Overwriting.Rule:code} wants, that {lease.Target.Name:code} is {lease.EndedWord}: ") + asked.InWords + ".", Tone.Good, lease.Id);
            }
        }

        EndLease.Begin(file, lease with { OnlyLetsGo = holder is not null && !lease.WaitsForPeople }, actor.Name, lease.WaitsForPeople ? "settled by hand" : holder is null ? $"{lease.EndedWord} by hand" : $"let go by hand, as incident {holder.Incident} holds it on");
        return null;
    }

    /// <summary>Who ends it: whoever speaks. Where a press is somebody else's agreement, whoever asked for that.</summary>
    private async Task<(Person? Actor, Refusal? Refusal)> ActorAsync(Lease lease, OverwriteQuestion? press, Person speaker, CancellationToken ct)
    {
        if (press is null || lease.Overwriting is not { Needs: OverwritingNeeds.Approval } rule)
        {
            return (speaker, null);
        }

        if (press.AskedBy == speaker.Name)
        {
            return (null, new Refusal(RefusalKind.OwnRequest, "You asked for this yourself, and nobody agrees to their own.") { Instead = Text.Of($"Somebody else with the role {rule.FromRole ?? "":b} has to.") });
        }

        return await rules.MayAgreeAsync(speaker, rule, ct) switch
        {
            null => (null, AskRulebook.Silent),
            false => (null, new Refusal(RefusalKind.NotAllowed, Text.Of($"Rule {rule.Rule:code} wants somebody with the role {rule.FromRole ?? "":b} to agree that changes by hand are overwritten, and you do not hold it now."))),
            true when register.Find(press.AskedBy) is { } asker => (asker, null),
            true => (null, new Refusal(RefusalKind.NotAllowed, Text.Of($"{press.AskedBy}, who asked for it, is not mapped any more.")) { Instead = Text.Of($"Say {$"{lease.EndWord} {lease.Target.Name}":code} yourself, and somebody else agrees.") }),
        };
    }

    private async Task AcceptAsync(IncidentFile file, OutsideOverride outside, ApplicationFacts facts, CancellationToken ct)
    {
        if (outside.Window is not { } window)
        {
            await AcceptAsync(file, outside.Kind, facts, ct);
        }
        else if (await records.FindKnownWindowsAsync(facts.Ref.Instance, ct) is { } known)
        {
            file.Changes.Save(known.Accept(window));
        }
    }

    /// <summary>What people let stand is from now on how the application is: it is not found again as somebody's override.</summary>
    private async Task AcceptAsync(IncidentFile file, OutsideKind kind, ApplicationFacts facts, CancellationToken ct) =>
        file.Changes.Save((await records.FindBaselineAsync(facts.Ref, ct) ?? Baseline.Of(facts)).Accept(kind, facts));

    private void SayStillOff(IncidentFile file, Lease lease, Holding.Taken taken, Person person, bool leaveOff)
    {
        if (leaveOff)
        {
            file.Save(lease.Finish(person.Name, file.Now));
            file.Tell(TimelineKind.Settled, person.Name, _ => Text.Of($"{lease.Target.Name:code} is {"settled":b} by {person.DisplayName}: its auto-sync is off, as {taken.By} left it, and stays so. Git does not rule there until somebody switches it on.{(lease.InSet is { } entry ? $" Our entry stays in ApplicationSet {entry.Set}, or the set would switch it on." : "")}"), Tone.Warning, lease.Id);
            return;
        }

        var seen = lease.Hold == taken.Left && lease.EndedBy == taken.By ? lease : lease.Overtake(taken.By, taken.Left, file.Now);
        file.Save(seen);
        OvertakenTexts.Tell(file, seen, person.Name, Text.Of($"{person.DisplayName} asked to resume, and I looked again: I put back only what is mine. "), reception);
    }
}
