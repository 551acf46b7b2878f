using System.Globalization;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Slack.Scripting;

/// <summary>What somebody filled in: the <c>state.values</c> of a submission, and what Slack itself would not let through.</summary>
internal static class DialogValues
{
    /// <summary>Values by block id, action id or label; whatever is not named keeps its initial value.</summary>
    public static JsonObject State(SlackView view, IReadOnlyDictionary<string, string> values)
    {
        var unknown = values.Keys.Where(key => !Inputs(view).Any(block => Answers(block, key))).ToList();
        if (unknown.Count > 0)
        {
            var known = string.Join(", ", Inputs(view).Select(block => (string?)block["label"]?["text"]));
            throw new ArgumentException($"The dialog has no input {string.Join(", ", unknown)}; it has {known}.", nameof(values));
        }

        var state = new JsonObject();
        foreach (var block in Inputs(view))
        {
            var element = (JsonObject)block["element"]!;
            var chosen = values.Where(value => Answers(block, value.Key)).Select(value => value.Value).FirstOrDefault() ?? Initial(element);
            var value = Value(element, string.IsNullOrEmpty(chosen) ? null : chosen);
            value.Insert(0, "type", (string?)element["type"]);
            state[(string)block["block_id"]!] = new JsonObject { [(string)element["action_id"]!] = value };
        }

        return state;
    }

    /// <summary>Problems by block id that Slack shows without asking the app.</summary>
    public static Dictionary<string, string> Problems(SlackView view, JsonObject state)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var block in Inputs(view))
        {
            var id = (string)block["block_id"]!;
            var element = (JsonObject)block["element"]!;
            var value = (JsonObject)state[id]![(string)element["action_id"]!]!;
            var isEmpty = value.All(part => part.Key == "type" || part.Value is null or JsonArray { Count: 0 } || part.Value.ToString().Length == 0);
            var length = value["value"]?.ToString().Length ?? 0;
            if (isEmpty)
            {
                if ((bool?)block["optional"] != true)
                {
                    problems[id] = "Please complete this required field.";
                }
            }
            else if (element["max_length"] is { } most && length > (int)most)
            {
                problems[id] = $"This field must be no more than {(int)most} characters.";
            }
            else if (element["min_length"] is { } least && length < (int)least)
            {
                problems[id] = $"This field must be at least {(int)least} characters.";
            }
        }

        return problems;
    }

    /// <summary>One element's value as Slack sends it; menus are given by an option's label or value.</summary>
    public static JsonObject Value(JsonObject element, string? chosen) => (string?)element["type"] switch
    {
        "static_select" or "radio_buttons" or "overflow" => new JsonObject { ["selected_option"] = Option(element, chosen) },
        "checkboxes" or "multi_static_select" => new JsonObject
        {
            ["selected_options"] = new JsonArray([.. Several(chosen).Select(choice => Option(element, choice))]),
        },
        "users_select" => new JsonObject { ["selected_user"] = chosen },
        "multi_users_select" => new JsonObject { ["selected_users"] = new JsonArray([.. Several(chosen).Select(user => JsonValue.Create(user))]) },
        "conversations_select" => new JsonObject { ["selected_conversation"] = chosen },
        "channels_select" => new JsonObject { ["selected_channel"] = chosen },
        "datepicker" => new JsonObject { ["selected_date"] = chosen },
        "timepicker" => new JsonObject { ["selected_time"] = chosen },
        "datetimepicker" => new JsonObject { ["selected_date_time"] = chosen is null ? null : long.Parse(chosen, CultureInfo.InvariantCulture) },
        _ => new JsonObject { ["value"] = chosen },
    };

    public static IEnumerable<JsonObject> Inputs(SlackView view) =>
        (view.Content["blocks"] as JsonArray ?? []).OfType<JsonObject>().Where(block => (string?)block["type"] == "input");

    private static bool Answers(JsonObject block, string key) =>
        key == (string?)block["block_id"] || key == (string?)block["element"]?["action_id"] || key == (string?)block["label"]?["text"];

    private static string[] Several(string? chosen) => chosen?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string? Initial(JsonObject element) =>
        (element["initial_value"] ?? element["initial_option"]?["value"] ?? element["initial_user"] ?? element["initial_date"] ?? element["initial_time"]
            ?? element["initial_conversation"] ?? element["initial_channel"] ?? element["initial_date_time"])?.ToString()
        ?? (element["initial_options"] is JsonArray options ? string.Join('\n', options.Select(option => (string?)option?["value"])) : null);

    private static JsonNode? Option(JsonObject element, string? chosen)
    {
        if (chosen is null)
        {
            return null;
        }

        var grouped = (element["option_groups"] as JsonArray ?? []).SelectMany(group => group?["options"] as JsonArray ?? []);
        var options = (element["options"] as JsonArray ?? []).Concat(grouped);
        var option = options.FirstOrDefault(option => (string?)option?["value"] == chosen || (string?)option?["text"]?["text"] == chosen);
        return option?.DeepClone() ?? throw new ArgumentException($"There is no option {chosen}.", nameof(chosen));
    }
}
