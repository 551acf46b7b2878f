using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Incidents;

/// <summary>Writes somebody's own words into the record.</summary>
public sealed class AddNote(WhichIncident which, IncidentFiles files)
{
    public async Task<Refusal?> HandleAsync(Command.AddNote command, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (incident, refusal) = await which.ResolveAsync(delivery.Place, null, null, ct);
        if (incident is null || await files.OpenAsync(incident.Number, ct) is not { } file)
        {
            return refusal;
        }

        file.Tell(TimelineKind.Note, speaker.Person.Name, _ => Text.Of($"{speaker.Person.DisplayName:b}: {command.Words}"), happenedAt: delivery.ReceivedAt);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }
}
