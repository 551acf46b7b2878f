using ChatOps.Core.Commands;
using ChatOps.Core.Conversation;
using ChatOps.Core.Looking;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Core.Deliveries;

/// <summary>
/// From a stored delivery to its effect and its answer. Either the use case stores the effect together with the end of
/// the delivery, or the refusal is stored with it; a delivery that throws stays and is tried again.
/// </summary>
public sealed class HandleDelivery(IRecords records, Reception reception, ObeyCommand obey, HonourClick honour, ShowHome home, TimeProvider time)
{
    /// <summary>Somebody was faster this many times in a row: something is wrong.</summary>
    private const int MostTries = 20;

    /// <summary>Returns the no that was answered, null when it was done.</summary>
    public async Task<Refusal?> HandleAsync(Delivery delivery, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var refusal = await TryAsync(delivery, ct);
                if (refusal is not null)
                {
                    await RefuseAsync(delivery, refusal, ct);
                }

                return refusal;
            }
            catch (StaleRecordException) when (tries < MostTries)
            {
                // Read again and decide again: what somebody else saved may change the answer.
            }
        }
    }

    /// <summary>Says that something broke, so that nobody waits for an answer that will not come, and gives the delivery up.</summary>
    public Task GiveUpAsync(Delivery delivery, string trace, CancellationToken ct) =>
        AnswerAsync(delivery, Card.Note("Something broke on my side", Tone.Alarm, Text.Of($"I could not finish this, and I will not try it again. Nothing was changed unless the thread says so. Tell the platform team: {trace:code}.")), ct);

    private async Task<Refusal?> TryAsync(Delivery delivery, CancellationToken ct)
    {
        var (speaker, refusal) = await reception.AdmitAsync(delivery.From, ct);
        if (speaker is null)
        {
            return refusal;
        }

        if (delivery.Said is Said.OpenedHome)
        {
            return await home.HandleAsync(speaker, delivery, ct);
        }

        if (delivery.Said is not Said.Command said)
        {
            var no = await honour.HandleAsync(speaker, delivery, ct);
            if (delivery.IsAtHome)
            {
                await home.RenewAsync(speaker, ct);
            }

            return no;
        }

        return CommandLine.Parse(said.Program, said.Text, speaker.TimeZone, Incidents.Clock.Now(time), out var command) is { } notUnderstood
            ? notUnderstood
            : await obey.HandleAsync(command, speaker, delivery, ct);
    }

    /// <summary>Whoever only opened their page is not written to: the page says it.</summary>
    private Task RefuseAsync(Delivery delivery, Refusal refusal, CancellationToken ct) => delivery.Said is Said.OpenedHome
        ? records.CommitAsync(new Changes().Post(new Outgoing.Home(delivery.From, refusal.ToCard())).Done(delivery), ct)
        : AnswerAsync(delivery, refusal.ToCard(), ct);

    private Task AnswerAsync(Delivery delivery, Card card, CancellationToken ct) =>
        records.CommitAsync(new Changes().Post(new Outgoing.Whisper(delivery.From, delivery.Place, card, delivery.ReplyHandle)).Done(delivery), ct);
}
