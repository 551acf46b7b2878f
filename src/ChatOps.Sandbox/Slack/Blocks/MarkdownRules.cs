using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Blocks;

/// <summary>Markdown blocks share one budget per message.</summary>
internal static class MarkdownRules
{
    private const int Budget = 12_000;

    public static void Cumulative(Findings findings, JsonArray blocks, string pointer)
    {
        var length = blocks.OfType<JsonObject>()
            .Where(block => (string?)block["type"] == "markdown")
            .Sum(block => Findings.IsText(block["text"], out var text) ? text.Length : 0);
        if (length > Budget)
        {
            findings.Add($"markdown blocks must be less than {Budget + 1} characters together", pointer);
        }
    }
}
