namespace ChatOps.Chat.Slack.Posting;

/// <summary>
/// One method of the Web API that we use: whether repeating it is harmless, and calls per minute that Slack allows
/// (its tiers). <see cref="PerChannel"/>: beyond that, one a second in each channel.
/// </summary>
internal sealed record SlackMethod(string Name, int PerMinute, bool IsRead, string? Scope)
{
    public bool PerChannel { get; init; }

    public static SlackMethod AuthTest { get; } = new("auth.test", 100, true, null);

    public static SlackMethod PostMessage { get; } = new("chat.postMessage", 300, false, "chat:write") { PerChannel = true };

    public static SlackMethod Update { get; } = new("chat.update", 50, false, "chat:write");

    public static SlackMethod PostEphemeral { get; } = new("chat.postEphemeral", 100, false, "chat:write");

    public static SlackMethod GetPermalink { get; } = new("chat.getPermalink", 100, true, null);

    public static SlackMethod Replies { get; } = new("conversations.replies", 50, true, "channels:history");

    public static SlackMethod History { get; } = new("conversations.history", 50, true, "channels:history");

    public static SlackMethod OpenDirect { get; } = new("conversations.open", 50, true, "im:write");

    public static SlackMethod AddPin { get; } = new("pins.add", 20, false, "pins:write");

    public static SlackMethod OpenView { get; } = new("views.open", 100, false, null);

    public static SlackMethod PublishHome { get; } = new("views.publish", 100, false, null);

    public static SlackMethod UserInfo { get; } = new("users.info", 100, true, "users:read");

    public static SlackMethod GroupMembers { get; } = new("usergroups.users.list", 20, true, "usergroups:read");

    /// <summary>An address asked for twice is one that nothing is sent to.</summary>
    public static SlackMethod GetUploadUrl { get; } = new("files.getUploadURLExternal", 100, true, "files:write");

    public static SlackMethod CompleteUpload { get; } = new("files.completeUploadExternal", 100, false, "files:write");

    public static SlackMethod OpenConnection { get; } = new("apps.connections.open", 10, true, "connections:write");
}
