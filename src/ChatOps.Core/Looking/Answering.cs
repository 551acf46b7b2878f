using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Looking;

/// <summary>
/// Answers of any length without a wall: in an incident's thread page after page, for everybody who follows it. Slack has no
/// slash commands in threads, so what is longer than a page goes to the thread of the channel's incident from wherever it
/// was asked, and who asked is shown the first page and told so. Where there is no such thread some pages are whispered.
/// </summary>
public sealed class Answering(IRecords records, WhichIncident which)
{
    private const int MostPages = 8;
    private const int MostWhispered = 3;

    /// <param name="pages">At least one; each fits into a message.</param>
    public Task AnswerAsync(IReadOnlyList<Card> pages, Text narrower, Delivery delivery, CancellationToken ct) => AnswerAsync(pages, narrower, about: null, delivery, ct);

    /// <param name="about">The thread of an incident that has nothing to do with it is no place for it.</param>
    /// <param name="narrower">How to ask for less, or where the rest is, said when there is more than is shown.</param>
    public async Task AnswerAsync(IReadOnlyList<Card> pages, Text narrower, ApplicationRef? about, Delivery delivery, CancellationToken ct)
    {
        var changes = new Changes();
        if (await IncidentOfThreadAsync(delivery.Place, ct) is { } here)
        {
            Post(changes, here, pages, narrower, delivery);
        }
        else if (pages.Count > 1 && await which.ResolveAsync(delivery.Place, null, null, ct) is { Incident: { IsOpen: true } incident } && (about is null || incident.Scope.Contains(about)))
        {
            Post(changes, incident.Number, [With(pages[0], AskedBy(delivery)), .. pages.Skip(1)], narrower, delivery);
            changes.Post(Whispered(With(pages[0], Text.Of($"This is page 1 of {pages.Count}. {WhereItIs(incident)}")), delivery));
        }
        else
        {
            foreach (var page in Bounded(pages, MostWhispered, Text.Of($"{narrower} Where an incident is open, I put all of it into its thread.")))
            {
                changes.Post(Whispered(page, delivery));
            }
        }

        await records.CommitAsync(changes.Done(delivery), ct);
    }

    /// <summary>For whoever finds an answer in the thread to what was asked elsewhere.</summary>
    public static Text AskedBy(Delivery delivery) => delivery.Said is Said.Command(var program, var text)
        ? Text.Of($"Asked by {delivery.From}: {(program is null ? text : $"/{program} {text}"):code}")
        : Text.Of($"Asked by {delivery.From}.");

    public static Text WhereItIs(Incident incident) => Text.Of($"All of it is in the thread of incident {incident.Number} ({incident.Title}).");

    /// <summary>Whose thread it is; null: nobody's.</summary>
    public async Task<int?> IncidentOfThreadAsync(Place place, CancellationToken ct) =>
        place.Thread is { } thread && await records.FindIncidentAsync(new MessageRef(place.Channel, thread, null), ct) is { } found ? found.Number : null;

    public static Card With(Card card, Text more) => card with { Parts = [.. card.Parts, new Part.Footnote(more)] };

    public static Outgoing.Whisper Whispered(Card card, Delivery delivery) => new(delivery.From, delivery.Place, card, delivery.ReplyHandle);

    private static void Post(Changes changes, int incident, IReadOnlyList<Card> pages, Text narrower, Delivery delivery)
    {
        foreach (var (page, at) in Bounded(pages, MostPages, narrower).Select((page, at) => (page, at)))
        {
            changes.Post(new Outgoing.Say(new($"answer/{delivery.Key}/{at}"), new Where.InThread(delivery.Place.Channel, MessageKey.Incident(incident)), page));
        }
    }

    private static IEnumerable<Card> Bounded(IReadOnlyList<Card> pages, int most, Text narrower) =>
        pages.Take(most).Select((page, at) => at == most - 1 && pages.Count > most ? With(page, Text.Of($"{pages.Count - most} more {(pages.Count - most == 1 ? "page is" : "pages are")} not shown. {narrower}")) : page);
}
