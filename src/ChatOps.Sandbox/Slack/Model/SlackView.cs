using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Model;

/// <summary>A dialog (modal) open on somebody's screen, or an App Home.</summary>
public sealed class SlackView(string id, string user, JsonObject content)
{
    public string Id { get; } = id;

    public string User { get; } = user;

    /// <summary>What the app sent: title, blocks, submit, private_metadata …</summary>
    public JsonObject Content { get; set; } = content;

    public required string Hash { get; set; }

    public required string RootId { get; init; }

    public string? PreviousId { get; init; }

    /// <summary>Messages under inputs, by block id, after the app answered <c>response_action: errors</c>.</summary>
    public Dictionary<string, string> Errors { get; } = [];

    public string? CallbackId => (string?)Content["callback_id"];

    public string? ExternalId => (string?)Content["external_id"];

    public string Title => (string?)Content["title"]?["text"] ?? "";

    internal JsonObject ToJson(JsonObject? values = null)
    {
        var json = (JsonObject)Content.DeepClone();
        json["id"] = Id;
        json["team_id"] = SampleWorkspace.TeamId;
        json["app_id"] = SampleWorkspace.AppId;
        json["app_installed_team_id"] = SampleWorkspace.TeamId;
        json["bot_id"] = SampleWorkspace.BotId;
        json["hash"] = Hash;
        json["root_view_id"] = RootId;
        json["previous_view_id"] = PreviousId;
        json["callback_id"] ??= "";
        json["external_id"] ??= "";
        json["private_metadata"] ??= "";
        json["state"] = new JsonObject { ["values"] = values?.DeepClone() ?? new JsonObject() };
        return json;
    }
}
