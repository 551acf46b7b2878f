using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Leases;

/// <summary>A message in the thread whose buttons decide about an override, while it is open.</summary>
/// <param name="Deadline">The end of the override when it was asked: whoever moves that has answered it.</param>
/// <param name="Card">What stays of it, without the buttons.</param>
public sealed record AskedInThread(MessageKey Message, bool IsAboutOverwriting, DateTimeOffset Deadline, Card Card);

/// <summary>
/// What everybody in the thread is asked about an override. Once that is settled, wherever it was, the message says by whom
/// and has no buttons any more: whoever scrolls up must not press what is over.
/// </summary>
public static class ThreadQuestion
{
    /// <param name="overwritten">What the end would overwrite, where that is what is asked.</param>
    public static MessageKey Ask(
        IncidentFile file, Guid lease, TimelineKind kind, string by, Func<ChatPlatform, Text> text, Tone tone, Func<MessageKey, IReadOnlyList<Button>> buttons, IReadOnlyList<Part>? overwritten = null)
    {
        var (key, card) = file.Tell(kind, by, text, tone, lease, buttons: buttons, parts: overwritten);
        var open = file.Lease(lease)!;
        file.Save(open with { InThread = [.. open.InThread, new(key, overwritten is not null, open.Deadline, card with { Parts = [.. card.Parts.Where(part => part is not Part.Buttons)] })] });
        return key;
    }

    /// <summary>Takes the buttons, in the same step, off the messages whose question this step settles.</summary>
    public static void KeepTrue(IncidentFile file, Reception reception)
    {
        foreach (var lease in file.Leases.Where(lease => lease.InThread.Count > 0))
        {
            var open = lease.InThread.Where(asked => IsOpen(asked, lease)).ToList();
            if (open.Count == lease.InThread.Count)
            {
                continue;
            }

            foreach (var asked in lease.InThread.Except(open))
            {
                file.Say(asked.Message, _ => Settled(asked, lease, file.Now, reception));
            }

            file.Save(lease with { InThread = open, Overwrite = IsUp(lease) && !open.Exists(asked => asked.IsAboutOverwriting) ? null : lease.Overwrite });
        }
    }

    private static bool IsOpen(AskedInThread asked, Lease lease) =>
        lease.InThread.Last(other => other.IsAboutOverwriting == asked.IsAboutOverwriting) == asked
        && (asked.IsAboutOverwriting ? IsUp(lease) && lease.Deadline == asked.Deadline : lease.WaitsForPeople);

    /// <summary>Its end would still let the engine loose; an override from outside waits for people all along.</summary>
    private static bool IsUp(Lease lease) => lease.State == LeaseState.Active || lease is { WaitsForPeople: true, Outside: not null };

    private static Card Settled(AskedInThread asked, Lease lease, DateTimeOffset now, Reception reception)
    {
        var how = lease switch
        {
            { State: LeaseState.Ending or LeaseState.Ended } => Text.Of($"Settled at {lease.EndedAt ?? now} by {reception.NameOf(lease.EndedBy)}{(asked.IsAboutOverwriting && lease.Overwrite?.AgreedBy is { } agreed ? $"; {reception.NameOf(agreed)} agreed" : "")}."),
            { WaitsForPeople: true, Outside: null } when asked.IsAboutOverwriting => Text.Of($"Overtaken at {now}: {lease.EndedBy} changed it meanwhile."),
            { State: LeaseState.Active } when !asked.IsAboutOverwriting => Text.Of($"Settled at {now}: the {lease.Noun} is there again, until {lease.Deadline}."),
            _ when lease.Deadline != asked.Deadline => Text.Of($"Settled at {now}: the {lease.Noun} goes on until {lease.Deadline}."),
            _ => "Asked again: the newer message has the buttons.",
        };
        return asked.Card with { Tone = Tone.Neutral, Parts = [.. asked.Card.Parts.SkipLast(1), new Part.Paragraph(how), .. asked.Card.Parts.TakeLast(1)] };
    }
}
