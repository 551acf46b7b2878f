using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Scripting;

/// <summary>What the app is sent when somebody types a command, presses something or submits a dialog.</summary>
internal static class InteractionPayloads
{
    public static JsonObject Command(SlackUser user, SlackChannel channel, string command, string text, string triggerId, Uri responseUrl) => new()
    {
        ["token"] = "deprecated",
        ["team_id"] = user.TeamId,
        ["team_domain"] = user.IsStranger ? "foreign" : "sandbox",
        ["channel_id"] = channel.Id,
        ["channel_name"] = channel.IsIm ? "directmessage" : channel.IsPrivate ? "privategroup" : channel.Name,
        ["user_id"] = user.Id,
        ["user_name"] = user.Name,
        ["command"] = command,
        ["text"] = text,
        ["api_app_id"] = SampleWorkspace.AppId,
        ["is_enterprise_install"] = "false",
        ["response_url"] = responseUrl.ToString(),
        ["trigger_id"] = triggerId,
    };

    public static JsonObject Pressed(SlackUser user, SlackChannel channel, SlackMessage message, JsonObject action, string triggerId, Uri responseUrl)
    {
        var container = new JsonObject
        {
            ["type"] = "message",
            ["message_ts"] = message.Ts,
            ["channel_id"] = channel.Id,
            ["is_ephemeral"] = message.OnlyFor is not null,
        };
        if (message.ThreadTs is not null)
        {
            container["thread_ts"] = message.ThreadTs;
        }

        var payload = Common("block_actions", user, triggerId);
        payload["container"] = container;
        payload["channel"] = new JsonObject { ["id"] = channel.Id, ["name"] = channel.IsIm ? "directmessage" : channel.Name };
        if (message.OnlyFor is null)
        {
            payload["message"] = message.ToJson(channel);
        }

        payload["state"] = new JsonObject { ["values"] = new JsonObject() };
        payload["response_url"] = responseUrl.ToString();
        payload["actions"] = new JsonArray(action);
        return payload;
    }

    public static JsonObject PressedInView(SlackUser user, SlackView view, JsonObject action, JsonObject values, string triggerId)
    {
        var payload = Common("block_actions", user, triggerId);
        payload["container"] = new JsonObject { ["type"] = "view", ["view_id"] = view.Id };
        payload["view"] = view.ToJson(values);
        payload["actions"] = new JsonArray(action);
        return payload;
    }

    public static JsonObject Submitted(SlackUser user, SlackView view, JsonObject values, string triggerId)
    {
        var payload = Common("view_submission", user, triggerId);
        payload["view"] = view.ToJson(values);
        payload["response_urls"] = new JsonArray();
        return payload;
    }

    public static JsonObject Closed(SlackUser user, SlackView view, bool isCleared)
    {
        var payload = Common("view_closed", user, triggerId: null);
        payload["view"] = view.ToJson();
        payload["is_cleared"] = isCleared;
        return payload;
    }

    public static JsonObject Shortcut(SlackUser user, string callbackId, string actionTs, string triggerId)
    {
        var payload = Common("shortcut", user, triggerId);
        payload["callback_id"] = callbackId;
        payload["action_ts"] = actionTs;
        return payload;
    }

    private static JsonObject Common(string type, SlackUser user, string? triggerId)
    {
        var payload = new JsonObject
        {
            ["type"] = type,
            ["team"] = new JsonObject { ["id"] = user.TeamId, ["domain"] = user.IsStranger ? "foreign" : "sandbox" },
            ["user"] = new JsonObject { ["id"] = user.Id, ["username"] = user.Name, ["name"] = user.Name, ["team_id"] = user.TeamId },
            ["api_app_id"] = SampleWorkspace.AppId,
            ["token"] = "deprecated",
            ["enterprise"] = null,
            ["is_enterprise_install"] = false,
        };
        if (triggerId is not null)
        {
            payload["trigger_id"] = triggerId;
        }

        return payload;
    }
}
