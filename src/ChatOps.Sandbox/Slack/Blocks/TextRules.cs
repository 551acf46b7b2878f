using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Blocks;

/// <summary>Text objects, options and confirmation dialogs.</summary>
internal static class TextRules
{
    public static void Text(Findings findings, JsonObject parent, string name, int most, string pointer, bool plainOnly = false, bool required = true)
    {
        var at = $"{pointer}/{name}";
        if (parent[name] is not { } node)
        {
            if (required)
            {
                findings.MustHave(parent, name, pointer);
            }

            return;
        }

        if (node is not JsonObject text)
        {
            findings.Add("must provide an object", at);
            return;
        }

        findings.MustHave(text, "type", at);
        if (plainOnly)
        {
            findings.OneOf(text, "type", at, "plain_text");
        }
        else
        {
            findings.OneOf(text, "type", at, "plain_text", "mrkdwn");
        }

        findings.MustHave(text, "text", at);
        findings.Length(text, "text", most, at, least: 1);
        if ((string?)text["type"] == "mrkdwn" && text["emoji"] is not null)
        {
            findings.Add("emoji is only allowed in plain_text", at);
        }
    }

    public static void Options(Findings findings, JsonObject parent, int most, string pointer)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        var options = findings.Items(parent, "options", most, pointer);
        for (var i = 0; i < options.Count; i++)
        {
            var at = $"{pointer}/options/{i}";
            if (options[i] is not JsonObject option)
            {
                findings.Add("must provide an object", at);
                continue;
            }

            Text(findings, option, "text", 75, at);
            Text(findings, option, "description", 75, at, required: false);
            findings.MustHave(option, "value", at);
            findings.Length(option, "value", 75, at);
            findings.Length(option, "url", 3000, at);
            if (Findings.IsText(option["value"], out var value) && !values.Add(value))
            {
                findings.Add("duplicate option value", $"{at}/value");
            }
        }
    }

    public static void Confirm(Findings findings, JsonObject parent, string pointer)
    {
        if (parent["confirm"] is not { } node)
        {
            return;
        }

        var at = $"{pointer}/confirm";
        if (node is not JsonObject confirm)
        {
            findings.Add("must provide an object", at);
            return;
        }

        Text(findings, confirm, "title", 100, at, plainOnly: true);
        Text(findings, confirm, "text", 300, at);
        Text(findings, confirm, "confirm", 30, at, plainOnly: true);
        Text(findings, confirm, "deny", 30, at, plainOnly: true);
        findings.OneOf(confirm, "style", at, "primary", "danger");
    }
}
