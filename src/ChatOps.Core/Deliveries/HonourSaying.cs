using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Core.Deliveries;

/// <summary>Presses that say a command as whoever presses, some after a dialog for what the command leaves open.</summary>
public sealed class HonourSaying(IRecords records, ObeyCommand obey, TimeProvider time)
{
    private static readonly TimeSpan DialogLives = TimeSpan.FromMinutes(30);

    public Task<Refusal?> HandleAsync(Choice choice, IReadOnlyDictionary<string, string>? typed, Speaker speaker, Delivery delivery, CancellationToken ct) => choice.Kind switch
    {
        ChoiceKind.SayCommand => SayAsync(choice.Says ?? "", obey.HandleAsync, speaker, delivery, ct),
        ChoiceKind.SayOfOutside => SayAsync(choice.Says ?? "", obey.OfOutsideAsync, speaker, delivery, ct),
        ChoiceKind.SayAfterAsking => AskAsync(choice.Says ?? "", speaker, delivery, ct),
        ChoiceKind.SayAnswered => AnsweredAsync(choice.Says ?? "", typed ?? new Dictionary<string, string>(), speaker, delivery, ct),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task<Refusal?> SayAsync(string says, Func<Command, Speaker, Delivery, CancellationToken, Task<Refusal?>> obeyed, Speaker speaker, Delivery delivery, CancellationToken ct) =>
        CommandLine.Parse(null, says, speaker.TimeZone, Incidents.Clock.Now(time), out var command) ?? await obeyed(command!, speaker, delivery, ct);

    /// <summary>A blank that was answered with blanks is still one: some verbs would take it for a reason.</summary>
    private async Task<Refusal?> AnsweredAsync(string says, IReadOnlyDictionary<string, string> typed, Speaker speaker, Delivery delivery, CancellationToken ct) =>
        Blanks.In(says).FirstOrDefault(question => string.IsNullOrWhiteSpace(typed.GetValueOrDefault(question.Key))) is { } open
            ? new Refusal(RefusalKind.NotUnderstood, Text.Of($"{open.Label} was not answered, so nothing was said.")) { Instead = "Press the button again and answer it." }
            : await SayAsync(Blanks.Filled(says, typed), obey.HandleAsync, speaker, delivery, ct);

    private async Task<Refusal?> AskAsync(string says, Speaker speaker, Delivery delivery, CancellationToken ct)
    {
        var token = Tokens.Next();
        var dialog = new Dialog("Before it is said", token, "Say it", Text.Of($"This says {Blanks.Open(says):code} as you."), Blanks.In(says));
        await records.CommitAsync(new Changes()
            .Offer(new Choice(token, ChoiceKind.SayAnswered, Guid.Empty, null, null, Incidents.Clock.Now(time) + DialogLives) { Says = says })
            .Post(new Outgoing.Ask(speaker.Account, delivery.Place, delivery.ReplyHandle ?? "", dialog))
            .Done(delivery), ct);
        return null;
    }
}
