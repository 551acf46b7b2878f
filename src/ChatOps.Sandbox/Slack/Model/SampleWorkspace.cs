namespace ChatOps.Sandbox.Slack.Model;

/// <summary>The three people, their groups and the channel of the story, under ids as Slack would make them.</summary>
public static class SampleWorkspace
{
    public const string TeamId = "T0SANDBOX";
    public const string ForeignTeamId = "T0FOREIGN";
    public const string AppId = "A0CHATOPS";
    public const string BotUserId = "U0CHATOPS";
    public const string BotId = "B0CHATOPS";
    public const string Alice = "U0ALICE";
    public const string Bob = "U0BOB";
    public const string Carol = "U0CAROL";

    /// <summary>A single-channel guest.</summary>
    public const string Guest = "U0GUEST";

    /// <summary>Somebody of another organisation, in a shared channel.</summary>
    public const string Stranger = "U0STRANGER";

    /// <summary>Another app's bot.</summary>
    public const string OtherBot = "U0OTHERBOT";

    public const string IncidentChannel = "C0INCIDENT";
    public const string GeneralChannel = "C0GENERAL";

    /// <summary>A channel that the bot has not joined.</summary>
    public const string OutsideChannel = "C0PAYMENTS";

    public const string OnCallGroup = "S0ONCALL";
    public const string CommandersGroup = "S0COMMANDERS";

    internal static SlackWorkspace Create(TimeProvider time, TimeSpan patience)
    {
        var workspace = new SlackWorkspace(time, patience);
        workspace.Add(new SlackUser(Alice, "alice", "Alice Adler", "Europe/Berlin") { Title = "On-call engineer" });
        workspace.Add(new SlackUser(Bob, "bob", "Bob Brown", "America/New_York") { Title = "Incident commander" });
        workspace.Add(new SlackUser(Carol, "carol", "Carol Chiba", "Asia/Tokyo") { Title = "Platform lead" });
        workspace.Add(new SlackUser(BotUserId, "chatops", "ChatOps", "Etc/UTC") { BotId = BotId });
        workspace.Add(new SlackUser(Guest, "gil", "Gil Guest", "Europe/Berlin") { IsRestricted = true, IsUltraRestricted = true });
        workspace.Add(new SlackUser(Stranger, "sam", "Sam Stranger", "Europe/Berlin") { TeamId = ForeignTeamId });
        workspace.Add(new SlackUser(OtherBot, "deploybot", "Deploy Bot", "Etc/UTC") { BotId = "B0OTHERBOT" });
        workspace.Add(new SlackUserGroup(OnCallGroup, "on-call", "On call", [Alice, Carol]));
        workspace.Add(new SlackUserGroup(CommandersGroup, "commanders", "Incident commanders", [Bob, Carol]));
        workspace.Add(new SlackChannel(IncidentChannel, "incident-checkout") { Topic = "checkout is answering 500" }, Alice, Bob, Carol, BotUserId, Guest, Stranger, OtherBot);
        workspace.Add(new SlackChannel(GeneralChannel, "general") { Topic = "Company-wide announcements" }, Alice, Bob, Carol, BotUserId);
        workspace.Add(new SlackChannel(OutsideChannel, "payments") { Topic = "The payments team" }, Alice, Bob, Carol);
        return workspace;
    }
}
