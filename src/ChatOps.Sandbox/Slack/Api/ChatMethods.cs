using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Api;

internal sealed class ChatMethods(SlackWorkspace workspace, SimulatedSlackOptions options, Posts posts, FileMethods files)
{
    /// <summary>Longer plain text comes out as several messages (measured by others in 2026).</summary>
    private const int SplitAbove = 4040;
    private const int LongestUpdate = 4000;
    private const int SplitAt = 4000;

    public IEnumerable<ApiMethod> All() =>
    [
        new("chat.postMessage", "chat:write", 600, PostMessage) { ReadsJson = true },
        new("chat.update", "chat:write", 50, Update) { ReadsJson = true },
        new("chat.postEphemeral", "chat:write", 100, PostEphemeral) { ReadsJson = true },
        new("chat.delete", "chat:write", 50, Delete) { ReadsJson = true },
        new("chat.getPermalink", "", 600, GetPermalink),
    ];

    private JsonObject PostMessage(ApiArguments arguments)
    {
        var channel = Writable(arguments.Need("channel"));
        if (arguments.Text("markdown_text") is not null)
        {
            throw new SlackRefusal("invalid_arguments", "[ERROR] the simulation does not know markdown_text; send text and blocks");
        }

        var posting = Read(arguments);
        var thread = Thread(channel, arguments.Text("thread_ts"));
        var metadata = arguments.Json<JsonObject>("metadata", "invalid_metadata_format");
        if (metadata is not null && (metadata["event_type"] is null || metadata["event_payload"] is not JsonObject))
        {
            throw new SlackRefusal("invalid_metadata_format");
        }

        var parts = Split(posting).ToList();
        var first = posts.AsBot(channel, parts[0], thread, metadata: metadata, broadcast: arguments.Flag("reply_broadcast"));
        parts.Skip(1).ToList().ForEach(part => posts.AsBot(channel, part, thread));
        return new JsonObject { ["channel"] = channel.Id, ["ts"] = first.Ts, ["message"] = first.ToJson(channel) };
    }

    private JsonObject Update(ApiArguments arguments)
    {
        var channel = Reachable(arguments.Need("channel"));
        var message = channel.Find(arguments.Need("ts"));
        if (message is null || message.OnlyFor is not null)
        {
            throw new SlackRefusal("message_not_found");
        }

        if (message.User != SampleWorkspace.BotUserId)
        {
            throw new SlackRefusal("cant_update_message");
        }

        if (arguments.Text("text") is { Length: > LongestUpdate })
        {
            throw new SlackRefusal("msg_too_long");
        }

        posts.Edit(message, Read(arguments));
        return new JsonObject { ["channel"] = channel.Id, ["ts"] = message.Ts, ["text"] = message.Text, ["message"] = message.ToJson(channel) };
    }

    private JsonObject PostEphemeral(ApiArguments arguments)
    {
        var channel = Writable(arguments.Need("channel"));
        var user = arguments.Need("user");
        if (!workspace.Users.ContainsKey(user))
        {
            throw new SlackRefusal("user_not_found");
        }

        if (!channel.Members.Contains(user))
        {
            throw new SlackRefusal("user_not_in_channel");
        }

        var message = posts.AsBot(channel, Read(arguments), Thread(channel, arguments.Text("thread_ts")), onlyFor: user);
        return new JsonObject { ["message_ts"] = message.Ts };
    }

    private JsonObject Delete(ApiArguments arguments)
    {
        var channel = Reachable(arguments.Need("channel"));
        var message = channel.Find(arguments.Need("ts"));
        if (message is null || message.OnlyFor is not null)
        {
            throw new SlackRefusal("message_not_found");
        }

        if (message.User != SampleWorkspace.BotUserId)
        {
            throw new SlackRefusal("cant_delete_message");
        }

        message.IsDeleted = true;
        channel.Pins.Remove(message.Ts);
        return new JsonObject { ["channel"] = channel.Id, ["ts"] = message.Ts };
    }

    private JsonObject GetPermalink(ApiArguments arguments)
    {
        var channel = Reachable(arguments.Need("channel"));
        var ts = arguments.Need("message_ts");
        var message = channel.Find(ts) ?? throw new SlackRefusal("message_not_found");
        var thread = message.IsReply ? $"?thread_ts={message.ThreadTs}&cid={channel.Id}" : "";
        var link = $"https://sandbox.slack.com/archives/{channel.Id}/p{ts.Replace(".", "", StringComparison.Ordinal)}{thread}";
        return new JsonObject { ["channel"] = channel.Id, ["permalink"] = link };
    }

    private Posting Read(ApiArguments arguments)
    {
        var posting = Posting.From(arguments);
        files.Check(posting);
        return posting;
    }

    private SlackChannel Reachable(string id)
    {
        var channel = workspace.Channels.GetValueOrDefault(id);
        var isVisible = channel is { IsPrivate: false, IsIm: false, IsMpim: false } || channel?.Members.Contains(SampleWorkspace.BotUserId) == true;
        return isVisible ? channel! : throw new SlackRefusal("channel_not_found");
    }

    private SlackChannel Writable(string id)
    {
        if (workspace.Users.TryGetValue(id, out var user))
        {
            return user.Deleted ? throw new SlackRefusal("account_inactive") : workspace.Direct(id, SampleWorkspace.BotUserId);
        }

        var channel = Reachable(id);
        if (channel.IsArchived)
        {
            throw new SlackRefusal("is_archived");
        }

        var mayPost = channel.Members.Contains(SampleWorkspace.BotUserId) || options.Scopes.Contains("chat:write.public");
        return mayPost ? channel : throw new SlackRefusal("not_in_channel");
    }

    private static string? Thread(SlackChannel channel, string? threadTs)
    {
        if (string.IsNullOrEmpty(threadTs))
        {
            return null;
        }

        var parent = channel.Find(threadTs) ?? throw new SlackRefusal("thread_not_found");
        return parent.IsReply ? parent.ThreadTs : parent.Ts;
    }

    private static IEnumerable<Posting> Split(Posting posting)
    {
        if (posting.Text.Length <= SplitAbove || posting.Blocks is { Count: > 0 })
        {
            return [posting];
        }

        return posting.Text.Chunk(SplitAt).Select(part => posting with { Text = new string(part) });
    }
}
