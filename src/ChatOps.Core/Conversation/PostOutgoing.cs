using System.Collections.Concurrent;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Core.Conversation;

/// <summary>What became of one attempt to post, for metrics and logs.</summary>
public enum PostOutcome
{
    Posted,
    Edited,
    Later,
    Dropped,
}

/// <summary>
/// Says one thing from the outbox and writes down that it was said. A crash between the two repeats a post at most, where
/// the platform gives no way to know; an edit or a private answer repeated changes nothing.
/// </summary>
public sealed class PostOutgoing(IRecords records, IEnumerable<IChat> chats, Unheard unheard, Unreached unreached, TimeProvider time)
{
    /// <summary>What breaks this often for a reason that nobody foresaw is given up: what waits behind it counts too.</summary>
    private const int MostBreaks = 6;

    /// <summary>A first message that did not come before its replies within as many tries will not come.</summary>
    private const int RootIsAwaited = 10;

    private static readonly TimeSpan OperatorMustAct = TimeSpan.FromMinutes(1);

    /// <summary>Whoever invites the bot watches the channel for what comes.</summary>
    private static readonly TimeSpan ChannelMustOpen = TimeSpan.FromSeconds(15);

    /// <summary>An answer later than this answers nobody.</summary>
    private static readonly TimeSpan AnswerIsOfUse = TimeSpan.FromMinutes(30);

    private readonly PostOnce once = new(time);

    /// <summary>Posted, but not pinned when that was tried. Only memory: after a start a card stays as it is.</summary>
    private readonly ConcurrentDictionary<(string Lane, MessageKey Key), bool> unpinned = new();

    public async Task<(PostOutcome Outcome, Exception? Why)> HandleAsync(QueuedPost queued, CancellationToken ct)
    {
        try
        {
            return (await SendAsync(queued, ct), null);
        }
        catch (ChatUnavailableException unavailable)
        {
            return await LaterAsync(queued, unavailable.RetryAfter ?? Operations.Backoff.After(queued.Attempts + 1), unavailable);
        }
        catch (ChatRefusedException refused) when (queued.Post is Outgoing.Say { Where: not Where.ToPerson } say && refused.Refusal == ChatRefusal.Channel)
        {
            var notices = queued.Attempts == 0 ? await unheard.NoticesAsync(say, refused, Now, ct) : [];
            return await LaterAsync(queued, ChannelMustOpen, refused, notices);
        }
        catch (ChatRefusedException refused) when (refused.Refusal == ChatRefusal.Configuration && MayWait(queued) || IsBareInChannel(queued.Post))
        {
            return queued is { Attempts: 0, Post: Outgoing.Say direct } && await unreached.TellAsync(direct, refused, isForGood: false, changes => changes.TryLater(queued.Id, Now + OperatorMustAct), ct)
                ? (PostOutcome.Later, refused)
                : await LaterAsync(queued, OperatorMustAct, refused);
        }
        catch (ChatRefusedException refused)
        {
            await GiveUpAsync(queued, refused, ct);
            return (PostOutcome.Dropped, refused);
        }
    }

    /// <summary>Something that is neither a refusal nor an outage: a mistake of ours, most likely in what was to be said.</summary>
    /// <param name="times">How often this post broke so far.</param>
    public async Task<PostOutcome> BrokeAsync(QueuedPost queued, int times, CancellationToken ct)
    {
        if (times < MostBreaks)
        {
            await records.CommitAsync(new Changes().TryLater(queued.Id, Now + Operations.Backoff.After(times)), ct);
            return PostOutcome.Later;
        }

        await GiveUpAsync(queued, new ChatRefusedException(ChatRefusal.Content, "broke", "tell the platform team, the log says why"), ct);
        return PostOutcome.Dropped;
    }

    private DateTimeOffset Now => Incidents.Clock.Now(time);

    /// <summary>A dialog cannot be opened later, what is said to everybody can, and what answers one person for a while.</summary>
    private bool MayWait(QueuedPost queued) => queued.Post switch
    {
        Outgoing.Say => true,
        Outgoing.Whisper => Now - queued.QueuedAt < AnswerIsOfUse,
        _ => false,
    };

    /// <summary>Already without what the platform might not take: it waits, because a thread without its first message shows nothing of what follows.</summary>
    private static bool IsBareInChannel(Outgoing post) => post is Outgoing.Say { Where: Where.InChannel or Where.InThread, Card.Parts.Count: 0 };

    private async Task<(PostOutcome, Exception?)> LaterAsync(QueuedPost queued, TimeSpan wait, Exception why, IReadOnlyList<Outgoing>? notices = null)
    {
        var changes = new Changes().TryLater(queued.Id, Now + wait);
        foreach (var notice in notices ?? [])
        {
            changes.Post(notice);
        }

        await records.CommitAsync(changes, CancellationToken.None);
        return (PostOutcome.Later, why);
    }

    private async Task<PostOutcome> SendAsync(QueuedPost queued, CancellationToken ct)
    {
        switch (queued.Post)
        {
            case Outgoing.Whisper whisper:
                await Chat(whisper.To.Platform).WhisperAsync(whisper.To, whisper.Place, whisper.Card, whisper.ReplyHandle, ct);
                break;
            case Outgoing.Ask ask:
                await Chat(ask.To.Platform).AskAsync(ask.To, ask.ReplyHandle, ask.Dialog, ct);
                break;
            case Outgoing.Home home:
                await Chat(home.To.Platform).ShowHomeAsync(home.To, home.Card, ct);
                break;
            case Outgoing.Say say:
                return await SayAsync(queued, say, ct);
        }

        await records.CommitAsync(new Changes().Sent(queued.Id), CancellationToken.None);
        return PostOutcome.Posted;
    }

    private async Task<PostOutcome> SayAsync(QueuedPost queued, Outgoing.Say say, CancellationToken ct)
    {
        var channel = say.Where switch
        {
            Where.InChannel(var one) => one,
            Where.InThread(var one, _) => one,
            _ => null,
        };
        if (await records.FindMessageAsync(say.Key, channel, ct) is { } existing && await EditedAsync(existing.Ref, say.Card, ct))
        {
            await records.CommitAsync(new Changes().Sent(queued.Id), CancellationToken.None);
            if (unpinned.ContainsKey((say.Lane, say.Key)))
            {
                await PinAsync(say, existing.Ref, ct);
            }

            return PostOutcome.Edited;
        }

        var thread = say.Where is Where.InThread(var inChannel, var root) ? (await records.FindMessageAsync(root, inChannel, ct))?.Ref.Id : null;
        if (say.Where is Where.InThread && thread is null && queued.Attempts < RootIsAwaited)
        {
            await records.CommitAsync(new Changes().TryLater(queued.Id, Now + TimeSpan.FromSeconds(1)), ct);
            return PostOutcome.Later;
        }

        PostedMessage posted;
        try
        {
            posted = await PostedAsync(queued, say, channel, thread, ct);
        }
        catch (ChatRefusedException refused) when (refused.Refusal == ChatRefusal.ThreadGone && thread is not null)
        {
            // Somebody deleted the message that it was to hang under. Its next edit makes that anew; this is said beside it meanwhile.
            posted = await PostedAsync(queued, say, channel, thread: null, ct);
        }

        await records.CommitAsync(new Changes().Confirm(posted).Sent(queued.Id), CancellationToken.None);
        once.Settled(say);
        if (say.Pin)
        {
            await PinAsync(say, posted.Ref, ct);
        }

        return PostOutcome.Posted;
    }

    private Task<PostedMessage> PostedAsync(QueuedPost queued, Outgoing.Say say, Channel? channel, string? thread, CancellationToken ct)
    {
        var to = say.Where is Where.ToPerson(var account) ? account : default;
        var chat = Chat(channel?.Platform ?? to.Platform);
        return once.PostAsync(
            queued,
            say,
            since => channel is null ? chat.FindAsync(to, say.Key, since, ct) : chat.FindAsync(channel, thread, say.Key, since, ct),
            found => EditedAsync(found, say.Card, ct),
            () => channel is null ? chat.PostAsync(to, say.Key, say.Card, ct) : chat.PostAsync(channel, thread, say.Key, say.Card, ct));
    }

    private async Task<bool> EditedAsync(MessageRef message, Card card, CancellationToken ct)
    {
        try
        {
            await Chat(message.Channel.Platform).EditAsync(message, card, ct);
            return true;
        }
        catch (ChatRefusedException refused) when (refused.Refusal == ChatRefusal.MessageGone)
        {
            return false;
        }
    }

    /// <summary>A card that is not pinned is still a card, and its next edit tries again.</summary>
    private async Task PinAsync(Outgoing.Say say, MessageRef message, CancellationToken ct)
    {
        try
        {
            await Chat(message.Channel.Platform).PinAsync(message, ct);
            unpinned.TryRemove((say.Lane, say.Key), out _);
        }
        catch (Exception e) when (e is ChatRefusedException or ChatUnavailableException)
        {
            unpinned[(say.Lane, say.Key)] = true;
        }
    }

    /// <summary>A question that reaches nobody is told to the others; everything else is let go of, with what stands in for it.</summary>
    private async Task GiveUpAsync(QueuedPost queued, ChatRefusedException refused, CancellationToken ct)
    {
        var changes = GiveUp(queued, refused);
        if (changes.Posts.Count > 0 || queued.Post is not Outgoing.Say say || !await unreached.TellAsync(say, refused, isForGood: true, others => others.Sent(queued.Id), ct))
        {
            await records.CommitAsync(changes, ct);
        }
    }

    /// <summary>What cannot be said is still told: a dialog that came too late asks for the click again, a card that the platform does not take points at the record.</summary>
    private static Changes GiveUp(QueuedPost queued, ChatRefusedException refused)
    {
        var changes = new Changes().Sent(queued.Id);
        return queued.Post switch
        {
            Outgoing.Ask ask => changes.Post(new Outgoing.Whisper(ask.To, ask.Place, Unopened(refused), null)),
            Outgoing.Whisper whisper when refused.Refusal is ChatRefusal.Content or ChatRefusal.MessageGone && whisper.Card.Parts is not [Part.Paragraph] =>
                changes.Post(whisper with { Card = Card.Note(whisper.Card.Title, whisper.Card.Tone, "I could not show the whole answer here; that is a mistake of mine. Tell the platform team.") }),
            Outgoing.Say say when say.Card.Parts.Count > 0 && (say.Where is not Where.ToPerson || refused.Refusal == ChatRefusal.Content) =>
                changes.Post(say with { Card = say.Card.Plainer() }),
            _ => changes,
        };
    }

    private static Card Unopened(ChatRefusedException refused) => refused.Refusal == ChatRefusal.HandleExpired
        ? Card.Note("That took too long", Tone.Warning, "I could not open the window in time; nothing was done. Press the button again.")
        : Card.Note("I could not open the window", Tone.Alarm, Text.Of($"Nothing was done. To mend it: {refused.Fix}."));

    private IChat Chat(ChatPlatform platform) => chats.FirstOrDefault(chat => chat.Platform == platform)
        ?? throw new ChatRefusedException(ChatRefusal.Configuration, "not_configured", $"{platform} is not configured here");
}
