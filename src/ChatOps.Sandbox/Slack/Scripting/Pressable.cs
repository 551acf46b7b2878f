using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Scripting;

/// <summary>Finds buttons and menus by action id or label, and writes the action that pressing them sends.</summary>
internal static class Pressable
{
    public static (JsonObject Block, JsonObject Element)? Find(JsonArray? blocks, string actionIdOrLabel, string? blockId = null)
    {
        foreach (var block in (blocks ?? []).OfType<JsonObject>().Where(block => blockId is null || (string?)block["block_id"] == blockId))
        {
            foreach (var element in ElementsOf(block))
            {
                if ((string?)element["action_id"] == actionIdOrLabel || (string?)element["text"]?["text"] == actionIdOrLabel)
                {
                    return (block, element);
                }
            }
        }

        return null;
    }

    /// <summary>Also in earlier versions: somebody's screen may be behind.</summary>
    public static (JsonObject Block, JsonObject Element)? FindEvenIfGone(SlackMessage message, string actionIdOrLabel) =>
        message.Edits.AsEnumerable().Reverse().Select(edit => Find(edit.Blocks, actionIdOrLabel)).FirstOrDefault(found => found is not null);

    public static IEnumerable<string> Labels(JsonArray? blocks) =>
        (blocks ?? []).OfType<JsonObject>().SelectMany(ElementsOf).Select(element => (string?)element["text"]?["text"] ?? (string?)element["action_id"] ?? "?");

    public static JsonObject Action(JsonObject block, JsonObject element, string? choice, string actionTs)
    {
        var action = new JsonObject
        {
            ["type"] = (string?)element["type"],
            ["action_id"] = (string?)element["action_id"],
            ["block_id"] = (string?)block["block_id"],
            ["action_ts"] = actionTs,
        };
        if ((string?)element["type"] == "button")
        {
            action["text"] = element["text"]?.DeepClone();
            if (element["value"] is { } value)
            {
                action["value"] = value.DeepClone();
            }

            return action;
        }

        foreach (var (name, value) in DialogValues.Value(element, choice))
        {
            action[name] = value?.DeepClone();
        }

        return action;
    }

    private static IEnumerable<JsonObject> ElementsOf(JsonObject block) => block switch
    {
        _ when block["elements"] is JsonArray elements && (string?)block["type"] == "actions" => elements.OfType<JsonObject>(),
        _ when block["accessory"] is JsonObject accessory => [accessory],
        _ when block["element"] is JsonObject element => [element],
        _ => [],
    };
}
