using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Incidents;

/// <summary>
/// Which incident somebody means: that of the thread they speak in; else the only open one of the channel that has the
/// application in scope; else they are asked.
/// </summary>
public sealed class WhichIncident(IRecords records)
{
    private const int MostNamed = 3;

    public async Task<(Incident? Incident, Refusal? Refusal)> ResolveAsync(Place place, ApplicationQuery? application, int? number, CancellationToken ct)
    {
        if (number is { } named)
        {
            return await records.FindIncidentAsync(named, ct) is { } found && found.Channels.Contains(place.Channel)
                ? (found, null)
                : (null, new Refusal(RefusalKind.NotFound, Text.Of($"There is no incident {named} in this channel.")));
        }

        if (place.Thread is { } thread && await records.FindIncidentAsync(new MessageRef(place.Channel, thread, null), ct) is { } ofThread)
        {
            return (ofThread, null);
        }

        var here = (await records.IncidentsAsync(onlyOpen: true, ct)).Where(incident => incident.Channels.Contains(place.Channel)).ToList();
        if (application is not null && here.Where(incident => incident.Scope.Any(application.Matches)).ToList() is { Count: > 0 } withApplication)
        {
            here = withApplication;
        }

        return here switch
        {
            [var only] => (only, null),
            [] => (null, NoneIsOpen(await ClosedAsync(place, ct) is [var last, ..] ? last : null)),
            _ => (null, new Refusal(RefusalKind.Ambiguous, Text.Of($"Several incidents are open here: {string.Join(", ", here.Select(InWords))}.")) { Instead = "Say it in the thread of the one you mean." }),
        };
    }

    /// <summary>As <see cref="ResolveAsync"/>, for what is done to a closed one: the thread's, else the only closed one of the channel, else they are asked.</summary>
    public async Task<(Incident? Incident, Refusal? Refusal)> ResolveClosedAsync(Place place, int? number, CancellationToken ct)
    {
        if (number is not null || place.Thread is { } thread && await records.FindIncidentAsync(new MessageRef(place.Channel, thread, null), ct) is not null)
        {
            return await ResolveAsync(place, null, number, ct);
        }

        return await ClosedAsync(place, ct) switch
        {
            [var only] => (only, null),
            [] => (null, new Refusal(RefusalKind.NotFound, "No incident of this channel is closed.")),
            [var last, ..] closed => (null, new Refusal(RefusalKind.Ambiguous, Text.Of($"Several incidents of this channel are closed: {string.Join(", ", closed.Take(MostNamed).Select(InWords))}{(closed.Count > MostNamed ? " …" : "")}.")) { Instead = Text.Of($"Say which, for example {$"/incident reopen {last.Number}":code}, or say it in its thread.") }),
        };
    }

    /// <summary>The one closed last first.</summary>
    private async Task<IReadOnlyList<Incident>> ClosedAsync(Place place, CancellationToken ct) =>
        [.. (await records.IncidentsAsync(onlyOpen: false, ct)).Where(incident => !incident.IsOpen && incident.Channels.Contains(place.Channel)).OrderByDescending(incident => incident.ClosedAt)];

    private static Refusal NoneIsOpen(Incident? closedLast) => new(RefusalKind.NotFound, "No incident is open in this channel.")
    {
        Instead = closedLast is null
            ? Text.Of($"Start with {"/incident declare \"what is wrong\" sev1 apps <app>":code}.")
            : Text.Of($"The last one was {InWords(closedLast)}: {$"/incident status {closedLast.Number}":code} shows it, {$"/incident reopen {closedLast.Number}":code} opens it again, {"/incident declare \"what is wrong\" sev1 apps <app>":code} starts another."),
    };

    private static string InWords(Incident incident) => $"{incident.Number} ({incident.Title})";
}
