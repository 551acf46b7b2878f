using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Api;

internal sealed class ConversationMethods(SlackWorkspace workspace)
{
    public IEnumerable<ApiMethod> All() =>
    [
        new("conversations.open", "im:write", 50, Open) { ReadsJson = true },
        new("conversations.info", "channels:read", 50, arguments => new JsonObject { ["channel"] = Visible(arguments).ToJson(SampleWorkspace.BotUserId) }),
        new("conversations.members", "channels:read", 100, Members),
        new("conversations.join", "channels:join", 50, Join) { ReadsJson = true },
        new("conversations.list", "channels:read", 20, List),
        new("conversations.replies", "channels:history", 50, Replies),
        new("conversations.history", "channels:history", 50, History),
    ];

    private JsonObject Open(ApiArguments arguments)
    {
        if (arguments.Text("channel") is { Length: > 0 })
        {
            return new JsonObject { ["channel"] = Visible(arguments).ToJson(SampleWorkspace.BotUserId) };
        }

        var users = arguments.List("users");
        if (users.Length is 0 or > 8)
        {
            throw new SlackRefusal(users.Length == 0 ? "users_list_not_supplied" : "too_many_users");
        }

        foreach (var user in users)
        {
            var found = workspace.Users.GetValueOrDefault(user) ?? throw new SlackRefusal("user_not_found");
            if (found.Deleted)
            {
                throw new SlackRefusal("user_disabled");
            }

            if (found.IsBot)
            {
                throw new SlackRefusal("cannot_dm_bot");
            }
        }

        var direct = workspace.Direct([.. users, SampleWorkspace.BotUserId]);
        return new JsonObject { ["channel"] = arguments.Flag("return_im") ? direct.ToJson(SampleWorkspace.BotUserId) : new JsonObject { ["id"] = direct.Id } };
    }

    private JsonObject Members(ApiArguments arguments) =>
        Page.Of("members", [.. Visible(arguments).Members], arguments, member => JsonValue.Create(member));

    private JsonObject Join(ApiArguments arguments)
    {
        var channel = Visible(arguments);
        if (channel.IsPrivate || channel.IsIm || channel.IsMpim)
        {
            throw new SlackRefusal("method_not_supported_for_channel_type");
        }

        if (channel.IsArchived)
        {
            throw new SlackRefusal("is_archived");
        }

        channel.Members.Add(SampleWorkspace.BotUserId);
        return new JsonObject { ["channel"] = channel.ToJson(SampleWorkspace.BotUserId) };
    }

    private JsonObject List(ApiArguments arguments)
    {
        var types = arguments.List("types") is { Length: > 0 } asked ? asked : ["public_channel"];
        var channels = workspace.Channels.Values
            .Where(channel => types.Contains(TypeOf(channel)) && (!channel.IsPrivate || channel.Members.Contains(SampleWorkspace.BotUserId)))
            .Where(channel => !channel.IsArchived || !arguments.Flag("exclude_archived"))
            .ToList();
        return Page.Of("channels", channels, arguments, channel => channel.ToJson(SampleWorkspace.BotUserId));
    }

    private JsonObject Replies(ApiArguments arguments)
    {
        var channel = Readable(arguments);
        var asked = channel.Find(arguments.Need("ts")) ?? throw new SlackRefusal("thread_not_found");
        var thread = asked.ThreadTs ?? asked.Ts;
        var messages = channel.Messages.FindAll(message => IsPublic(message) && (message.Ts == thread || message.ThreadTs == thread) && IsWithin(message, arguments));
        return Page.Of("messages", messages, arguments, message => ToJson(message, channel, arguments), usual: 1000);
    }

    private JsonObject History(ApiArguments arguments)
    {
        var channel = Readable(arguments);
        var messages = channel.Messages.FindAll(message => IsPublic(message) && (!message.IsReply || message.IsBroadcast) && IsWithin(message, arguments));
        messages.Reverse();
        return Page.Of("messages", messages, arguments, message => ToJson(message, channel, arguments));
    }

    private SlackChannel Visible(ApiArguments arguments)
    {
        var channel = workspace.Channels.GetValueOrDefault(arguments.Need("channel"));
        var isVisible = channel is { IsPrivate: false, IsIm: false, IsMpim: false } || channel?.Members.Contains(SampleWorkspace.BotUserId) == true;
        return isVisible ? channel! : throw new SlackRefusal("channel_not_found");
    }

    private SlackChannel Readable(ApiArguments arguments)
    {
        var channel = Visible(arguments);
        return channel.Members.Contains(SampleWorkspace.BotUserId) ? channel : throw new SlackRefusal("not_in_channel");
    }

    private static bool IsPublic(SlackMessage message) => !message.IsDeleted && message.OnlyFor is null;

    private static bool IsWithin(SlackMessage message, ApiArguments arguments)
    {
        var inclusive = arguments.Flag("inclusive");
        var afterOldest = arguments.Text("oldest") is not { Length: > 0 } oldest || Compare(message.Ts, oldest) > (inclusive ? -1 : 0);
        var beforeLatest = arguments.Text("latest") is not { Length: > 0 } latest || Compare(message.Ts, latest) < (inclusive ? 1 : 0);
        return afterOldest && beforeLatest;
    }

    private static int Compare(string left, string right) =>
        decimal.Parse(left, System.Globalization.CultureInfo.InvariantCulture).CompareTo(
            decimal.TryParse(right, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : throw new SlackRefusal("invalid_ts_oldest"));

    private static JsonObject ToJson(SlackMessage message, SlackChannel channel, ApiArguments arguments)
    {
        var json = message.ToJson(channel);
        if (!arguments.Flag("include_all_metadata") && json["metadata"] is { } metadata)
        {
            json["metadata"] = new JsonObject { ["event_type"] = (string?)metadata["event_type"] };
        }

        return json;
    }

    private static string TypeOf(SlackChannel channel) => channel switch
    {
        { IsIm: true } => "im",
        { IsMpim: true } => "mpim",
        { IsPrivate: true } => "private_channel",
        _ => "public_channel",
    };
}
