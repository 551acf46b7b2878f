using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary>Puts messages into channels and changes them; everything that is said in the workspace passes here.</summary>
internal sealed class Posts(SlackWorkspace workspace)
{
    /// <summary>Text of the app that was accepted but will not be shown as meant (unescaped data).</summary>
    public List<string> Complaints { get; } = [];

    public SlackMessage AsBot(SlackChannel channel, Posting posting, string? threadTs, string? onlyFor = null, JsonObject? metadata = null, bool broadcast = false)
    {
        Complaints.AddRange(posting.Complaints());
        return Add(channel, threadTs, new SlackMessage(channel.Id, workspace.NextTimestamp(), SampleWorkspace.BotUserId)
        {
            BotId = SampleWorkspace.BotId,
            ThreadTs = threadTs,
            OnlyFor = onlyFor,
            IsBroadcast = broadcast,
            Text = posting.Text,
            Blocks = Posting.WithIds(posting.Blocks, () => workspace.NextId("b")),
            Attachments = posting.Attachments,
            Metadata = metadata,
        });
    }

    public SlackMessage AsUser(SlackChannel channel, SlackUser user, string text, string? threadTs, string? onlyFor = null, string? subtype = null) =>
        Add(channel, threadTs, new SlackMessage(channel.Id, workspace.NextTimestamp(), user.Id)
        {
            BotId = user.BotId,
            ThreadTs = threadTs,
            OnlyFor = onlyFor,
            Subtype = subtype,
            Text = text,
        });

    /// <summary>Absent blocks stay as they are, an empty list takes them away.</summary>
    public void Edit(SlackMessage message, Posting posting)
    {
        Complaints.AddRange(posting.Complaints());
        message.Edits.Add(new SlackEdit(message.Text, message.Blocks, workspace.Now));
        message.Text = posting.Text;
        if (posting.Blocks is not null)
        {
            message.Blocks = posting.Blocks.Count == 0 ? null : Posting.WithIds(posting.Blocks, () => workspace.NextId("b"));
        }

        if (posting.Attachments is not null)
        {
            message.Attachments = posting.Attachments.Count == 0 ? null : posting.Attachments;
        }
    }

    private static SlackMessage Add(SlackChannel channel, string? threadTs, SlackMessage message)
    {
        channel.Messages.Add(message);
        if (threadTs is not null && message.OnlyFor is null && channel.Find(threadTs) is { } parent)
        {
            parent.ThreadTs = parent.Ts;
        }

        return message;
    }
}
