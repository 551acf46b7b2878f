using ChatOps.Core.Alerts;
using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Outside;

/// <summary>What somebody overrode of one application, and nobody took.</summary>
public sealed record Untaken(Alert Alert, ApplicationRef Application, OutsideOverride Override)
{
    /// <summary>A window is about each application that it reaches.</summary>
    public static IEnumerable<Untaken> In(IEnumerable<Alert> alerts) => alerts.Where(alert => alert is { State: AlertState.Firing, Taken: null }).SelectMany(alert => alert switch
    {
        { Window: { } window } => window.Reaches.Select(application => new Untaken(alert, application, window.AsOverride())),
        { Override: { } made } => [new(alert, new(alert.About.Instance!, alert.About.Namespace!, alert.About.Name), made)],
        _ => Array.Empty<Untaken>(),
    });
}

/// <summary>
/// <c>own</c> and <c>resume</c> of an override that somebody made past us: it gets a lease with an owner and an end, in the
/// incident that has the application or in one of its own, under the same rules as an override of ours. Resumed, it is put
/// back exactly as it was.
/// </summary>
public sealed class TakeOutside(IRecords records, IncidentFiles files, Applications applications, AskRulebook rules, AskBeforeEnd ask, Reception reception)
{
    /// <summary>Nobody said how long: long enough to bring it into Git or to decide, and people are asked then.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    /// <summary>What is there and nobody took.</summary>
    public async Task<IReadOnlyList<Untaken>> FindAsync(ApplicationQuery application, CancellationToken ct) =>
        [.. Untaken.In(await records.AlertsAsync(onlyLive: true, ct)).Where(one => application.Matches(one.Application))];

    public async Task<Refusal?> HandleAsync(IReadOnlyList<Untaken> there, Command command, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var targets = there.Select(one => one.Application).Distinct().ToList();
        if (targets.Count > 1)
        {
            return new Refusal(RefusalKind.Ambiguous, Text.Of($"{targets[0].Name:code} could be {string.Join(" or ", targets)}.")) { Instead = "Write the whole name." };
        }

        var (owner, unknown) = command is Command.Own { Person: { } mention } ? reception.Find(mention, speaker.Account) : (speaker.Person, null);
        if (owner is null)
        {
            return unknown;
        }

        var (answer, facts) = await applications.Of(targets[0]).InspectAsync(targets[0], ct);
        if (facts is null)
        {
            return ClusterRefusals.For(answer, Text.Of($"I could not read {targets[0].Name:code}."));
        }

        var ends = command is not Command.Own;
        var (allowed, notAllowed) = await AllowedAsync([.. new[] { speaker.Person, owner }.DistinctBy(person => person.Name)], ends ? PolicyVerb.Resume : PolicyVerb.Own, facts, ct);
        if (allowed is null)
        {
            return notAllowed;
        }

        there = [.. there.Where(one => one.Override.IsStillThere(facts))];
        if (there.Count > 0 && await IsAnotherAsync(facts, ct))
        {
            there = [.. there.Where(one => one.Override.IsKnownByItself)];
            if (there.Count == 0)
            {
                return new Refusal(RefusalKind.NotPossible, Text.Of($"{facts.Ref.Name:code} was deleted and made again, and what was there before went with the old one.")) { Instead = Text.Of($"{$"/gitops status {facts.Ref.Name}":code} says how it is.") };
            }
        }

        if (there.Count == 0 || ActsAs(allowed, facts) is not { } user)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"{facts.Ref.Name:code} is under no override any more.")) { Instead = Text.Of($"{$"/gitops status {facts.Ref.Name}":code} says how it is.") };
        }

        if (ends && there.All(one => !one.Override.IsOursToPutBack))
        {
            return NotOurs(facts.Ref, there[0].Override);
        }

        var file = await FileAsync(facts, there[0].Override, speaker, delivery, ct);
        foreach (var one in there.Where(one => !ends || one.Override.IsOursToPutBack))
        {
            var lease = Lease.Taken(one.Override, facts, file.Incident.Number, owner.Name, user, rules.OverwritingOf(facts), file.Now + LongestOf(allowed), file.Now) with { Deployed = DeployedInstead.Of(file.Operations, facts.Ref) };
            Take(file, one.Alert, lease, owner);
            if (!ends)
            {
                SayWhose(file, lease, speaker.Person, owner);
            }
            else if (await ask.HandleAsync(file, lease, speaker.Person, press: null, ct) is { May: Overwritable.Yes })
            {
                EndLease.Begin(file, file.Lease(lease.Id)!, speaker.Person.Name, $"resumed by hand; it was made from outside, by {lease.Outside!.Hand}");
            }
        }

        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    /// <summary>Than the one that was overridden: what was found there is put back on no other of its name.</summary>
    private async Task<bool> IsAnotherAsync(ApplicationFacts facts, CancellationToken ct) => await records.FindBaselineAsync(facts.Ref, ct) is { } known && known.Uid != facts.Uid;

    /// <summary>What a hydrator renders is put back by whoever may; then it is seen and settled.</summary>
    internal static Refusal NotOurs(ApplicationRef application, OutsideOverride made) => made.Window is { } window
        ? new(RefusalKind.NotPossible, Text.Of($"I may write windows of my own and no others, so I cannot take the one out of project {window.Project:code} that holds {application.Name:code} back.")) { Instead = Text.Of($"Whoever may edit the project runs {made.ByHand(application):code}; I see it and settle it. {$"own {application.Name}":code} makes it yours until then.") }
        : new(RefusalKind.NotPossible, Text.Of($"I may not write what Argo CD renders of {application.Name:code} (sourceHydrator), so I cannot put it back.")) { Instead = Text.Of($"Whoever may change the application runs {made.ByHand(application):code}; I see it and settle it. Or {"Leave it so":b} in the thread.") };

    private static void Take(IncidentFile file, Alert alert, Lease lease, Person owner)
    {
        file.Save(lease);
        file.Changes.Save(alert with { Taken = new(owner.DisplayName, lease.Incident, lease.Id, lease.Deadline), Telling = alert.Telling + 1 });
    }

    private void SayWhose(IncidentFile file, Lease lease, Person speaker, Person owner) =>
        ThreadQuestion.Ask(
            file,
            lease.Id,
            TimelineKind.OwnerChanged,
            speaker.Name,
            platform => Text.Of($"{reception.Address(owner.Name, platform)} owns the override of {lease.Target.Name:code} that was made from outside, until {lease.Deadline}: ") + lease.Outside!.Story + " " + OvertakenTexts.LeftToDo(lease),
            Tone.Warning,
            key => OvertakenTexts.Buttons(file, lease, key));

    private async Task<(Decision.Allowed? Allowed, Refusal? Refusal)> AllowedAsync(IReadOnlyList<Person> people, string verb, ApplicationFacts facts, CancellationToken ct)
    {
        Decision.Allowed? last = null;
        foreach (var person in people)
        {
            (last, var refusal) = await rules.DecideAsync(person, verb, facts, null, ct);
            if (last is null)
            {
                return (null, refusal);
            }
        }

        return (last, null);
    }

    /// <summary>The user of the role that is allowed it; where that only decides, one that the policy has act on this application.</summary>
    private string? ActsAs(Decision.Allowed allowed, ApplicationFacts facts)
    {
        var users = rules.UsersFor(facts);
        return users.Contains(allowed.Authority.KubernetesUser) ? allowed.Authority.KubernetesUser : users is [var first, ..] ? first : null;
    }

    private static TimeSpan LongestOf(Decision.Allowed allowed) =>
        allowed.Rule.LongestDuration > TimeSpan.Zero && allowed.Rule.LongestDuration < Usual ? allowed.Rule.LongestDuration : Usual;

    /// <summary>The incident of the thread or of the channel that has the application; else a new one, since every override belongs to one.</summary>
    private async Task<IncidentFile> FileAsync(ApplicationFacts facts, OutsideOverride made, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var ofThread = delivery.Place.Thread is { } thread ? await records.FindIncidentAsync(new MessageRef(delivery.Place.Channel, thread, null), ct) : null;
        var mine = (await records.IncidentsAsync(onlyOpen: true, ct)).Where(incident => incident.Channels.Contains(delivery.Place.Channel) && incident.Scope.Contains(facts.Ref));
        if (mine.OrderByDescending(incident => incident.Number == ofThread?.Number).FirstOrDefault() is { } open && await files.OpenAsync(open.Number, ct) is { } file)
        {
            return file;
        }

        var number = await records.NextIncidentAsync(ct);
        file = files.New(new Incident
        {
            Number = number,
            Title = $"Override from outside: {facts.Ref.Name}, {made.Condition}",
            Severity = Severity.Sev4,
            State = IncidentState.Open,
            DeclaredAt = delivery.ReceivedAt,
            DeclaredBy = speaker.Person.Name,
            Operator = speaker.Person.Name,
            Channels = [delivery.Place.Channel],
            Scope = [facts.Ref],
            Head = Chain.Root(number),
        });
        file.Record(TimelineKind.Declared, speaker.Person.Name, Text.Of($"{speaker.Person.DisplayName} took up an override from outside, sev4, scope: {facts.Ref}"), happenedAt: delivery.ReceivedAt);
        return file;
    }

}
