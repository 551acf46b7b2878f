using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Wire;

namespace ChatOps.Sandbox.Slack.Api;

internal sealed class AppMethods(SimulatedSlackOptions options, SlackSockets sockets, Func<Uri> baseUrl)
{
    public IEnumerable<ApiMethod> All() =>
    [
        new("auth.test", "", 600, _ => Identity()) { ReadsJson = true },
        new("api.test", "", 600, arguments => new JsonObject { ["args"] = arguments.Values.DeepClone() }) { ReadsJson = true },
        new("apps.connections.open", "", 60, _ => Connect()) { ForApps = true },
    ];

    private static JsonObject Identity() => new()
    {
        ["url"] = "https://sandbox.slack.com/",
        ["team"] = "Sandbox",
        ["user"] = "chatops",
        ["team_id"] = SampleWorkspace.TeamId,
        ["user_id"] = SampleWorkspace.BotUserId,
        ["bot_id"] = SampleWorkspace.BotId,
        ["is_enterprise_install"] = false,
    };

    private JsonObject Connect()
    {
        if (!options.SocketMode || sockets.IsDisabled)
        {
            throw new SlackRefusal("socket_mode_not_enabled");
        }

        var url = new UriBuilder(baseUrl())
        {
            Scheme = "ws",
            Path = "/link/",
            Query = $"ticket={sockets.IssueTicket()}&app_id={SampleWorkspace.AppId}",
        };
        return new JsonObject { ["url"] = url.Uri.ToString() };
    }
}
