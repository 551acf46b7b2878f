using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary>Pins and reactions.</summary>
internal sealed class MarkMethods(SlackWorkspace workspace)
{
    public IEnumerable<ApiMethod> All() =>
    [
        new("pins.add", "pins:write", 20, Pin) { ReadsJson = true },
        new("pins.remove", "pins:write", 20, Unpin) { ReadsJson = true },
        new("reactions.add", "reactions:write", 50, React) { ReadsJson = true },
    ];

    private JsonObject Pin(ApiArguments arguments)
    {
        var (channel, message) = Target(arguments);
        if (channel.Pins.Contains(message.Ts))
        {
            throw new SlackRefusal("already_pinned");
        }

        channel.Pins.Add(message.Ts);
        return [];
    }

    private JsonObject Unpin(ApiArguments arguments)
    {
        var (channel, message) = Target(arguments);
        return channel.Pins.Remove(message.Ts) ? [] : throw new SlackRefusal("not_pinned");
    }

    private JsonObject React(ApiArguments arguments)
    {
        var (_, message) = Target(arguments);
        var name = arguments.Need("name");
        if (!message.Reactions.TryGetValue(name, out var people))
        {
            message.Reactions[name] = people = [];
        }

        return people.Add(SampleWorkspace.BotUserId) ? [] : throw new SlackRefusal("already_reacted");
    }

    private (SlackChannel Channel, SlackMessage Message) Target(ApiArguments arguments)
    {
        var channel = workspace.Channels.GetValueOrDefault(arguments.Need("channel")) ?? throw new SlackRefusal("channel_not_found");
        if (!channel.Members.Contains(SampleWorkspace.BotUserId))
        {
            throw new SlackRefusal("not_in_channel");
        }

        var message = channel.Find(arguments.Need("timestamp"));
        return message is { OnlyFor: null } ? (channel, message) : throw new SlackRefusal("message_not_found");
    }
}
