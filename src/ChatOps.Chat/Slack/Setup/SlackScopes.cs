namespace ChatOps.Chat.Slack.Setup;

/// <summary>What the bot's token must be allowed to do, and why. The manifest and <c>doctor</c> read the same list.</summary>
internal static class SlackScopes
{
    public static IReadOnlyList<(string Scope, string Why)> Bot { get; } =
    [
        ("app_mentions:read", "hear commands after a mention of the bot, which is how they work in a thread"),
        ("channels:history", "read its own message back, to check the record's head, in public channels"),
        ("chat:write", "post and edit cards"),
        ("commands", "slash commands"),
        ("files:write", "show how a signal went as a picture"),
        ("groups:history", "read its own message back in private channels"),
        ("im:history", "hear commands in direct messages"),
        ("im:write", "write to owners and approvers directly"),
        ("pins:write", "pin the incident's card"),
        ("usergroups:read", "know who is in the user groups that the policy names"),
        ("users:read", "tell people from bots and guests, and know their time zone"),
    ];

    /// <summary>Only where people are recognised by their addresses: whoever does not want that does not give it.</summary>
    public static (string Scope, string Why) Email { get; } = ("users:read.email", "know people's confirmed e-mail addresses, by which Identity:Email recognises them in the clusters");

    /// <summary>What the app-level token needs, for Socket Mode.</summary>
    public const string App = "connections:write";
}
