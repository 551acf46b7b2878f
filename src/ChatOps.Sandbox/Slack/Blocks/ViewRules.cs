using System.Text;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Blocks;

/// <summary>Dialogs and Home views.</summary>
internal static class ViewRules
{
    public const int MostBytes = 250 * 1024;
    public const int MostStacked = 3;

    public static bool IsTooLarge(JsonObject view) => Encoding.UTF8.GetByteCount(view.ToJsonString()) > MostBytes;

    public static Findings Check(JsonObject view)
    {
        var findings = new Findings();
        var isModal = (string?)view["type"] == "modal";
        findings.MustHave(view, "type", "/view");
        findings.OneOf(view, "type", "/view", "modal", "home");
        findings.Length(view, "callback_id", 255, "/view");
        findings.Length(view, "private_metadata", 3000, "/view");
        findings.Length(view, "external_id", 255, "/view");
        BlockRules.Blocks(findings, view["blocks"], isModal ? Surface.Modal : Surface.Home, "/view/blocks");
        if (!isModal)
        {
            return findings;
        }

        TextRules.Text(findings, view, "title", 24, "/view", plainOnly: true);
        TextRules.Text(findings, view, "close", 24, "/view", plainOnly: true, required: false);
        TextRules.Text(findings, view, "submit", 24, "/view", plainOnly: true, required: false);
        if (view["submit"] is null && view["blocks"] is JsonArray blocks && blocks.Any(block => (string?)block?["type"] == "input"))
        {
            findings.Add("missing required field: submit", "/view");
        }

        return findings;
    }
}
