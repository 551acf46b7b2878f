using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Page;

/// <summary>What one person sees: their channels, what was said there, what only they were told, the dialog in front of them.</summary>
internal static class PageView
{
    private const int MostMessages = 300;
    private static readonly string[] Cast = [SampleWorkspace.Alice, SampleWorkspace.Bob, SampleWorkspace.Carol];

    public static JsonObject Of(SimulatedSlack slack, string person)
    {
        var workspace = slack.Workspace;
        var me = workspace.FindUser(person) is { IsBot: false } user && Cast.Contains(user.Id) ? user : workspace.Users[SampleWorkspace.Alice];
        workspace.Direct(me.Id, SampleWorkspace.BotUserId);
        var dialog = slack.Dialogs.Top(me.Id);
        return new JsonObject
        {
            ["me"] = me.Id,
            ["bot"] = SampleWorkspace.BotUserId,
            ["commands"] = new JsonArray([.. slack.Options.Commands.Select(command => JsonValue.Create(command))]),
            ["cast"] = new JsonArray([.. Cast.Select(id => JsonValue.Create(id))]),
            ["users"] = new JsonObject(workspace.Users.Values.Select(User)),
            ["groups"] = new JsonObject(workspace.Groups.Values.Select(group => KeyValuePair.Create<string, JsonNode?>(group.Id, group.Handle))),
            ["channels"] = new JsonArray([.. workspace.Channels.Values.Where(channel => channel.Members.Contains(me.Id)).Select(channel => Channel(channel, me))]),
            ["dialog"] = dialog is null ? null : Dialog(dialog),
        };
    }

    private static KeyValuePair<string, JsonNode?> User(SlackUser user) => new(user.Id, new JsonObject
    {
        ["name"] = user.Name,
        ["realName"] = user.RealName,
        ["title"] = user.Title,
        ["zone"] = user.TimeZone,
        ["isBot"] = user.IsBot,
    });

    private static JsonObject Channel(SlackChannel channel, SlackUser me) => new()
    {
        ["id"] = channel.Id,
        ["name"] = channel.Name,
        ["topic"] = channel.Topic,
        ["isDirect"] = channel.IsIm || channel.IsMpim,
        ["others"] = new JsonArray([.. channel.Members.Where(member => member != me.Id).Select(member => JsonValue.Create(member))]),
        ["hasBot"] = channel.Members.Contains(SampleWorkspace.BotUserId),
        ["pins"] = new JsonArray([.. channel.Pins.Select(ts => JsonValue.Create(ts))]),
        ["messages"] = new JsonArray([.. Seen(channel, me).TakeLast(MostMessages).Select(message => Message(channel, message))]),
    };

    private static IEnumerable<SlackMessage> Seen(SlackChannel channel, SlackUser me) =>
        channel.Messages.Where(message => !message.IsDeleted && (message.OnlyFor is null || message.OnlyFor == me.Id));

    private static JsonObject Message(SlackChannel channel, SlackMessage message)
    {
        var json = message.ToJson(channel);
        json["is_only_for_me"] = message.OnlyFor is not null;
        json["is_broadcast"] = message.IsBroadcast;
        json["reactions"] = new JsonArray([.. message.Reactions.Select(reaction => new JsonObject { ["name"] = reaction.Key, ["count"] = reaction.Value.Count })]);
        json.Remove("metadata");
        return json;
    }

    private static JsonObject Dialog(SlackView view) => new()
    {
        ["id"] = view.Id,
        ["hash"] = view.Hash,
        ["content"] = view.Content.DeepClone(),
        ["problems"] = new JsonObject(view.Errors.Select(error => KeyValuePair.Create<string, JsonNode?>(error.Key, error.Value))),
    };
}
