using System.Globalization;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Core.Conversation;

/// <summary>
/// Tells the people of an incident, in direct messages, that its channel does not let us speak, and what to do about it.
/// Without this an incident declared where the bot is no member looks like a command that was lost.
/// </summary>
public sealed class Unheard(IRecords records, Reception reception)
{
    public async Task<IReadOnlyList<Outgoing>> NoticesAsync(Outgoing.Say say, ChatRefusedException refused, DateTimeOffset now, CancellationToken ct)
    {
        var (channel, root) = say.Where switch
        {
            Where.InChannel(var one) => (one, say.Key),
            Where.InThread(var one, var under) => (one, under),
            _ => (null, default),
        };
        if (channel is null || root.AsIncident is not { } number || await records.FindIncidentAsync(number, ct) is not { } incident)
        {
            return [];
        }

        var card = Card.Note($"Nobody sees incident {number}", Tone.Alarm,
            Text.Of($"I cannot post in the channel of incident {number} ({incident.Title}). To mend it: {refused.Fix}."),
            "Nothing is lost: commands typed there count, everything is on the record, and I say all of it there as soon as I can.");
        return
        [
            .. new[] { incident.DeclaredBy, incident.Operator, incident.Commander }.OfType<string>().Distinct()
                .Select(person => (Person: person, Account: reception.AccountOf(person, channel.Platform)))
                .Where(one => one.Account is not null)
                .Select(one => new Outgoing.Say(Key(number, one.Person, now), new Where.ToPerson(one.Account!.Value), card)),
        ];
    }

    /// <summary>One for each person and hour: the posts that wait meanwhile edit it instead of repeating it.</summary>
    private static MessageKey Key(int incident, string person, DateTimeOffset now) =>
        new(string.Create(CultureInfo.InvariantCulture, $"incident/{incident}/unheard/{person}/{now.ToUnixTimeSeconds() / 3600}"));
}
