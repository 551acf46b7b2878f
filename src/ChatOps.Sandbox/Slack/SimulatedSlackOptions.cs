namespace ChatOps.Sandbox.Slack;

/// <summary>How the simulated workspace and the app under test know each other. The secrets are made up; they open nothing.</summary>
public sealed record SimulatedSlackOptions
{
    /// <summary>Where the app listens; may be set later through <see cref="SimulatedSlack.AppUrl"/>. Loopback only.</summary>
    public Uri? AppUrl { get; init; }

    public string SigningSecret { get; init; } = "simulated-signing-secret-of-the-sandbox";

    public string BotToken { get; init; } = "xoxb-simulated-bot-token";

    public string AppToken { get; init; } = "xapp-simulated-app-token";

    /// <summary>Deliver through the app's sockets instead of to its request URLs.</summary>
    public bool SocketMode { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long Slack waits for the app to acknowledge, or to open a dialog. Where that is not what is tried, a slow machine must not look like a slow app.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    public string CommandPath { get; init; } = "/slack/commands";

    public string InteractionPath { get; init; } = "/slack/interactions";

    public string EventPath { get; init; } = "/slack/events";

    /// <summary>Slack's pacing (one message a second per channel, tiers per method); off unless a test is about it.</summary>
    public bool EnforceRateLimits { get; init; }

    /// <summary>Slash commands of the manifest; another command is refused in the composer, as in Slack.</summary>
    public IReadOnlyList<string> Commands { get; init; } = ["/incident", "/gitops", "/breakglass"];

    /// <summary>What the bot may do; take one away to see <c>missing_scope</c>.</summary>
    public IReadOnlyList<string> Scopes { get; init; } =
    [
        "commands", "chat:write", "app_mentions:read", "im:history", "im:write", "im:read", "mpim:read", "mpim:write", "users:read", "users:read.email",
        "team:read", "channels:read", "groups:read", "channels:join", "channels:history", "usergroups:read", "groups:history", "pins:write", "reactions:write", "files:write",
    ];

    public IReadOnlyList<string> SubscribedEvents { get; init; } = ["app_home_opened", "app_mention", "message.im"];
}
