using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Model;

/// <summary>One account as <c>users.info</c> tells it; change one in a test with <c>slack.Change(user with { … })</c>.</summary>
public sealed record SlackUser(string Id, string Name, string RealName, string TimeZone)
{
    public string TeamId { get; init; } = SampleWorkspace.TeamId;

    public string Email => $"{Name}@example.com";

    public bool IsEmailConfirmed { get; init; } = true;

    public string Title { get; init; } = "";

    public string? BotId { get; init; }

    public bool IsBot => BotId is not null;

    public bool IsRestricted { get; init; }

    public bool IsUltraRestricted { get; init; }

    public bool IsStranger => TeamId != SampleWorkspace.TeamId;

    public bool Deleted { get; init; }

    internal JsonObject ToJson(DateTimeOffset now, bool withEmail)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        var profile = new JsonObject
        {
            ["real_name"] = RealName,
            ["display_name"] = Name,
            ["title"] = Title,
            ["team"] = TeamId,
        };
        if (withEmail && !IsBot)
        {
            profile["email"] = Email;
        }

        var json = new JsonObject
        {
            ["id"] = Id,
            ["team_id"] = TeamId,
            ["name"] = Name,
            ["deleted"] = Deleted,
            ["real_name"] = RealName,
            ["tz"] = TimeZone,
            ["tz_label"] = zone.StandardName,
            ["tz_offset"] = (int)zone.GetUtcOffset(now).TotalSeconds,
            ["profile"] = profile,
            ["is_admin"] = false,
            ["is_owner"] = false,
            ["is_bot"] = IsBot,
            ["is_app_user"] = false,
            ["is_email_confirmed"] = IsEmailConfirmed,
            ["is_restricted"] = IsRestricted,
            ["is_ultra_restricted"] = IsUltraRestricted,
            ["updated"] = now.ToUnixTimeSeconds(),
        };
        if (IsStranger)
        {
            json["is_stranger"] = true;
        }

        return json;
    }
}
