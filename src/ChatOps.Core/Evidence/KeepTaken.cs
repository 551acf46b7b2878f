using System.Collections.Concurrent;
using System.Globalization;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Evidence;

/// <summary>
/// Writes down what people changed by hand and Argo CD took back before anybody could look: in the record what the looks have
/// not told of yet, and in the thread one message with the commands that do it again. What was written is asked of the record,
/// so that a restart and a second replica tell nothing twice.
/// </summary>
public sealed class KeepTaken(IRecords records, IncidentFiles files)
{
    /// <summary>Somebody's script against Argo CD must not fill the record.</summary>
    private const int MostTold = 100;

    /// <summary>Of these the last word is said. Only memory: it saves reading a long record each time.</summary>
    private readonly ConcurrentDictionary<(int Incident, ApplicationRef Application), bool> full = new();

    public async Task HandleAsync(int number, HandsTaken taken, CancellationToken ct)
    {
        var application = taken.Application;
        if (full.ContainsKey((number, application)) || await files.OpenAsync(number, ct) is not { } file || !file.Incident.IsOpen || !file.Incident.Scope.Contains(application))
        {
            return;
        }

        var entries = (await records.TimelineAsync(number, ct)).Where(entry => entry.Kind == TimelineKind.HandChanged).ToList();
        var said = entries.Select(entry => entry.Text).ToList();
        var (head, last) = (Head(application), $"I write no more of what Argo CD takes back in {application.Name}: {MostTold} times are in this record");

        // What an override kept or an operation of ours overwrites is told with that, and with what becomes of it.
        var told = entries.Where(entry => entry.Subject is not null || entry.Text.StartsWith(head, StringComparison.Ordinal)).Select(entry => entry.Text).ToList();
        var hands = HandChanges.NotSaidIn(told, HandChanges.In([taken.Hands], out var leftOut), before: null);
        if (said.Contains(last))
        {
            full[(number, application)] = true;
            return;
        }

        if (hands.Count == 0)
        {
            return;
        }

        if (said.Count(text => text.StartsWith(head, StringComparison.Ordinal)) >= MostTold)
        {
            full[(number, application)] = true;
            file.Tell(TimelineKind.HandChanged, "chatops", _ => last);
        }
        else
        {
            // What a look was quick enough to see is in the record already, with its commands.
            var isNew = HandChanges.NotSaidIn(said, hands, before: null).Count > 0;
            var held = file.Leases.FirstOrDefault(lease => lease.Target == application && lease.State == LeaseState.Active);
            file.Record(TimelineKind.HandChanged, HandChanges.Tools(hands), Text.Of($"{head}{At(taken)} {EvidenceTexts.Kept(hands, leftOut, withCommands: isNew)}"), held?.Id, EvidenceTexts.At(hands, file.Now));
            file.Say(MessageKey.Entry(number, file.Incident.Entries), _ => TakenCard.Of(application, hands, leftOut, held));
        }

        await files.PutBackAsync(file, null, ct);
    }

    private static string Head(ApplicationRef application) => $"Changed by hand in {application.Name} and taken back by Argo CD";

    private static string At(HandsTaken taken) => taken.At is { } moment ? string.Create(CultureInfo.InvariantCulture, $" at {moment.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC:") : ":";
}
