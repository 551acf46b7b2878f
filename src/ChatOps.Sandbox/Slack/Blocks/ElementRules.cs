using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Blocks;

/// <summary>Buttons, menus and inputs.</summary>
internal static class ElementRules
{
    public static readonly string[] Pressable =
    [
        "button", "overflow", "static_select", "users_select", "conversations_select", "channels_select", "multi_static_select",
        "multi_users_select", "multi_conversations_select", "multi_channels_select", "external_select", "multi_external_select",
        "datepicker", "timepicker", "datetimepicker", "radio_buttons", "checkboxes",
    ];

    public static readonly string[] Writable =
    [
        "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input", .. Pressable[2..],
    ];

    public static void Element(Findings findings, JsonObject element, string pointer, HashSet<string> actionIds)
    {
        findings.Length(element, "action_id", 255, pointer, least: 1);
        if (Findings.IsText(element["action_id"], out var id) && !actionIds.Add(id))
        {
            findings.Add("`action_id` must be unique within a block", $"{pointer}/action_id");
        }

        TextRules.Text(findings, element, "placeholder", 150, pointer, plainOnly: true, required: false);
        TextRules.Confirm(findings, element, pointer);
        switch ((string?)element["type"])
        {
            case "button":
                Button(findings, element, pointer);
                break;
            case "overflow":
                TextRules.Options(findings, element, 5, pointer);
                break;
            case "checkboxes" or "radio_buttons":
                TextRules.Options(findings, element, 10, pointer);
                break;
            case "static_select" or "multi_static_select":
                Menu(findings, element, pointer);
                break;
            case "plain_text_input":
                Input(findings, element, pointer);
                break;
            case "number_input":
                findings.MustHave(element, "is_decimal_allowed", pointer);
                break;
            case null:
                findings.MustHave(element, "type", pointer);
                break;
        }
    }

    private static void Button(Findings findings, JsonObject button, string pointer)
    {
        TextRules.Text(findings, button, "text", 75, pointer, plainOnly: true);
        findings.Length(button, "value", 2000, pointer, least: 1);
        findings.Length(button, "url", 3000, pointer);
        findings.Length(button, "accessibility_label", 75, pointer);
        findings.OneOf(button, "style", pointer, "primary", "danger");
    }

    private static void Menu(Findings findings, JsonObject menu, string pointer)
    {
        if (menu["option_groups"] is null)
        {
            TextRules.Options(findings, menu, 100, pointer);
            Initial(findings, menu, pointer);
            return;
        }

        if (menu["options"] is not null)
        {
            findings.Add("only one of options and option_groups is allowed", pointer);
        }

        var groups = findings.Items(menu, "option_groups", 100, pointer);
        for (var i = 0; i < groups.Count; i++)
        {
            var at = $"{pointer}/option_groups/{i}";
            if (groups[i] is JsonObject group)
            {
                TextRules.Text(findings, group, "label", 75, at, plainOnly: true);
                TextRules.Options(findings, group, 100, at);
            }
        }
    }

    private static void Initial(Findings findings, JsonObject menu, string pointer)
    {
        if (menu["initial_option"] is { } initial && menu["options"] is JsonArray options
            && !options.Any(option => JsonNode.DeepEquals(option, initial)))
        {
            findings.Add("initial_option must exactly match one of the provided options", $"{pointer}/initial_option");
        }
    }

    private static void Input(Findings findings, JsonObject input, string pointer)
    {
        foreach (var name in (ReadOnlySpan<string>)["min_length", "max_length"])
        {
            if (input[name] is { } node && (node is not JsonValue value || !value.TryGetValue<int>(out var length) || length is < 0 or > 3000))
            {
                findings.Add("must be a number between 0 and 3000", $"{pointer}/{name}");
            }
        }

        findings.Length(input, "initial_value", 3000, pointer);
    }
}
