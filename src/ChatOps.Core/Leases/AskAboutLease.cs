using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Policy;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>
/// Asks one person about an override, in a direct message with the buttons that fit. Whoever cannot be reached is named in
/// the thread and in the record, and the next people are asked: a question that nobody got is no question.
/// </summary>
public sealed class AskAboutLease(AskRulebook rules, Reception reception)
{
    public async Task HandleAsync(IncidentFile file, Lease lease, string person, CancellationToken ct)
    {
        if (!Ask(file, lease, person))
        {
            await NotReachedAsync(file, lease, person, "there is no chat account of theirs here: add it under Identity:People", ct);
        }
    }

    /// <summary>The question did not reach somebody: said, and asked of the next.</summary>
    public async Task NotReachedAsync(IncidentFile file, Lease lease, string person, string why, CancellationToken ct)
    {
        var next = await NextAsync(file, lease, person, ct);
        file.Tell(TimelineKind.NotReached, "chatops", platform =>
            Text.Of($"{reception.Address(person, platform)} {"could not be asked":b} about the {lease.Noun} of {lease.Target.Name:code} (it ends {lease.Deadline}): {why}. ")
            + (next.Count > 0 ? Text.Of($"I ask {string.Join(", ", next.Select(reception.NameOf))} instead.") : Text.Of($"Nobody is left whom I could ask, so somebody here must decide: {$"own {lease.Target.Name}":code}, {$"extend {lease.Target.Name} by 30m":code} or {$"{lease.EndWord} {lease.Target.Name}":code}.")),
            Tone.Alarm, lease.Id);
        foreach (var other in next)
        {
            Ask(file, lease, other);
        }
    }

    /// <summary>Its owner can no longer answer for it: the next are asked in person, and named.</summary>
    public async Task<IReadOnlyList<string>> AskNextAsync(IncidentFile file, Lease lease, string owner, CancellationToken ct)
    {
        var next = await NextAsync(file, lease with { Owner = owner }, owner, ct);
        foreach (var person in next)
        {
            Ask(file, lease, person);
        }

        return next;
    }

    /// <summary>
    /// The first people after <paramref name="person"/> who can be written to: the owner, then who leads the incident, then
    /// the roles that the policy escalates to. Always further on, so that it comes to an end.
    /// </summary>
    private async Task<IReadOnlyList<string>> NextAsync(IncidentFile file, Lease lease, string person, CancellationToken ct)
    {
        var circles = new List<IReadOnlyList<string>> { new[] { lease.Owner }.OfType<string>().ToList(), new[] { file.Incident.Commander, file.Incident.Operator }.OfType<string>().Distinct().ToList() };
        foreach (var role in rules.Policy.EscalateTo)
        {
            circles.Add([.. (await rules.HoldersAsync(role, ct)).Select(holder => holder.Name)]);
        }

        var at = circles.FindIndex(circle => circle.Contains(person));
        return circles.Skip(at + 1).Select(circle => circle.Where(other => other != person && IsWritable(file, other)).ToList()).FirstOrDefault(circle => circle.Count > 0) ?? [];
    }

    private bool IsWritable(IncidentFile file, string person) => file.Incident.Channels.Any(channel => reception.AccountOf(person, channel.Platform) is not null);

    private bool Ask(IncidentFile file, Lease lease, string person)
    {
        var asked = false;
        foreach (var platform in file.Incident.Channels.Select(channel => channel.Platform).Distinct())
        {
            if (reception.AccountOf(person, platform) is { } account)
            {
                var question = new AskedAbout(person, account, MessageKey.AskAboutLease(lease.Id, lease.Deadline, lease.Escalations, account), lease.Deadline);
                file.Changes.Post(LeaseQuestion.Ask(file, lease, question, reception));
                var sofar = file.Lease(lease.Id)!;
                file.Save(sofar with { Asked = [.. sofar.Asked.Where(other => other.Message != question.Message), question] });
                asked = true;
            }
        }

        return asked;
    }
}
