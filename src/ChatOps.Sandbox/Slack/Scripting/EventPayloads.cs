using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Scripting;

/// <summary>What the Events API sends.</summary>
internal static class EventPayloads
{
    public static JsonObject UrlVerification(string challenge) =>
        new() { ["type"] = "url_verification", ["token"] = "deprecated", ["challenge"] = challenge };

    public static JsonObject Wrap(SlackWorkspace workspace, JsonObject inner, string teamId, bool isShared = false)
    {
        inner["event_ts"] ??= inner["ts"]?.DeepClone() ?? workspace.NextTimestamp();
        var id = workspace.NextId("Ev");
        return new JsonObject
        {
            ["type"] = "event_callback",
            ["token"] = "deprecated",
            ["team_id"] = teamId,
            ["context_team_id"] = teamId,
            ["context_enterprise_id"] = null,
            ["api_app_id"] = SampleWorkspace.AppId,
            ["event"] = inner,
            ["event_id"] = id,
            ["event_time"] = workspace.Now.ToUnixTimeSeconds(),
            ["event_context"] = $"4-{id}",
            ["authorizations"] = new JsonArray(new JsonObject
            {
                ["enterprise_id"] = null,
                ["team_id"] = SampleWorkspace.TeamId,
                ["user_id"] = SampleWorkspace.BotUserId,
                ["is_bot"] = true,
                ["is_enterprise_install"] = false,
            }),
            ["is_ext_shared_channel"] = isShared,
        };
    }

    /// <summary>The events that one message of a person causes, as far as the app subscribed to them.</summary>
    public static IEnumerable<JsonObject> ForMessage(SlackWorkspace workspace, SimulatedSlackOptions options, SlackChannel channel, SlackUser author, SlackMessage message)
    {
        if (!channel.Members.Contains(SampleWorkspace.BotUserId) || author.Id == SampleWorkspace.BotUserId)
        {
            yield break;
        }

        var kind = channel.IsIm ? "message.im" : channel.IsMpim ? "message.mpim" : channel.IsPrivate ? "message.groups" : "message.channels";
        if (options.SubscribedEvents.Contains(kind))
        {
            yield return Wrap(workspace, Message(channel, author, message, "message"), SampleWorkspace.TeamId, channel.IsExternallyShared);
        }

        if (!channel.IsIm && options.SubscribedEvents.Contains("app_mention") && message.Text.Contains($"<@{SampleWorkspace.BotUserId}", StringComparison.Ordinal))
        {
            yield return Wrap(workspace, Message(channel, author, message, "app_mention"), SampleWorkspace.TeamId, channel.IsExternallyShared);
        }
    }

    /// <summary>Somebody opens the app's Home tab.</summary>
    public static JsonObject HomeOpened(SlackWorkspace workspace, SlackUser user, SlackChannel direct) => Wrap(
        workspace,
        new JsonObject { ["type"] = "app_home_opened", ["user"] = user.Id, ["channel"] = direct.Id, ["tab"] = "home" },
        user.TeamId);

    private static JsonObject Message(SlackChannel channel, SlackUser author, SlackMessage message, string type)
    {
        var json = message.ToJson(channel);
        json["type"] = type;
        json["channel"] = channel.Id;
        json["team"] = author.TeamId;
        json["client_msg_id"] = $"client-{message.Ts}";
        if (type == "message")
        {
            json["channel_type"] = channel.IsIm ? "im" : channel.IsMpim ? "mpim" : channel.IsPrivate ? "group" : "channel";
        }

        if (author.IsStranger)
        {
            json["user_team"] = author.TeamId;
            json["source_team"] = author.TeamId;
        }

        if (author.IsBot)
        {
            json["bot_id"] = author.BotId;
            json["app_id"] = "A0OTHERAPP";
        }

        return json;
    }
}
