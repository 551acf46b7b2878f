using System.Text.Json.Nodes;

namespace ChatOps.Chat.Tests.Slack;

/// <summary>Valid payloads of Slack; a test changes only what it is about.</summary>
internal static class Payloads
{
    public static JsonObject Mention(string text, Action<JsonObject>? change = null, Action<JsonObject>? changeEnvelope = null)
    {
        var happened = new JsonObject
        {
            ["type"] = "app_mention",
            ["user"] = "U1",
            ["team"] = "T1",
            ["channel"] = "C1",
            ["ts"] = "1700000001.000100",
            ["text"] = text,
        };
        change?.Invoke(happened);
        var payload = new JsonObject
        {
            ["type"] = "event_callback",
            ["team_id"] = "T1",
            ["api_app_id"] = "A1",
            ["event_id"] = "Ev1",
            ["authorizations"] = new JsonArray(new JsonObject { ["team_id"] = "T1", ["user_id"] = "UBOT", ["is_bot"] = true }),
            ["event"] = happened,
        };
        changeEnvelope?.Invoke(payload);
        return payload;
    }

    public static JsonObject HomeOpened(string tab) => Mention("", happened =>
    {
        happened["type"] = "app_home_opened";
        happened["tab"] = tab;
        happened.Remove("text");
    });

    public static JsonObject Direct(string text, Action<JsonObject>? change = null) => Mention(text, happened =>
    {
        happened["type"] = "message";
        happened["channel_type"] = "im";
        happened["channel"] = "D1";
        change?.Invoke(happened);
    });

    public static JsonObject Press(string token, string? responseUrl = null, Action<JsonObject>? change = null)
    {
        var payload = new JsonObject
        {
            ["type"] = "block_actions",
            ["team"] = new JsonObject { ["id"] = "T1" },
            ["user"] = new JsonObject { ["id"] = "U1", ["team_id"] = "T1" },
            ["api_app_id"] = "A1",
            ["trigger_id"] = "1.2.press",
            ["response_url"] = responseUrl,
            ["container"] = new JsonObject
            {
                ["type"] = "message",
                ["message_ts"] = "1700000002.000200",
                ["channel_id"] = "C1",
                ["is_ephemeral"] = false,
                ["thread_ts"] = "1700000001.000100",
            },
            ["channel"] = new JsonObject { ["id"] = "C1" },
            ["actions"] = new JsonArray(new JsonObject { ["type"] = "button", ["action_id"] = "press/0", ["value"] = token }),
        };
        change?.Invoke(payload);
        return payload;
    }

    public static JsonObject Answer(string metadata, string key, string value, Action<JsonObject>? change = null)
    {
        var payload = new JsonObject
        {
            ["type"] = "view_submission",
            ["team"] = new JsonObject { ["id"] = "T1" },
            ["user"] = new JsonObject { ["id"] = "U1", ["team_id"] = "T1" },
            ["api_app_id"] = "A1",
            ["trigger_id"] = "1.2.answer",
            ["view"] = new JsonObject
            {
                ["private_metadata"] = metadata,
                ["state"] = new JsonObject { ["values"] = new JsonObject { [key] = new JsonObject { ["value"] = new JsonObject { ["type"] = "plain_text_input", ["value"] = value } } } },
            },
        };
        change?.Invoke(payload);
        return payload;
    }
}
