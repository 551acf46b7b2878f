using System.Globalization;
using System.Text.Json.Nodes;
using ChatOps.Chat.Slack.Receiving;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;

namespace ChatOps.Chat.Slack.Posting;

/// <summary>
/// Looks through what was posted lately for a message of ours. Anybody's app can post the same mark, so whoever finds one
/// edits it before it counts: Slack lets nobody edit another's message.
/// </summary>
internal sealed class SlackFinder(SlackOptions options, SlackWebApi api)
{
    public async Task<MessageRef?> FindAsync(ChatAccount to, MessageKey key, DateTimeOffset since, CancellationToken ct)
    {
        try
        {
            var opened = await api.CallAsync(SlackMethod.OpenDirect, new() { ["users"] = to.UserId }, ct);
            return opened.At("channel", "id").Text() is { } direct ? await FindAsync(new Channel(ChatPlatform.Slack, options.Home, direct), null, key, since, ct) : null;
        }
        catch (ChatRefusedException)
        {
            return null;
        }
    }

    public async Task<MessageRef?> FindAsync(Channel channel, string? thread, MessageKey key, DateTimeOffset since, CancellationToken ct)
    {
        var arguments = new JsonObject
        {
            ["channel"] = channel.Id,
            ["oldest"] = string.Create(CultureInfo.InvariantCulture, $"{since.ToUnixTimeMilliseconds() / 1000m:0.000000}"),
            ["include_all_metadata"] = "true",
            ["limit"] = "200",
        };
        if (thread is not null)
        {
            arguments["ts"] = thread;
        }

        try
        {
            var answer = await api.CallAsync(thread is null ? SlackMethod.History : SlackMethod.Replies, arguments, ct);
            return answer.At("messages").Items().FirstOrDefault(message => SlackMark.IsOn(message, key)).At("ts").Text() is { } ts ? new(channel, ts, thread) : null;
        }
        catch (ChatRefusedException)
        {
            return null; // it may not be read: then a repeated post is better than none
        }
    }
}
