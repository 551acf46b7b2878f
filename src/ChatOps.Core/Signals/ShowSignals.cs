using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Signals;

/// <summary><c>signals</c>: in the incident's thread for everybody, with a line in the record; without an incident in private.</summary>
public sealed class ShowSignals(WhichIncident which, IncidentFiles files, Applications applications, ReadSignals read, IRecords records, TimeProvider time)
{
    public async Task<Refusal?> HandleAsync(Command.ShowSignals command, Delivery delivery, CancellationToken ct)
    {
        var (incident, _) = await which.ResolveAsync(delivery.Place, command.Application, null, ct);
        var (application, refusal) = await applications.FindAsync(command.Application, incident?.Scope ?? [], ct);
        if (application is null)
        {
            return refusal;
        }

        var file = incident?.Scope.Contains(application) == true ? await files.OpenAsync(incident.Number, ct) : null;
        var answer = SignalCard.Of(await read.HandleAsync(application, file, file?.Now ?? Clock.Now(time), ct));
        if (file is null)
        {
            await records.CommitAsync(new Changes().Post(new Outgoing.Whisper(delivery.From, delivery.Place, answer, delivery.ReplyHandle)).Done(delivery), ct);
            return null;
        }

        var entry = file.Record(TimelineKind.SignalsRead, "monitoring", Text.Lines([answer.Title, .. answer.Parts.OfType<Part.Paragraph>().Select(part => part.Text)]));
        file.Say(MessageKey.Entry(incident!.Number, entry.Number), _ => answer);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }
}
