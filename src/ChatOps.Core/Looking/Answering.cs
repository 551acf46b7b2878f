using ChatOps.Core.Conversation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Looking;

/// <summary>
/// Answers of any length without a wall: in an incident's thread page after page, for everybody who follows it; elsewhere
/// privately, the first page, with how to see less or the rest.
/// </summary>
public sealed class Answering(IRecords records)
{
    private const int MostPages = 8;

    /// <param name="pages">At least one; each fits into a message.</param>
    /// <param name="narrower">How to ask for less, said when there is more than is shown.</param>
    public async Task AnswerAsync(IReadOnlyList<Card> pages, Text narrower, Delivery delivery, CancellationToken ct)
    {
        var changes = new Changes();
        if (await IncidentOfThreadAsync(delivery.Place, ct) is { } incident)
        {
            foreach (var (page, at) in pages.Take(MostPages).Select((page, at) => (page, at)))
            {
                var said = at == MostPages - 1 && pages.Count > MostPages ? With(page, Text.Of($"{pages.Count - MostPages} more pages are not shown. {narrower}")) : page;
                changes.Post(new Outgoing.Say(new($"answer/{delivery.Key}/{at}"), new Where.InThread(delivery.Place.Channel, MessageKey.Incident(incident)), said));
            }
        }
        else
        {
            var first = pages.Count == 1 ? pages[0] : With(pages[0], Text.Of($"There is more, {pages.Count - 1} pages of it. {narrower} Asked in the thread of an incident, I show all of it there."));
            changes.Post(new Outgoing.Whisper(delivery.From, delivery.Place, first, delivery.ReplyHandle));
        }

        await records.CommitAsync(changes.Done(delivery), ct);
    }

    private async Task<int?> IncidentOfThreadAsync(Place place, CancellationToken ct) =>
        place.Thread is { } thread && await records.FindIncidentAsync(new MessageRef(place.Channel, thread, null), ct) is { } found ? found.Number : null;

    private static Card With(Card card, Text more) => card with { Parts = [.. card.Parts, new Part.Footnote(more)] };
}
