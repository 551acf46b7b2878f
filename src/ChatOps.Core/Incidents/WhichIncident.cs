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
            [] => (null, new Refusal(RefusalKind.NotFound, "No incident is open in this channel.") { Instead = Text.Of($"Start with {"/incident declare \"what is wrong\" sev1 apps <app>":code}.") }),
            _ => (null, new Refusal(RefusalKind.Ambiguous, Text.Of($"Several incidents are open here: {string.Join(", ", here.Select(incident => $"{incident.Number} ({incident.Title})"))}.")) { Instead = "Say it in the thread of the one you mean." }),
        };
    }
}
