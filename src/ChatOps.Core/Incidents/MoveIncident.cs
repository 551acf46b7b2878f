using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.People;
using ChatOps.Core.Signals;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Incidents;

/// <summary>
/// Mitigated, closed, reopened. An incident cannot close while something of it is still open; a mitigation is people's
/// word, and the signals say beside it whether they bear it out.
/// </summary>
public sealed class MoveIncident(WhichIncident which, IncidentFiles files, ReadSignals signals)
{
    private const int MostApplications = 10;

    public async Task<Refusal?> HandleAsync(Command command, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var (incident, refusal) = command is Command.Reopen { Number: var number }
            ? await which.ResolveClosedAsync(delivery.Place, number, ct)
            : await which.ResolveAsync(delivery.Place, null, null, ct);
        if (incident is null || await files.OpenAsync(incident.Number, ct) is not { } file)
        {
            return refusal;
        }

        var next = command switch
        {
            Command.Mitigated => IncidentState.Mitigated,
            Command.Close => IncidentState.Closed,
            Command.Reopen => IncidentState.Open,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (Obstacle(file, next) is { } obstacle)
        {
            return obstacle;
        }

        // A resume may come before the word that users are well: what reconciles by then goes on from there.
        var state = file.Incident.State == IncidentState.Reconciling && next == IncidentState.Mitigated ? IncidentState.Reconciling : next;
        file.Change(file.Incident with { State = state, ClosedAt = next == IncidentState.Closed ? file.Now : null });
        file.Tell(TimelineKind.StateChanged, speaker.Person.Name, _ => Text.Of($"{speaker.Person.DisplayName} {Did(next):b} the incident."), next == IncidentState.Closed ? Tone.Good : Tone.Neutral);
        if (next == IncidentState.Mitigated)
        {
            await TellSignalsAsync(file, ct);
        }

        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    private async Task TellSignalsAsync(IncidentFile file, CancellationToken ct)
    {
        var read = await Task.WhenAll(file.Incident.Scope.Take(MostApplications).Select(application => signals.HandleAsync(application, file, file.Now, ct)));
        var (text, validated) = SignalCard.Mitigation(read, file.Incident.Scope.Count - read.Length);
        file.Tell(TimelineKind.SignalsRead, "monitoring", _ => text, validated ? Tone.Good : Tone.Warning, parts: [.. read.SelectMany(SignalCurves.Of)]);
    }

    private static string Did(IncidentState next) => next switch
    {
        IncidentState.Mitigated => "mitigated",
        IncidentState.Closed => "closed",
        IncidentState.Open => "reopened",
        IncidentState.Reconciling => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What is left to do before an incident may move. Pure.</summary>
    public static Refusal? Obstacle(IncidentFile file, IncidentState next)
    {
        var incident = file.Incident;
        if (incident.State == next)
        {
            return new Refusal(RefusalKind.AlreadyDecided, Text.Of($"Incident {incident.Number} is {IncidentCard.InWords(next).ToLowerInvariant()} already."));
        }

        if (incident.State == IncidentState.Closed && next != IncidentState.Open)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"Incident {incident.Number} is closed.")) { Instead = Text.Of($"{"reopen":code} it first.") };
        }

        if (next != IncidentState.Closed)
        {
            return null;
        }

        var left = new List<Text>();
        left.AddRange(file.Leases.Where(lease => lease.IsUnsettled).Select(lease => lease.WaitsForPeople
            ? OvertakenTexts.Seen(lease) + Text.Of($" ") + OvertakenTexts.LeftToDo(lease)
            : Text.Of($"{lease.Target.Name:code} {lease.Condition} until {lease.Deadline}: {$"{lease.EndWord} {lease.Target.Name}":code}")));
        left.AddRange(file.Grants.Where(grant => grant.IsLive).Select(grant => Text.Of($"{grant.Person} has access to {grant.Target.Name:code} until {grant.EndsAt}: {$"/breakglass revoke {grant.ShortId}":code}")));
        left.AddRange(file.Operations.Where(operation => !operation.IsTerminal).Select(operation => Text.Of($"{operation.Kind.ToString().ToLowerInvariant()} of {operation.Plan.Target.Name:code} {Operations.OperationCard.InWords(operation.State)}: decide or withdraw it")));
        left.AddRange(file.Operations.Where(operation => operation.ReviewOwed).Select(operation => Text.Of($"{operation.RequestedBy} approved {operation.Plan.Target.Name:code} alone: somebody else has to close the review")));
        return left.Count == 0
            ? null
            : new Refusal(RefusalKind.StillOpen, Text.Of($"Incident {incident.Number} cannot close yet. Left to do:")) { Instead = Text.Lines(left) };
    }
}
