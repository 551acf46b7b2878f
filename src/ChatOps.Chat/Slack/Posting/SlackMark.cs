using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Chat.Slack.Receiving;
using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Slack.Posting;

/// <summary>The key of a message in its metadata, which Slack shows to nobody: by it a post is found whose answer was lost.</summary>
internal static class SlackMark
{
    private const string Type = "chatops_message";

    public static JsonObject Of(MessageKey key) => new() { ["event_type"] = Type, ["event_payload"] = new JsonObject { ["key"] = key.Value } };

    public static bool IsOn(JsonElement message, MessageKey key) =>
        message.At("metadata", "event_type").Text() == Type && message.At("metadata").At("event_payload", "key").Text() == key.Value;
}
