using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Core.Incidents;

/// <summary>Answers <c>status</c> and <c>timeline</c>, privately, with a link to the record.</summary>
public sealed class ShowIncident(WhichIncident which, IncidentFiles files, IRecords records, Reception reception, CreateRecordLink linkFor)
{
    private const int MostEntries = 20;
    private const int LongestEntry = 1000;

    public async Task<Refusal?> HandleAsync(Command command, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var number = command switch
        {
            Command.ShowIncident show => show.Number,
            Command.ShowTimeline show => show.Number,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var (incident, refusal) = await which.ResolveAsync(delivery.Place, null, number, ct);
        if (incident is null || await files.OpenAsync(incident.Number, ct) is not { } file)
        {
            return refusal;
        }

        var card = command is Command.ShowTimeline ? await TimelineAsync(file, ct) : IncidentCard.Of(file, reception, speaker.Account.Platform);
        if (linkFor(speaker.Person, incident.Number, file.Now) is { } link)
        {
            card = card with { Parts = [.. card.Parts, new Part.Paragraph(Text.Of($"{new Run.Link(link, "Open the record")} (for you, once)"))] };
        }

        await records.CommitAsync(new Changes().Post(new Outgoing.Whisper(speaker.Account, delivery.Place, card, delivery.ReplyHandle)).Done(delivery), ct);
        return null;
    }

    private async Task<Card> TimelineAsync(IncidentFile file, CancellationToken ct)
    {
        var entries = await records.TimelineAsync(file.Incident.Number, ct);
        var lines = entries.TakeLast(MostEntries).Select(entry => Text.Of($"{entry.At} {Cut(entry.Text)}")).ToList();
        if (entries.Count > MostEntries)
        {
            lines.Insert(0, Text.Of($"… {entries.Count - MostEntries} earlier entries are on the record page."));
        }

        return new Card($"Timeline of incident {file.Incident.Number}", Tone.Neutral, [.. lines.Select(line => new Part.Paragraph(line))]);
    }

    /// <summary>An entry may hold whole files that hands changed.</summary>
    private static string Cut(string text) =>
        text.Length <= LongestEntry ? text : $"{text[..(char.IsHighSurrogate(text[LongestEntry - 1]) ? LongestEntry - 1 : LongestEntry)]} … (whole on the record page)";
}

/// <summary>Private links to the record page, one person and one incident each; null where no pages are served.</summary>
public delegate Uri? CreateRecordLink(Person person, int incident, DateTimeOffset now);
