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
        var accounts = file.Incident.Channels.Select(channel => channel.Platform).Distinct().Select(platform => reception.AccountOf(grant.Person, platform)).OfType<ChatAccount>().ToList();
        foreach (var account in accounts)
        {
            var key = MessageKey.GrantNotice(grant.Id, account);
            file.Changes.Post(new Outgoing.Say(key, new Where.ToPerson(account), Of(file, grant, key)));
        }

        if (accounts.Count == 0)
        {
            NotReached(file, grant, reception, isForGood: true, "there is no chat account of theirs here: add it under Identity:People");
        }
    }

    /// <param name="isForGood">Else the message waits until somebody mended what keeps it back.</param>
    public static void NotReached(IncidentFile file, Grant grant, Reception reception, bool isForGood, string fix) => file.Tell(
        TimelineKind.NotReached,
        "chatops",
        platform => Text.Of($"{reception.Address(grant.Person, platform)} {(isForGood ? "could not be told" : "is not told yet"):b} in a direct message that their access to {grant.Target.Name:code} as {grant.Role:b} ends {grant.EndsAt}: {fix}. It ends then all the same; {$"/breakglass extend {grant.ShortId} by 30m":code}, said by them, asks for more."),
        Tone.Warning,
        grant.Id);

    private static Card Of(IncidentFile file, Grant grant, MessageKey key) => new(
        $"Your access to {grant.Target.Name} is about to end",
        Tone.Warning,
        [
            new Part.Paragraph(Text.Of($"As {grant.Role:b}, at {grant.EndsAt}. Then it is taken away, whatever happens.")),
            new Part.Buttons([GrantCards.Offer(file, grant, key, "Extend …", ChoiceKind.ExtendGrant), GrantCards.Offer(file, grant, key, "I am done", ChoiceKind.EndGrant)]),
        ]);
}
