using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Model;

/// <summary>A user group such as @on-call; its members decide roles in the product.</summary>
public sealed record SlackUserGroup(string Id, string Handle, string Name, IReadOnlyList<string> Users)
{
    public bool Enabled { get; init; } = true;

    internal JsonObject ToJson(bool withUsers)
    {
        var json = new JsonObject
        {
            ["id"] = Id,
            ["team_id"] = SampleWorkspace.TeamId,
            ["is_usergroup"] = true,
            ["is_subteam"] = true,
            ["name"] = Name,
            ["handle"] = Handle,
            ["date_delete"] = Enabled ? 0 : 1,
            ["user_count"] = Users.Count,
        };
        if (withUsers)
        {
            json["users"] = new JsonArray([.. Users.Select(id => JsonValue.Create(id))]);
        }

        return json;
    }
}
