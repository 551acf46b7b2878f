using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Core.Looking;

/// <summary>
/// Answers <c>runbook [name] [app]</c>: the steps with the application filled in, in the thread of the incident from wherever
/// they were asked for. There what is ours is a button, which says the command as whoever presses it, and asks before for what
/// is left open in it, as the reason.
/// </summary>
public sealed class ShowRunbook(ApplicationsSeen seen, WhichIncident which, IRecords records, Answering answering, TimeProvider time)
{
    private const int MostButtons = 10;
    private static readonly TimeSpan ButtonsLive = TimeSpan.FromDays(1);

    public async Task<Refusal?> HandleAsync(Command.ShowRunbook command, Delivery delivery, CancellationToken ct)
    {
        if (command.Name is null)
        {
            await answering.AnswerAsync([List()], Text.Empty, delivery, ct);
            return null;
        }

        if (Runbook.Find(command.Name) is not { } runbook)
        {
            var near = Suggestion.Nearest(command.Name, Runbook.All.Select(one => one.Name)) ?? Runbook.All.Select(one => one.Name).FirstOrDefault(name => name.Contains(command.Name, StringComparison.Ordinal));
            return new Refusal(RefusalKind.NotFound, Text.Of($"There is no runbook {command.Name:code}.")) { Instead = near is null ? Text.Of($"{"/gitops runbook":code} lists them.") : Text.Of($"Did you mean {near:code}?") };
        }

        if (command.Application is { } named && await seen.FindAsync(named, delivery, ct) is { Application: null } nowhere)
        {
            return nowhere.Refusal;
        }

        var (incident, _) = await which.ResolveAsync(delivery.Place, command.Application, null, ct);
        var filled = runbook.For(command.Application ?? (incident?.Scope is [var only] ? new(null, null, only.Name) : null));
        if (incident is null)
        {
            await answering.AnswerAsync([new(filled.Title, Tone.Neutral, [.. filled.Parts, Hint("Where an incident is open, I put them into its thread, and what is mine becomes buttons.")])], Text.Empty, delivery, ct);
            return null;
        }

        var key = new MessageKey($"answer/{delivery.Key}/runbook");
        var changes = new Changes();
        var asks = command.Application is null && incident.Scope.Count > 1 && runbook.NeedsApplication;
        var buttons = (asks ? Applications(incident.Scope).Select(name => ($"/gitops runbook {runbook.Name} {name}", (string?)name)) : Sayable(filled).Select(said => (said, (string?)null)))
            .Take(MostButtons).Select(one => Offer(changes, one.Item1, one.Item2, key)).ToList();
        var card = new Card(filled.Title, Tone.Neutral, filled.Parts.ToList());
        var isThere = await answering.IncidentOfThreadAsync(delivery.Place, ct) is not null;
        changes.Post(new Outgoing.Say(key, new Where.InThread(delivery.Place.Channel, MessageKey.Incident(incident.Number)), card with
        {
            Parts =
            [
                .. card.Parts,
                .. asks ? [new Part.Paragraph(Text.Of($"{"Which application is it for?":b}"))] : Array.Empty<Part>(),
                .. buttons.Count > 0 ? [new Part.Buttons(buttons)] : Array.Empty<Part>(),
                isThere ? Hint("From docs/runbooks of this version.") : Hint(Answering.AskedBy(delivery)),
            ],
        }));
        if (!isThere)
        {
            changes.Post(Answering.Whispered(Answering.With(card, Text.Of($"{Answering.WhereItIs(incident)} What is mine are buttons there.")), delivery));
        }

        await records.CommitAsync(changes.Done(delivery), ct);
        return null;
    }

    /// <summary>Commands of ours in which nothing is left open but what can be asked for.</summary>
    private IEnumerable<string> Sayable(Runbook runbook) => runbook.Commands.Distinct()
        .Where(said => said.StartsWith('/') && Blanks.CanBeAsked(said) && CommandLine.Parse(null, Blanks.Tried(said), null, Clock.Now(time), out _) is null);

    private Button Offer(Changes changes, string said, string? label, MessageKey key)
    {
        var token = Tokens.Next();
        var isAsked = Blanks.In(said).Count > 0;
        changes.Offer(new Choice(token, isAsked ? ChoiceKind.SayAfterAsking : ChoiceKind.SayCommand, Guid.Empty, null, key, Clock.Now(time) + ButtonsLive) { Says = said });
        CommandLine.Parse(null, said, null, Clock.Now(time), out var command);
        return new Button(label ?? Blanks.Open(said), token) { Confirm = isAsked || command is Command.Looking ? null : $"This says {said} as you." };
    }

    /// <summary>As they are said without a question back.</summary>
    private static IEnumerable<string> Applications(IReadOnlyList<ApplicationRef> scope) =>
        scope.Select(one => scope.Count(other => other.Name == one.Name) > 1 ? one.ToString() : one.Name);

    private static Part.Footnote Hint(Text text) => new(text);

    private static Card List() => new("Runbooks", Tone.Neutral,
    [
        new Part.Paragraph(Text.Lines(Runbook.All.Select(runbook => Text.Of($"{$"/gitops runbook {runbook.Name}":code} {runbook.Title}")))),
    ]);
}
