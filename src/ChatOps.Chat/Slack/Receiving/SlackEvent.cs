using System.Text.Json;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>Mentions of the bot, direct messages to it, and its Home tab. Only what a person wrote, as they first wrote it, commands.</summary>
internal static class SlackEvent
{
    public static Heard Read(JsonElement payload, DateTimeOffset now) => payload.At("type").Text() switch
    {
        "url_verification" => new Heard.Challenge(payload.At("challenge").Text() ?? ""),
        "event_callback" => Read(payload, payload.At("event"), now),
        "app_rate_limited" => new Heard.Nothing("app_rate_limited"),
        null => new Heard.Malformed("an event without a type"),
        _ => new Heard.Nothing("other event"),
    };

    private static Heard Read(JsonElement payload, JsonElement happened, DateTimeOffset now)
    {
        var type = happened.At("type").Text();
        if (type == "app_home_opened")
        {
            return HomeOpened(payload, happened, now);
        }

        var isDirect = happened.At("channel_type").Text() == "im";
        if (type != "app_mention" && !(type == "message" && isDirect))
        {
            return new Heard.Nothing("other event");
        }

        if (WhyNot(payload, happened) is { } why)
        {
            return new Heard.Nothing(why);
        }

        if (happened.At("user").Text() is not { } user
            || happened.At("channel").Text() is not { } channelId
            || happened.At("ts").Text() is not { } ts
            || (payload.At("team_id").Text() ?? payload.At("context_team_id").Text()) is not { } team)
        {
            return new Heard.Malformed("a message without a person, channel, moment or team");
        }

        var userTeam = happened.At("user_team").Text() ?? happened.At("source_team").Text() ?? happened.At("team").Text();
        var channel = new Channel(ChatPlatform.Slack, team, channelId);
        var thread = happened.At("thread_ts").Text();
        var text = happened.At("text").Text() ?? "";
        var said = new Said.Command(null, SlackText.ToCommand(text, Bots(payload, type, text)));
        // One message can come as two events (a mention in a direct message); it is one message all the same.
        var delivery = new Delivery($"slack/message/{channelId}/{ts}", now, new(ChatPlatform.Slack, userTeam ?? team, user), new(channel, thread), said)
        {
            ReplyHandle = new ReplyHandle(null, null, channelId, thread).ToHandle(),
            IsDirect = isDirect || SlackText.IsDirectMessage(channelId),
        };
        var origin = new Origin(
            payload.At("api_app_id").Text(), payload.At("enterprise_id").Text() ?? payload.At("context_enterprise_id").Text(), team, userTeam)
        {
            SharedOutside = payload.At("is_ext_shared_channel").IsTrue(),
        };
        return new Heard.Something(delivery, origin);
    }

    /// <summary>Slack tells of both tabs; the one with messages needs nothing of us.</summary>
    private static Heard HomeOpened(JsonElement payload, JsonElement happened, DateTimeOffset now)
    {
        if (happened.At("tab").Text() != "home")
        {
            return new Heard.Nothing("messages tab");
        }

        if (happened.At("user").Text() is not { } user || (payload.At("team_id").Text() ?? payload.At("context_team_id").Text()) is not { } team
            || (payload.At("event_id").Text() ?? happened.At("event_ts").Text()) is not { } id)
        {
            return new Heard.Malformed("a Home tab without a person, a team or an event");
        }

        var delivery = new Delivery($"slack/home/{id}", now, new(ChatPlatform.Slack, team, user), new(new Channel(ChatPlatform.Slack, team, user), null), new Said.OpenedHome());
        return new Heard.Something(delivery, new Origin(payload.At("api_app_id").Text(), payload.At("enterprise_id").Text() ?? payload.At("context_enterprise_id").Text(), team, null));
    }

    private static string? WhyNot(JsonElement payload, JsonElement happened)
    {
        if (happened.At("bot_id").Text() is not null || happened.At("bot_profile").ValueKind == JsonValueKind.Object)
        {
            return "bot";
        }

        if (happened.At("edited").ValueKind == JsonValueKind.Object || happened.At("hidden").IsTrue())
        {
            return "edited";
        }

        // file_share and thread_broadcast are a person's new message; every other subtype is about one.
        if (happened.At("subtype").Text() is { } subtype && subtype is not ("file_share" or "thread_broadcast"))
        {
            return "subtype";
        }

        var user = happened.At("user").Text();
        return payload.At("authorizations").Items().Any(install => install.At("is_bot").IsTrue() && install.At("user_id").Text() == user) ? "own" : null;
    }

    private static HashSet<string> Bots(JsonElement payload, string type, string text)
    {
        var bots = payload.At("authorizations").Items()
            .Where(install => install.At("is_bot").IsTrue())
            .Select(install => install.At("user_id").Text())
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        if (bots.Count == 0 && type == "app_mention" && SlackText.LeadingMention(text) is { } leading)
        {
            bots.Add(leading);
        }

        return bots;
    }
}
