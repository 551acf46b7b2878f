using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Scripting;

/// <summary>A channel as everybody in it sees it.</summary>
public sealed class ChannelView
{
    private readonly SimulatedSlack slack;
    private readonly SlackChannel channel;

    internal ChannelView(SimulatedSlack slack, SlackChannel channel)
    {
        this.slack = slack;
        this.channel = channel;
    }

    public string Id => channel.Id;

    /// <summary>Messages that everybody sees, replies included, oldest first.</summary>
    public IReadOnlyList<SlackMessage> Messages => slack.Workspace.Read(() => channel.Messages.FindAll(IsPublic));

    public IReadOnlyList<SlackMessage> Pinned => slack.Workspace.Read(() => channel.Pins.Select(ts => channel.Find(ts)!).ToList());

    /// <summary>The first message of a thread and its replies.</summary>
    public IReadOnlyList<SlackMessage> Thread(string ts) => slack.Workspace.Read(() => channel.Messages.FindAll(message => IsPublic(message) && IsIn(message, ts)));

    public SlackMessage? Find(string ts) => slack.Workspace.Read(() => channel.Find(ts));

    /// <summary>Completes when a message that fits is there; ephemeral ones count too.</summary>
    public Task<SlackMessage> WaitForMessageAsync(Func<SlackMessage, bool> fits, string what, CancellationToken ct) =>
        slack.WaitForAsync(() => channel.Messages.Find(message => !message.IsDeleted && fits(message)), what, ct);

    /// <summary>Completes when some message contains the words, in its text or anywhere in its blocks.</summary>
    public Task<SlackMessage> WaitForTextAsync(string words, CancellationToken ct) => WaitForMessageAsync(message => Shows(message, words), $"a message with '{words}'", ct);

    /// <summary>What a message says, blocks included, as one text.</summary>
    public static bool Shows(SlackMessage message, string words) => MessageText.Of(message).Contains(words, StringComparison.OrdinalIgnoreCase);

    private static bool IsPublic(SlackMessage message) => message is { IsDeleted: false, OnlyFor: null };

    private static bool IsIn(SlackMessage message, string ts) => message.Ts == ts || message.ThreadTs == ts;
}
