using System.Diagnostics.Metrics;
using System.Text.Json;
using ChatOps.Chat.Slack.Posting;
using ChatOps.Core.Conversation;
using ChatOps.Core.Records;
using Microsoft.Extensions.Logging;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>
/// The one way in, for HTTP and for the socket: understand, check who it is, store durably, and only then
/// acknowledge. What cannot be stored is not acknowledged as done.
/// </summary>
internal sealed partial class SlackIntake(
    SlackOptions options,
    SlackGate gate,
    IRecords records,
    ResponseUrls responses,
    TimeProvider time,
    ILogger<SlackIntake> logger)
{
    private const string NotWritten =
        "Nothing was done: I cannot write to my record now. Try again in a minute; if it stays so, tell whoever runs ChatOps (its readiness check says why).";

    private const string PerhapsWritten =
        "I could not confirm in time that this was written down. Look at the thread before you repeat it.";

    /// <summary>Slack waits three seconds, for looking up the person and storing together; an answer after that reaches nobody.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2400);

    private static readonly Meter Meter = new("ChatOps.Slack");
    private static readonly Counter<long> Received = Meter.CreateCounter<long>("chatops_slack_received", description: "Payloads from Slack by door and outcome");

    private static readonly Histogram<double> Acknowledged = Meter.CreateHistogram<double>("chatops_slack_acknowledge_seconds", "s", "From reading a payload to knowing its acknowledgement");

    /// <summary>For payloads that come no further than the door: not signed, too long.</summary>
    public static void TurnedAway(SlackDoor door) => Count(door, "turned away");

    /// <param name="fallbackKey">Names these very bytes, for payloads without an id of their own.</param>
    public async Task<Ack> AcceptAsync(SlackDoor door, JsonElement payload, string fallbackKey, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        var ack = await JudgeAsync(door, payload, fallbackKey, ct);
        Acknowledged.Record(time.GetElapsedTime(since).TotalSeconds);
        return ack;
    }

    private async Task<Ack> JudgeAsync(SlackDoor door, JsonElement payload, string fallbackKey, CancellationToken ct)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var heard = door switch
        {
            SlackDoor.Commands => SlashCommand.Read(payload, options.Commands, fallbackKey, now),
            SlackDoor.Interactions => Interaction.Read(payload, fallbackKey, now),
            SlackDoor.Events => SlackEvent.Read(payload, now),
        };
        switch (heard)
        {
            case Heard.Something something:
                return await AcceptAsync(door, something, ct);
            case Heard.Challenge(var value):
                return new Ack.Challenged(value);
            case Heard.Nothing { Why: "unknown command" }:
                Count(door, "unknown command");
                return Ack.Ephemeral($"I know {options.Commands.Incident}, {options.Commands.Gitops} and {options.Commands.Breakglass}. Nothing was done.");
            case Heard.Nothing(var why):
                Count(door, why);
                return new Ack.Taken();
            default:
                Count(door, "malformed");
                return new Ack.NotUnderstood();
        }
    }

    private async Task<Ack> AcceptAsync(SlackDoor door, Heard.Something heard, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        if (await gate.WhyNotAsync(heard.Origin, heard.Delivery.From, ct) is { } whyNot)
        {
            Count(door, "refused");
            LogRefused(heard.Delivery.From.Tenant, heard.Delivery.From.UserId, whyNot);
            return await TellAsync(door, heard, $"{whyNot} Nothing was done.", ct);
        }

        try
        {
            var isNew = await records.AcceptAsync(AtHome(heard.Delivery), either.Token);
            Count(door, isNew ? "stored" : "known");
            return new Ack.Taken();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever the store's trouble is, the answer is the same: it is not stored, and Slack or the person must know.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Count(door, "not stored");
            LogNotStored(e, heard.Delivery.Key);
            return door == SlackDoor.Events
                ? new Ack.BringAgain()
                : await TellAsync(door, heard, e is OperationCanceledException ? PerhapsWritten : NotWritten, ct);
        }
    }

    private Delivery AtHome(Delivery delivery) => delivery with
    {
        Place = delivery.Place with { Channel = delivery.Place.Channel with { Tenant = options.Home } },
        Said = delivery.Said is Said.Pressed { Message: { } message } pressed
            ? pressed with { Message = message with { Channel = message.Channel with { Tenant = options.Home } } }
            : delivery.Said,
    };

    /// <summary>An event has nowhere to answer and is not answered; a stranger learns nothing.</summary>
    private async Task<Ack> TellAsync(SlackDoor door, Heard.Something heard, string sentence, CancellationToken ct)
    {
        if (door == SlackDoor.Commands)
        {
            return Ack.Ephemeral(sentence);
        }

        if (heard.DialogField is { } field)
        {
            return Ack.AtField(field, sentence);
        }

        if (door == SlackDoor.Interactions && heard.ResponseUrl is { } url)
        {
            // The acknowledgement of a press can carry no words, so they go the other way, before it.
            await responses.TrySayAsync(url, sentence, ct);
        }

        return new Ack.Taken();
    }

    private static void Count(SlackDoor door, string outcome) =>
        Received.Add(1, new KeyValuePair<string, object?>("door", door.ToString()), new KeyValuePair<string, object?>("outcome", outcome));

    [LoggerMessage(LogLevel.Information, "Refused {UserId} of {Team}: {Why}")]
    private partial void LogRefused(string team, string userId, string why);

    [LoggerMessage(LogLevel.Error, "Delivery {Key} could not be stored")]
    private partial void LogNotStored(Exception exception, string key);
}
