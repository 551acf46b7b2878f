using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Blocks;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Api;

internal sealed class ViewMethods(SlackWorkspace workspace, Dialogs dialogs)
{
    public IEnumerable<ApiMethod> All() =>
    [
        new("views.open", "", 100, Open) { ReadsJson = true },
        new("views.push", "", 100, Push) { ReadsJson = true },
        new("views.update", "", 100, Update) { ReadsJson = true },
        new("views.publish", "", 100, Publish) { ReadsJson = true },
    ];

    private JsonObject Open(ApiArguments arguments)
    {
        var view = Checked(arguments, "modal");
        return Json(dialogs.Open(Exchange(arguments), view));
    }

    private JsonObject Push(ApiArguments arguments)
    {
        var view = Checked(arguments, "modal");
        return Json(dialogs.Push(Exchange(arguments), view) ?? throw new SlackRefusal("push_limit_reached"));
    }

    private JsonObject Update(ApiArguments arguments)
    {
        var content = Checked(arguments, type: null);
        var id = arguments.Text("view_id");
        var externalId = arguments.Text("external_id");
        var known = workspace.Dialogs.Concat(workspace.Homes.Values);
        var view = known.FirstOrDefault(view => view.Id == id || (externalId is not null && view.ExternalId == externalId)) ?? throw new SlackRefusal("not_found");
        if (arguments.Text("hash") is { Length: > 0 } hash && hash != view.Hash)
        {
            throw new SlackRefusal("hash_conflict");
        }

        dialogs.Replace(view, content);
        return Json(view);
    }

    private JsonObject Publish(ApiArguments arguments)
    {
        var user = arguments.Need("user_id");
        if (!workspace.Users.ContainsKey(user))
        {
            throw new SlackRefusal("invalid_arguments", "[ERROR] no such user [json-pointer:/user_id]");
        }

        var content = Checked(arguments, "home");
        if (arguments.Text("hash") is { Length: > 0 } hash && workspace.Homes.TryGetValue(user, out var before) && hash != before.Hash)
        {
            throw new SlackRefusal("hash_conflict");
        }

        var view = dialogs.Create(user, content, previous: null);
        workspace.Homes[user] = view;
        return Json(view);
    }

    private string Exchange(ApiArguments arguments)
    {
        var user = workspace.Triggers.Exchange(arguments.Need("trigger_id"), out var error);
        return error is null ? user : throw new SlackRefusal(error);
    }

    private JsonObject Checked(ApiArguments arguments, string? type)
    {
        var view = arguments.Json<JsonObject>("view", "invalid_arguments") ?? throw new SlackRefusal("invalid_arguments", "[ERROR] missing required field: view");
        if (ViewRules.IsTooLarge(view))
        {
            throw new SlackRefusal("view_too_large");
        }

        var findings = ViewRules.Check(view);
        if (type is not null && (string?)view["type"] != type)
        {
            findings.Add($"must be one of: {type}", "/view/type");
        }

        if (findings.Messages.Count > 0)
        {
            throw new SlackRefusal("invalid_arguments", findings.Messages);
        }

        if ((string?)view["external_id"] is { Length: > 0 } externalId && type == "modal" && workspace.Dialogs.Exists(open => open.ExternalId == externalId))
        {
            throw new SlackRefusal("duplicate_external_id");
        }

        return view;
    }

    private static JsonObject Json(SlackView view) => new() { ["view"] = view.ToJson() };
}
