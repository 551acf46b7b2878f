using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Grants;

/// <summary>
/// The direct message by which somebody learns that their access is about to end. Where it cannot reach them the incident's
/// thread hears of it, because whoever loses access unwarned may be in the middle of a repair.
/// </summary>
public static class GrantNotice
{
    public static void Send(IncidentFile file, Grant grant, Reception reception)
    {
        if (!Say(file, grant, reception))
        {
            NotReached(file, grant, reception, isForGood: true, "there is no chat account of theirs here: add it under Identity:People");
        }
    }

    /// <summary>Edits, in the same step, the warnings about what this step changed: a button that can only refuse misleads whoever is in a hurry.</summary>
    public static void KeepTrue(IncidentFile file, Reception reception)
    {
        foreach (var grant in file.Grants.Where(grant => file.AsOpened.Grant(grant.Id) is { NoticedAt: not null } before && Shown(before, file.AsOpened.Grants) != Shown(grant, file.Grants)))
        {
            Say(file, grant, reception);
        }
    }

    /// <param name="isForGood">Else the message waits until somebody mended what keeps it back.</param>
    public static void NotReached(IncidentFile file, Grant grant, Reception reception, bool isForGood, string fix) => file.Tell(
        TimelineKind.NotReached,
        "chatops",
        platform => Text.Of($"{reception.Address(grant.Person, platform)} {(isForGood ? "could not be told" : "is not told yet"):b} in a direct message that their access to {grant.Target.Name:code} as {grant.Role:b} ends {grant.EndsAt}: {fix}. It ends then all the same; {$"/breakglass extend {grant.ShortId} by 30m":code}, said by them, asks for more."),
        Tone.Warning,
        grant.Id);

    /// <summary>False: they have no account where the incident is told.</summary>
    private static bool Say(IncidentFile file, Grant grant, Reception reception)
    {
        var accounts = file.Incident.Channels.Select(channel => channel.Platform).Distinct().Select(platform => reception.AccountOf(grant.Person, platform)).OfType<ChatAccount>().ToList();
        foreach (var account in accounts)
        {
            var key = MessageKey.GrantNotice(grant.Id, account);
            file.Changes.Post(new Outgoing.Say(key, new Where.ToPerson(account), Of(file, grant, key)));
        }

        return accounts.Count > 0;
    }

    /// <summary>What the message tells of; it is edited when any of it is another.</summary>
    private static (GrantState State, DateTimeOffset? GoesOnUntil) Shown(Grant grant, IEnumerable<Grant> all) => (grant.State, Continuation(grant, all)?.EndsAt);

    /// <summary>The extension is a grant of its own.</summary>
    private static Grant? Continuation(Grant grant, IEnumerable<Grant> all) => all.FirstOrDefault(other =>
        other.State == GrantState.Active && other.Row == grant.Row && other.EndsAt > grant.EndsAt);

    private static Card Of(IncidentFile file, Grant grant, MessageKey key)
    {
        var name = grant.Target.Name;
        if (Continuation(grant, file.Grants) is { } longer)
        {
            return Card.Note($"Your access to {name} goes on", Tone.Good, Text.Of($"As {grant.Role:b} until {longer.EndsAt} ({longer.ShortId:code})."));
        }

        return grant.State switch
        {
            GrantState.Starting or GrantState.Active => new(
                $"Your access to {name} is about to end",
                Tone.Warning,
                [
                    new Part.Paragraph(Text.Of($"As {grant.Role:b}, at {grant.EndsAt}. Then it is taken away, whatever happens.")),
                    new Part.Buttons([GrantCards.Offer(file, grant, key, "Extend …", ChoiceKind.ExtendGrant), GrantCards.Offer(file, grant, key, "I am done", ChoiceKind.EndGrant)]),
                ]),
            GrantState.Ending => Card.Note($"Your access to {name} is being taken away", Tone.Waiting, Text.Of($"As {grant.Role:b}; I say here when it is gone.")),
            GrantState.Ended or GrantState.Void => Card.Note($"Your access to {name} has ended", Tone.Neutral, Text.Of($"As {grant.Role:b}, {(grant.WasGone ? "no later than " : "")}{grant.EndedAt ?? grant.EndsAt}. {$"/breakglass request {name} as {grant.Role} for 30m because …":code} asks anew.")),
        };
    }
}
