using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Model;

/// <summary>What one message looked like before an edit.</summary>
public sealed record SlackEdit(string Text, JsonArray? Blocks, DateTimeOffset ReplacedAt);

/// <summary>A message, ephemeral ones included, with its edit history.</summary>
public sealed class SlackMessage(string channel, string ts, string user)
{
    public string Channel { get; } = channel;

    public string Ts { get; } = ts;

    public string User { get; } = user;

    public string? BotId { get; init; }

    /// <summary>The thread's first message; equal to <see cref="Ts"/> on that message itself once it has replies.</summary>
    public string? ThreadTs { get; set; }

    public bool IsReply => ThreadTs is not null && ThreadTs != Ts;

    /// <summary>The only person who sees it, or null when everybody in the channel does.</summary>
    public string? OnlyFor { get; init; }

    /// <summary>The command that somebody typed, shown because the answer was <c>in_channel</c>.</summary>
    public string? Subtype { get; init; }

    public bool IsBroadcast { get; init; }

    public string Text { get; set; } = "";

    public JsonArray? Blocks { get; set; }

    public JsonArray? Attachments { get; set; }

    public JsonObject? Metadata { get; set; }

    public List<SlackEdit> Edits { get; } = [];

    public bool IsDeleted { get; set; }

    public Dictionary<string, HashSet<string>> Reactions { get; } = [];

    internal JsonObject ToJson(SlackChannel channel)
    {
        var json = new JsonObject { ["type"] = "message", ["user"] = User, ["ts"] = Ts, ["text"] = Text, ["team"] = SampleWorkspace.TeamId };
        Put(json, "subtype", Subtype);
        Put(json, "bot_id", BotId);
        Put(json, "app_id", BotId is null ? null : SampleWorkspace.AppId);
        Put(json, "thread_ts", ThreadTs);
        PutNode(json, "blocks", Blocks);
        PutNode(json, "attachments", Attachments);
        PutNode(json, "metadata", Metadata);
        if (Edits.Count > 0)
        {
            json["edited"] = new JsonObject { ["user"] = User, ["ts"] = $"{Edits[^1].ReplacedAt.ToUnixTimeSeconds()}.000000" };
        }

        if (ThreadTs == Ts)
        {
            var replies = channel.Messages.Where(reply => reply.IsReply && reply.ThreadTs == Ts && !reply.IsDeleted && reply.OnlyFor is null).ToList();
            json["reply_count"] = replies.Count;
            Put(json, "latest_reply", replies.LastOrDefault()?.Ts);
        }

        if (channel.Pins.Contains(Ts))
        {
            json["pinned_to"] = new JsonArray(channel.Id);
        }

        return json;
    }

    private static void Put(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    private static void PutNode(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value.DeepClone();
        }
    }
}
