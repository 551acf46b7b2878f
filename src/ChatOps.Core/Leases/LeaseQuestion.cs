using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;

namespace ChatOps.Core.Leases;

/// <summary>A question about an override that one person was sent and that is still open.</summary>
/// <param name="Deadline">The end that it asks about: after an extension it is answered.</param>
public sealed record AskedAbout(string Person, ChatAccount Account, MessageKey Message, DateTimeOffset Deadline);

/// <summary>
/// The message by which one person is asked about an override. It says what is true for as long as the override can change,
/// with the buttons that can do something; once it is answered, by whomever, it says so and has none.
/// </summary>
public static class LeaseQuestion
{
    /// <summary>Edits, in the same step, what people were asked about the overrides that this step changed.</summary>
    public static void KeepTrue(IncidentFile file, Reception reception)
    {
        foreach (var lease in file.Leases.Where(lease => lease.Asked.Count > 0))
        {
            var before = file.AsOpened.Lease(lease.Id);
            var open = lease.Asked.Where(asked => IsOpen(asked, lease)).ToList();
            foreach (var asked in lease.Asked)
            {
                var isNew = before?.Asked.Contains(asked) != true;
                if (!open.Contains(asked))
                {
                    file.Changes.Post(Say(asked, Answered(lease, reception)));
                }
                else if (!isNew && Shown(before!) != Shown(lease))
                {
                    file.Changes.Post(Say(asked, Of(file, lease, asked, reception)));
                }
            }

            if (open.Count < lease.Asked.Count)
            {
                file.Save(lease with { Asked = open });
            }
        }
    }

    public static Outgoing Ask(IncidentFile file, Lease lease, AskedAbout asked, Reception reception) => Say(asked, Of(file, lease, asked, reception));

    private static Outgoing.Say Say(AskedAbout asked, Card card) => new(asked.Message, new Where.ToPerson(asked.Account), card);

    /// <summary>The newest question about the end that stands now, while there is something to decide.</summary>
    private static bool IsOpen(AskedAbout asked, Lease lease) =>
        lease.IsUnsettled && asked.Deadline == lease.Deadline && lease.Asked.Last(other => other.Account == asked.Account) == asked;

    /// <summary>What of an override the message shows; it is edited when any of it is another.</summary>
    private static (LeaseState, bool, string?, Hold, string?, int, string?, string) Shown(Lease lease) =>
        (lease.State, lease.WaitsForPeople, lease.Owner, lease.Hold, lease.EndedBy, lease.Escalations, lease.Branch?.Spoken, string.Join(' ', lease.HeldWith));

    private static Card Of(IncidentFile file, Lease lease, AskedAbout asked, Reception reception)
    {
        var facts = new Part.Facts(
        [
            new("Why", lease.Reason), new("Incident", Text.Of($"{file.Incident.Number}: {file.Incident.Title}")),
            new("Holds?", IncidentCard.HoldInWords(lease.Hold)), new("Owner", reception.NameOf(lease.Owner)),
        ]);
        var owner = asked.Person == lease.Owner ? Offer(file, lease, asked.Message, "I need an owner", ChoiceKind.NeedOwner) : Offer(file, lease, asked.Message, "I take it", ChoiceKind.TakeLease);
        return lease switch
        {
            { WaitsForPeople: true } => new($"The {lease.Noun} of {lease.Target.Name} is not settled", Tone.Warning,
                [new Part.Paragraph(OvertakenTexts.Seen(lease) + " " + OvertakenTexts.LeftToDo(lease)), facts, new Part.Buttons([.. OvertakenTexts.Buttons(file, lease, asked.Message), owner])]),
            { State: LeaseState.Ending } => new($"The {lease.Noun} of {lease.Target.Name} is being ended", Tone.Waiting,
                [new Part.Paragraph(Text.Of($"{reception.NameOf(lease.EndedBy)} ends it; I say here when it is over.")), facts]),
            _ => new($"The {lease.Noun} of {lease.Target.Name} {(file.Now < lease.Deadline ? "is about to end" : "is past its end")}", Tone.Warning,
            [
                new Part.Paragraph(file.Now >= lease.Deadline
                    ? Text.Of($"Its end was {lease.Deadline}. It goes on, and I ask more and more people, until somebody decides.")
                    : lease.HeldWith.Count > 0 ? Text.Of($"It ends {lease.Deadline}. Then this incident lets go of it, and it stays paused while {SharedPause.InWords(lease.HeldWith)} {(lease.HeldWith.Count == 1 ? "holds" : "hold")} it.")
                    : Text.Of($"It ends {lease.Deadline}. {(lease.ResumeAtDeadline ? $"Then I {lease.EndWord} it, and Argo CD puts back what Git says{Unless(lease)}." : "Then I ask more people until somebody decides.")}")),
                facts,
                new Part.Buttons([Offer(file, lease, asked.Message, "Extend …", ChoiceKind.ExtendLease), Offer(file, lease, asked.Message, lease.Branch is null ? "Resume" : "Restore", ChoiceKind.ResumeLease), owner]),
            ]),
        };
    }

    /// <summary>When it does not end by itself after all.</summary>
    private static string Unless(Lease lease) => (OverwriteRule.IsAskedFirst(lease), lease.KeepsRollback) switch
    {
        (true, true) => "; where that would overwrite changes by hand or deploy what was rolled back from, I ask more people instead",
        (true, false) => "; where that would overwrite changes by hand, I ask more people instead",
        (false, true) when lease.WindowIn is not null => ": its window ends by itself, so what was rolled back from comes back unless Git says otherwise by then",
        (false, true) => "; while Git says something else than what runs, I ask more people instead",
        (false, false) => "",
    };

    private static Card Answered(Lease lease, Reception reception) => lease switch
    {
        { IsUnsettled: false } => Card.Note($"The {lease.Noun} of {lease.Target.Name} is over", Tone.Neutral, Text.Of($"It is over since {lease.EndedAt ?? lease.Deadline}, by {reception.NameOf(lease.EndedBy)}. There is nothing left to decide.")),
        { NoticedAt: null, Escalations: 0 } => Card.Note($"The {lease.Noun} of {lease.Target.Name} goes on", Tone.Good, Text.Of($"It ends {lease.Deadline} now, and I ask again before that. To end it sooner: {$"{lease.EndWord} {lease.Target.Name}":code}.")),
        _ => Card.Note($"The {lease.Noun} of {lease.Target.Name}: I asked again", Tone.Neutral, "The newer message has the buttons."),
    };

    private static Button Offer(IncidentFile file, Lease lease, MessageKey key, string label, ChoiceKind kind)
    {
        var token = Tokens.Next();
        file.Changes.Offer(new Choice(token, kind, lease.Id, null, key, file.Now + TimeSpan.FromDays(30)));
        return new Button(label, token) { Confirm = kind == ChoiceKind.ResumeLease ? "Argo CD applies what Git says within seconds; hand changes that are not in Git are lost." : null };
    }
}
