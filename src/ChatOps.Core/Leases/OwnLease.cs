using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary><c>own</c>: an override has one owner at a time, and everybody sees who.</summary>
public sealed class OwnLease(IRecords records, IncidentFiles files, Applications applications, AskRulebook rules, AskAboutLease ask, Reception reception)
{
    public async Task<Refusal?> HandleAsync(Guid id, Person owner, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(id, ct) is not { } found || await files.OpenAsync(found.Incident, ct) is not { } file || file.Lease(id) is not { IsUnsettled: true } lease)
        {
            return new Refusal(RefusalKind.NotFound, "That override is not there any more.");
        }

        var (answer, facts) = await applications.Of(lease.Target).InspectAsync(lease.Target, ct);
        if (facts is null)
        {
            return ClusterRefusals.For(answer, Text.Of($"I could not read {lease.Target.Name:code}."));
        }

        // Who takes it must be allowed to, and who hands it to somebody else as well.
        foreach (var person in new[] { speaker.Person, owner }.DistinctBy(person => person.Name))
        {
            var (allowed, notAllowed) = await rules.DecideAsync(person, "own", facts, null, ct);
            if (allowed is null)
            {
                return person == speaker.Person
                    ? notAllowed
                    : new Refusal(RefusalKind.NotAllowed, Text.Of($"{owner.DisplayName} may not own an override of {lease.Target.Name:code}: {notAllowed!.Why}")) { Instead = notAllowed.Instead };
            }
        }

        file.Save(lease with { Owner = owner.Name });
        file.Tell(TimelineKind.OwnerChanged, speaker.Person.Name, platform => Text.Of($"{reception.Address(owner.Name, platform)} owns the {lease.Noun} of {lease.Target.Name:code} now."), Tone.Neutral, lease.Id);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    /// <summary>"I need an owner": the override is shown without one, and the next people are asked; never whoever just let go.</summary>
    public async Task<Refusal?> LetGoAsync(Guid id, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        if (await records.FindLeaseAsync(id, ct) is not { } found || await files.OpenAsync(found.Incident, ct) is not { } file || file.Lease(id) is not { IsUnsettled: true } lease)
        {
            return new Refusal(RefusalKind.NotFound, "That override is not there any more.");
        }

        if (lease.Owner != speaker.Person.Name)
        {
            return new Refusal(RefusalKind.AlreadyDecided, Text.Of($"{lease.Target.Name:code} is owned by {reception.NameOf(lease.Owner)}."));
        }

        var unowned = lease with { Owner = null };
        file.Save(unowned);
        var next = await ask.AskNextAsync(file, unowned, speaker.Person.Name, ct);
        file.Tell(
            TimelineKind.OwnerChanged,
            speaker.Person.Name,
            platform => Text.Of($"{speaker.Person.DisplayName} cannot own the {lease.Noun} of {lease.Target.Name:code} any longer. ")
                + (next.Count == 0 ? "Nobody is left whom I could ask by name; " : new Text([.. next.SelectMany(person => new[] { reception.Address(person, platform), new Run.Plain(", ") })]))
                + Text.Of($"{(file.Now < lease.Deadline ? "it ends" : "its end was")} {lease.Deadline}: {$"own {lease.Target.Name}":code} takes it."),
            Tone.Alarm,
            lease.Id);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }
}
