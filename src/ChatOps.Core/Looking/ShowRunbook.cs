using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Incidents;
using ChatOps.Core.Records;

namespace ChatOps.Core.Looking;

/// <summary>
/// Answers <c>runbook [name]</c>: the steps with this incident's application filled in; in its thread what is ours is a
/// button, which says the command as whoever presses it.
/// </summary>
public sealed class ShowRunbook(WhichIncident which, IRecords records, Answering answering, TimeProvider time)
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

        var (incident, _) = await which.ResolveAsync(delivery.Place, null, null, ct);
        var filled = runbook.For(incident?.Scope is [var only] ? only.Name : null);
        var inThread = incident is not null && delivery.Place.Thread is { } thread && await records.FindIncidentAsync(new MessageRef(delivery.Place.Channel, thread, null), ct) is not null;
        if (!inThread)
        {
            await answering.AnswerAsync([new(filled.Title, Tone.Neutral, [.. filled.Parts, Hint(incident)])], Text.Empty, delivery, ct);
            return null;
        }

        var key = new MessageKey($"answer/{delivery.Key}/runbook");
        var changes = new Changes();
        var buttons = Sayable(filled).Take(MostButtons).Select(said => Offer(changes, said, key)).ToList();
        var card = new Card(filled.Title, Tone.Neutral, [.. filled.Parts, new Part.Buttons(buttons), Hint(incident)]);
        await records.CommitAsync(changes.Post(new Outgoing.Say(key, new Where.InThread(delivery.Place.Channel, MessageKey.Incident(incident!.Number)), card)).Done(delivery), ct);
        return null;
    }

    /// <summary>Commands of ours in which nothing is left to be filled in.</summary>
    private IEnumerable<string> Sayable(Runbook runbook) => runbook.Commands.Distinct()
        .Where(said => said.StartsWith('/') && !said.Contains('<', StringComparison.Ordinal) && CommandLine.Parse(null, said, null, Clock.Now(time), out _) is null);

    private Button Offer(Changes changes, string said, MessageKey key)
    {
        var token = Tokens.Next();
        changes.Offer(new Choice(token, ChoiceKind.SayCommand, Guid.Empty, null, key, Clock.Now(time) + ButtonsLive) { Says = said });
        CommandLine.Parse(null, said, null, Clock.Now(time), out var command);
        return new Button(said, token) { Confirm = command is Command.Looking ? null : $"This says {said} as you." };
    }

    private static Part.Footnote Hint(Incident? incident) => new(incident switch
    {
        { Scope.Count: > 1 } => "Several applications are in scope: put the one you mean for <app>.",
        null => Text.Of($"Asked in the thread of an incident, its application is filled in and what is mine becomes buttons."),
        _ => "From docs/runbooks of this version.",
    });

    private static Card List() => new("Runbooks", Tone.Neutral,
    [
        new Part.Paragraph(Text.Lines(Runbook.All.Select(runbook => Text.Of($"{$"/gitops runbook {runbook.Name}":code} {runbook.Title}")))),
    ]);
}
