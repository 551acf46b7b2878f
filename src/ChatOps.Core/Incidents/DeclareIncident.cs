using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Incidents;

/// <summary>Opens an incident: its thread, its pinned card, its record; and looks at once at what comes into its scope.</summary>
public sealed class DeclareIncident(IRecords records, IncidentFiles files, Applications applications, Reception reception, LookAtScope look, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<Refusal?> HandleAsync(Command.Declare command, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        if (delivery.IsDirect)
        {
            return new Refusal(RefusalKind.NotPossible, "An incident lives in a channel, where others see what is done; nobody but you reads this direct message.") { Instead = "Say the same in the channel of the incident, or make one and invite me." };
        }

        var (@operator, noOperator) = Named(command.Operator, speaker);
        var (commander, noCommander) = Named(command.Commander, speaker);
        if ((noOperator ?? noCommander) is { } nobody)
        {
            return nobody;
        }

        var sought = await SeekAsync(command.Applications, ct);
        if (sought.FirstOrDefault(one => one is { Refusal: not null, Silence: null }) is { } wrong)
        {
            return wrong.Refusal;
        }

        var scope = sought.Select(one => one.Application).OfType<ApplicationRef>().Distinct().ToList();
        var number = await records.NextIncidentAsync(ct);
        var file = files.New(new Incident
        {
            Number = number,
            Title = command.Title,
            Severity = command.Severity ?? Severity.Sev2,
            State = IncidentState.Open,
            DeclaredAt = Clock.Now(time),
            DeclaredBy = speaker.Person.Name,
            Operator = @operator?.Name ?? speaker.Person.Name,
            Commander = commander?.Name,
            Channels = [delivery.Place.Channel],
            Scope = scope,
            Head = Chain.Root(number),
        });
        file.Record(TimelineKind.Declared, speaker.Person.Name, Text.Of($"{speaker.Person.DisplayName} declared \"{command.Title}\", {file.Incident.Severity.ToString().ToLowerInvariant()}, scope: {(scope.Count == 0 ? "none" : string.Join(", ", scope))}"), happenedAt: delivery.ReceivedAt);
        foreach (var unknown in sought.Where(one => one.Silence is not null))
        {
            file.Tell(TimelineKind.ForeignChange, "chatops", _ => Text.Of($"{unknown.Query.ToString():code} is {"not in the scope yet":b}, because I cannot tell which application it is: {unknown.Silence!.Sentence}. Say {$"apps add {unknown.Query}":code} in a minute."), Tone.Alarm);
        }

        await look.TellAsync(file, scope, ct);
        await files.PutBackAsync(file, delivery, ct);
        return null;
    }

    /// <summary>A cluster that is down is often why an incident is declared: it must not keep anybody from that.</summary>
    private async Task<IReadOnlyList<Sought>> SeekAsync(IReadOnlyList<ApplicationQuery> queries, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            return queries.Count == 0 ? [] : await applications.FindAllAsync(queries, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            var silence = new ClusterAnswer(ClusterAnswerKind.Unavailable, $"the applications were not listed within {Patience.TotalSeconds:0} seconds");
            return [.. queries.Select(query => new Sought(query, null, null) { Silence = silence })];
        }
    }

    private (Person? Person, Refusal? Refusal) Named(PersonMention? mention, Speaker speaker) =>
        mention is null ? (null, null) : reception.Find(mention, speaker.Account);
}
