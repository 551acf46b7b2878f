using System.Text.Json;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>A press of a button, or a submitted dialog.</summary>
internal static class Interaction
{
    public static Heard Read(JsonElement payload, string fallbackKey, DateTimeOffset now) => payload.At("type").Text() switch
    {
        "block_actions" => Press(payload, fallbackKey, now),
        "view_submission" => Answer(payload, fallbackKey, now),
        null => new Heard.Malformed("an interaction without a type"),
        _ => new Heard.Nothing("other interaction"),
    };

    private static Heard Press(JsonElement payload, string fallbackKey, DateTimeOffset now)
    {
        var container = payload.At("container");
        if (Person(payload) is not { } person || (container.At("channel_id").Text() ?? payload.At("channel", "id").Text() ?? AtHome(payload, person)) is not { } channelId)
        {
            return new Heard.Malformed("a press without a person or a channel");
        }

        var action = payload.At("actions").Items().FirstOrDefault();
        if (action.At("type").Text() != "button" || action.At("value").Text() is not { } token)
        {
            return new Heard.Nothing("nothing of ours was pressed");
        }

        var channel = new Channel(ChatPlatform.Slack, Team(payload)!, channelId);
        var thread = container.At("thread_ts").Text() ?? payload.At("message", "thread_ts").Text();
        var ts = container.At("message_ts").Text();
        var isPrivate = container.At("is_ephemeral").IsTrue() || ts is null;
        // The first message of a thread carries itself as the thread once somebody answered; we know it without.
        var message = isPrivate ? null : new MessageRef(channel, ts!, thread == ts ? null : thread);
        return Deliver(payload, fallbackKey, now, person, new(channel, thread), new Said.Pressed(token, message));
    }

    /// <summary>The Home tab is in no channel: the person is the place.</summary>
    private static string? AtHome(JsonElement payload, ChatAccount person) => payload.At("view", "type").Text() == "home" ? person.UserId : null;

    private static Heard Answer(JsonElement payload, string fallbackKey, DateTimeOffset now)
    {
        var view = payload.At("view");
        if (Person(payload) is not { } person)
        {
            return new Heard.Malformed("a dialog answer without a person");
        }

        if (DialogOrigin.Parse(view.At("private_metadata").Text()) is not { Token: { Length: > 0 } token } asked)
        {
            return new Heard.Nothing("not a dialog of ours");
        }

        var values = view.At("state", "values").Fields()
            .ToDictionary(block => block.Name, block => block.Value.Fields().FirstOrDefault().Value.At("value").Text() ?? "", StringComparer.Ordinal);
        // Asked without a channel: the person is the place, and reads the answer as a direct message.
        var channel = new Channel(ChatPlatform.Slack, Team(payload)!, asked.Channel ?? person.UserId);
        var heard = Deliver(payload, fallbackKey, now, person, new(channel, asked.Thread), new Said.Answered(token, values));
        return heard with { DialogField = values.Keys.FirstOrDefault() };
    }

    private static Heard.Something Deliver(JsonElement payload, string fallbackKey, DateTimeOffset now, ChatAccount person, Place place, Said said)
    {
        var trigger = payload.At("trigger_id").Text();
        var responseUrl = payload.At("response_url").Text();
        var delivery = new Delivery(trigger is null ? fallbackKey : ReplyHandle.KeyOf(trigger), now, person, place, said)
        {
            ReplyHandle = new ReplyHandle(responseUrl, trigger, place.Channel.Id, place.Thread).ToHandle(),
        };
        var origin = new Origin(
            payload.At("api_app_id").Text(),
            payload.At("enterprise", "id").Text() ?? payload.At("team", "enterprise_id").Text(),
            Team(payload),
            payload.At("user", "team_id").Text());
        return new(delivery, origin) { ResponseUrl = responseUrl };
    }

    /// <summary>In an organisation's own contexts there is no team; the person's is the one we know them by.</summary>
    private static string? Team(JsonElement payload) => payload.At("team", "id").Text() ?? payload.At("user", "team_id").Text();

    private static ChatAccount? Person(JsonElement payload) =>
        payload.At("user", "id").Text() is { } user && Team(payload) is { } team
            ? new(ChatPlatform.Slack, payload.At("user", "team_id").Text() ?? team, user)
            : null;
}
