using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Api;

internal sealed class PeopleMethods(SlackWorkspace workspace, SimulatedSlackOptions options)
{
    public IEnumerable<ApiMethod> All() =>
    [
        new("users.info", "users:read", 100, arguments => new JsonObject { ["user"] = Json(Find(arguments.Need("user"))) }),
        new("users.list", "users:read", 20, arguments => Page.Of("members", [.. workspace.Users.Values], arguments, Json)),
        new("users.lookupByEmail", "users:read.email", 50, LookUpByEmail),
        new("usergroups.list", "usergroups:read", 20, Groups),
        new("usergroups.users.list", "usergroups:read", 20, GroupMembers),
        new("team.info", "team:read", 50, Team),
    ];

    private JsonObject Json(SlackUser user) => user.ToJson(workspace.Now, options.Scopes.Contains("users:read.email"));

    private SlackUser Find(string id) => workspace.Users.GetValueOrDefault(id) ?? throw new SlackRefusal("user_not_found");

    private JsonObject LookUpByEmail(ApiArguments arguments)
    {
        var email = arguments.Need("email");
        var found = workspace.Users.Values.FirstOrDefault(user => user.Email == email && user is { IsBot: false, Deleted: false });
        return new JsonObject { ["user"] = Json(found ?? throw new SlackRefusal("users_not_found")) };
    }

    private JsonObject Groups(ApiArguments arguments)
    {
        var groups = workspace.Groups.Values.Where(group => group.Enabled || arguments.Flag("include_disabled"));
        return new JsonObject { ["usergroups"] = new JsonArray([.. groups.Select(group => group.ToJson(arguments.Flag("include_users")))]) };
    }

    private JsonObject GroupMembers(ApiArguments arguments)
    {
        var group = workspace.Groups.GetValueOrDefault(arguments.Need("usergroup")) ?? throw new SlackRefusal("no_such_subteam");
        if (!group.Enabled && !arguments.Flag("include_disabled"))
        {
            throw new SlackRefusal("subteam_disabled");
        }

        return new JsonObject { ["users"] = new JsonArray([.. group.Users.Select(id => JsonValue.Create(id))]) };
    }

    private static JsonObject Team(ApiArguments arguments)
    {
        if (arguments.Text("team") is { Length: > 0 } team && team != SampleWorkspace.TeamId)
        {
            throw new SlackRefusal("team_not_found");
        }

        return new JsonObject { ["team"] = new JsonObject { ["id"] = SampleWorkspace.TeamId, ["name"] = "Sandbox", ["domain"] = "sandbox" } };
    }
}
