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
                var key = MessageKey.AskAboutLease(lease.Id, lease.Deadline, lease.Escalations, account);
                file.Changes.Post(new Outgoing.Say(key, new Where.ToPerson(account), Question(file, lease, person, key)));
                asked = true;
            }
        }

        return asked;
    }

    private static Card Question(IncidentFile file, Lease lease, string person, MessageKey key)
    {
        var facts = new Part.Facts([new("Why", lease.Reason), new("Incident", Text.Of($"{file.Incident.Number}: {file.Incident.Title}")), new("Holds?", IncidentCard.HoldInWords(lease.Hold))]);
        var owner = Offer(file, lease, key, person == lease.Owner ? "I need an owner" : "I take it", person == lease.Owner ? ChoiceKind.NeedOwner : ChoiceKind.TakeLease);
        return lease.WaitsForPeople
            ? new($"The {lease.Noun} of {lease.Target.Name} is not settled", Tone.Warning, [new Part.Paragraph(OvertakenTexts.Seen(lease) + " " + OvertakenTexts.LeftToDo(lease)), facts, new Part.Buttons([.. OvertakenTexts.Buttons(file, lease, key), owner])])
            : new($"The {lease.Noun} of {lease.Target.Name} {(file.Now < lease.Deadline ? "is about to end" : "is past its end")}", Tone.Warning,
            [
                new Part.Paragraph(Text.Of($"It ends {lease.Deadline}. {(lease.ResumeAtDeadline ? $"Then I {lease.EndWord} it, and Argo CD puts back what Git says." : "Then I ask more people until somebody decides.")}")),
                facts,
                new Part.Buttons([Offer(file, lease, key, "Extend …", ChoiceKind.ExtendLease), Offer(file, lease, key, lease.Branch is null ? "Resume" : "Restore", ChoiceKind.ResumeLease), owner]),
            ]);
    }

    private static Button Offer(IncidentFile file, Lease lease, MessageKey key, string label, ChoiceKind kind)
    {
        var token = Tokens.Next();
        file.Changes.Offer(new Choice(token, kind, lease.Id, null, key, file.Now + TimeSpan.FromDays(30)));
        return new Button(label, token) { Confirm = kind == ChoiceKind.ResumeLease ? "Argo CD applies what Git says within seconds; hand changes that are not in Git are lost." : null };
    }
}
