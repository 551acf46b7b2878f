using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Core.Looking;

/// <summary>
/// A person's own page (in Slack the Home tab): what is open everywhere, whose it is and until when, with buttons for those
/// who may. It is as old as its last line says: written when it is opened, and again after a press on it.
/// </summary>
public sealed class ShowHome(IRecords records, Reception reception, ListGrants access, TimeProvider time)
{
    private const int Most = 10;

    public async Task<Refusal?> HandleAsync(Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var changes = new Changes();
        changes.Post(await PageAsync(speaker, changes, ct)).Done(delivery);
        await records.CommitAsync(changes, ct);
        return null;
    }

    /// <summary>After a press on it, which has changed what it shows.</summary>
    public async Task RenewAsync(Speaker speaker, CancellationToken ct)
    {
        var changes = new Changes();
        await records.CommitAsync(changes.Post(await PageAsync(speaker, changes, ct)), ct);
    }

    private async Task<Outgoing.Home> PageAsync(Speaker speaker, Changes changes, CancellationToken ct)
    {
        var now = Clock.Now(time);
        var incidents = await records.IncidentsAsync(onlyOpen: true, ct);
        var overrides = (await records.UnsettledLeasesAsync(ct)).Where(lease => lease.IsUnsettled).OrderBy(lease => lease.Deadline).ToList();
        Card card = new("What is open", overrides.Count > 0 ? Tone.Warning : Tone.Neutral,
        [
            new Part.Paragraph(Text.Of($"{"Access":b}")),
            .. await access.PartsAsync(speaker, changes, ct),
            new Part.Divider(),
            new Part.Paragraph(Text.Of($"{"Overrides of GitOps":b}")),
            .. Lines(overrides, lease => IncidentCard.Line(lease, reception, speaker.Account.Platform, now) + Text.Of($" Incident {lease.Incident}."), "Argo CD follows Git everywhere."),
            new Part.Divider(),
            new Part.Paragraph(Text.Of($"{"Incidents":b}")),
            .. Lines(incidents, incident => Text.Of($"{incident.Number}: {incident.Title}, {IncidentCard.InWords(incident.State)}, {incident.Severity.ToString().ToLowerInvariant()}, since {incident.DeclaredAt}"), "No incident is open."),
            new Part.Footnote(Text.Of($"As of {now}. Open this tab again for what is true then.")),
        ]);
        return new Outgoing.Home(speaker.Account, card);
    }

    private static IEnumerable<Part> Lines<T>(IReadOnlyList<T> all, Func<T, Text> line, string none) => all.Count == 0
        ? [new Part.Paragraph(none)]
        : [.. all.Take(Most).Select(one => new Part.Paragraph(line(one))), .. all.Count > Most ? [new Part.Paragraph($"{all.Count - Most} more.")] : Array.Empty<Part>()];
}
