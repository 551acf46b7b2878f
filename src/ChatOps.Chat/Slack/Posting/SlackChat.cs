using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Chat.Slack.Receiving;
using ChatOps.Chat.Slack.Rendering;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Chat.Slack.Posting;

/// <summary>Says things in Slack.</summary>
internal sealed class SlackChat(SlackOptions options, SlackWebApi api, ResponseUrls responses, SlackPictures pictures) : IChat
{
    private readonly SlackFinder finder = new(options, api);
    private readonly SlackThread thread = new(api);

    public ChatPlatform Platform => ChatPlatform.Slack;

    public async Task<MessageRef> PostAsync(Channel channel, string? thread, MessageKey key, Card card, CancellationToken ct)
    {
        var message = new JsonObject { ["channel"] = channel.Id };
        message["unfurl_links"] = false;
        message["unfurl_media"] = false;
        message["metadata"] = SlackMark.Of(key);
        if (thread is not null)
        {
            message["thread_ts"] = thread;
        }

        var answer = await SayAsync(SlackMethod.PostMessage, message, card, ct);
        var ts = answer.At("ts").Text() ?? throw new ChatUnavailableException("chat.postMessage: posted, but Slack did not say as what", null, mayHaveHappened: true);
        // A post to a person answers with the channel of the direct message, which later edits need.
        return new(channel with { Id = answer.At("channel").Text() ?? channel.Id }, ts, thread);
    }

    public Task<MessageRef> PostAsync(ChatAccount to, MessageKey key, Card card, CancellationToken ct) =>
        PostAsync(new Channel(ChatPlatform.Slack, options.Home, to.UserId), null, key, card, ct);

    public Task<MessageRef?> FindAsync(Channel channel, string? thread, MessageKey key, DateTimeOffset since, CancellationToken ct) =>
        finder.FindAsync(channel, thread, key, since, ct);

    public Task<MessageRef?> FindAsync(ChatAccount to, MessageKey key, DateTimeOffset since, CancellationToken ct) => finder.FindAsync(to, key, since, ct);

    public Task EditAsync(MessageRef message, Card card, CancellationToken ct)
    {
        return SayAsync(SlackMethod.Update, new() { ["channel"] = message.Channel.Id, ["ts"] = message.Id }, card, ct);
    }

    public async Task PinAsync(MessageRef message, CancellationToken ct)
    {
        try
        {
            await api.CallAsync(SlackMethod.AddPin, new() { ["channel"] = message.Channel.Id, ["timestamp"] = message.Id }, ct);
        }
        catch (ChatRefusedException e) when (e.Code == "already_pinned")
        {
            // What we wanted, done by an earlier try.
        }
    }

    public async Task WhisperAsync(ChatAccount to, Place place, Card card, string? replyHandle, CancellationToken ct)
    {
        var whisper = Message(card);
        if (place.Thread is not null)
        {
            whisper["thread_ts"] = place.Thread;
        }

        if (ReplyHandle.Parse(replyHandle)?.ResponseUrl is { } url)
        {
            var answer = whisper.DeepClone().AsObject();
            answer["response_type"] = "ephemeral";
            answer["replace_original"] = false;
            if (await responses.SayAsync(url, answer, ct))
            {
                return;
            }
        }

        await WhisperAsync(to, place, card, whisper, ct);
    }

    public Task ShowHomeAsync(ChatAccount to, Card card, CancellationToken ct)
    {
        var view = new JsonObject { ["type"] = "home", ["blocks"] = SlackCard.Render(card.As(options.Commands)).Blocks };
        return api.CallAsync(SlackMethod.PublishHome, new() { ["user_id"] = to.UserId, ["view"] = view }, ct);
    }

    public Task AskAsync(ChatAccount to, string replyHandle, Dialog dialog, CancellationToken ct)
    {
        var handle = ReplyHandle.Parse(replyHandle);
        if (handle?.TriggerId is not { } trigger)
        {
            throw SlackErrors.Refusal(SlackMethod.OpenView.Name, "invalid_trigger_id", null, null);
        }

        var view = SlackDialog.Render(dialog, new(dialog.Token, handle.Channel, handle.Thread));
        return api.CallAsync(SlackMethod.OpenView, new() { ["trigger_id"] = trigger, ["view"] = view }, ct);
    }

    public Task<IReadOnlyList<Spoken>?> ReadThreadAsync(MessageRef root, CancellationToken ct) => thread.ReadAsync(root, ct);

    public async Task<Uri?> LinkAsync(MessageRef message, CancellationToken ct)
    {
        try
        {
            var answer = await api.CallAsync(SlackMethod.GetPermalink, new() { ["channel"] = message.Channel.Id, ["message_ts"] = message.Id }, ct);
            return Uri.TryCreate(answer.At("permalink").Text(), UriKind.Absolute, out var link) ? link : null;
        }
        catch (ChatRefusedException)
        {
            return null;
        }
    }

    private async Task WhisperAsync(ChatAccount to, Place place, Card card, JsonObject whisper, CancellationToken ct)
    {
        var isDirect = place.Channel.Id.StartsWith('D') || place.Channel.Id == to.UserId;
        if (!isDirect)
        {
            try
            {
                whisper["channel"] = place.Channel.Id;
                whisper["user"] = to.UserId;
                await api.CallAsync(SlackMethod.PostEphemeral, whisper, ct);
                return;
            }
            catch (ChatRefusedException e) when (e.Refusal is ChatRefusal.Channel or ChatRefusal.Person)
            {
                // Not both of us are there: a direct message reaches the person all the same.
            }
        }

        await PostAsync(to, new MessageKey("whisper"), card, ct);
    }

    /// <summary>
    /// With its pictures where Slack shows them. A file that was just given may not be ready to be shown, and Slack then
    /// refuses the whole message: the words do not wait for the picture.
    /// </summary>
    private async Task<JsonElement> SayAsync(SlackMethod method, JsonObject where, Card card, CancellationToken ct)
    {
        var shown = await pictures.UploadAsync(card, ct);
        if (shown.Count > 0)
        {
            try
            {
                return await api.CallAsync(method, Message(card, where, shown), ct);
            }
            catch (ChatRefusedException e) when (e.Refusal == ChatRefusal.Content)
            {
                // Said below without.
            }
        }

        return await api.CallAsync(method, Message(card, where), ct);
    }

    private JsonObject Message(Card card, JsonObject? where = null, IReadOnlyDictionary<Part.Curve, string>? pictures = null)
    {
        var rendered = SlackCard.Render(card.As(options.Commands), pictures);
        var message = where?.DeepClone().AsObject() ?? [];
        message["text"] = rendered.Fallback;
        message["blocks"] = rendered.Blocks;
        message["parse"] = "none";
        message["link_names"] = false;
        return message;
    }
}
