using System.Text.Json.Nodes;
using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Slack.Rendering;

/// <summary>Buttons, at most twenty-five to a block and never one less than the card has.</summary>
internal static class ButtonRow
{
    private const int MostInBlock = 25;
    private const int LongestLabel = 75;
    private const int LongestAddress = 3000;

    /// <param name="rows">The card's rows; packed closer together when there would be more blocks than <paramref name="mostBlocks"/>.</param>
    public static IReadOnlyList<JsonObject> Blocks(IReadOnlyList<Part.Buttons> rows, int mostBlocks)
    {
        var blocks = rows.SelectMany(row => row.Row.Chunk(MostInBlock)).ToList();
        if (blocks.Count > mostBlocks)
        {
            blocks = [.. rows.SelectMany(row => row.Row).Chunk(MostInBlock)];
        }

        var number = 0;
        return [.. blocks.Select(block => Block(block.Select(button => Element(button, number++))))];
    }

    private static JsonObject Block(IEnumerable<JsonObject> elements) => new() { ["type"] = "actions", ["elements"] = new JsonArray([.. elements]) };

    private static JsonObject Element(Button button, int number)
    {
        var label = Clean.Line(button.Label).Trim();
        var element = new JsonObject
        {
            ["type"] = "button",
            ["action_id"] = $"{(button.Link is null ? "press" : "open")}/{number}",
            ["text"] = PlainText(label.Length == 0 ? "…" : label, LongestLabel),
        };
        if (button.Link is { } link)
        {
            if (link.IsAbsoluteUri && link.AbsoluteUri.Length <= LongestAddress)
            {
                element["url"] = link.AbsoluteUri;
            }
        }
        else
        {
            element["value"] = button.Token;
        }

        if (button.Style != ButtonStyle.Plain)
        {
            element["style"] = button.Style == ButtonStyle.Danger ? "danger" : "primary";
        }

        if (button.Confirm is { } confirm)
        {
            element["confirm"] = Confirm(button, label, confirm);
        }

        return element;
    }

    private static JsonObject Confirm(Button button, string label, string question)
    {
        var words = Clean.Text(question).Trim();
        var confirm = new JsonObject
        {
            ["title"] = PlainText(label.Length == 0 ? "Sure?" : $"{Clean.Cut(label, 90)}?", 100),
            ["text"] = PlainText(words.Length == 0 ? "Sure?" : words, 300),
            ["confirm"] = PlainText(label.Length == 0 ? "Yes" : label, 30),
            ["deny"] = PlainText("Not now", 30),
        };
        if (button.Style == ButtonStyle.Danger)
        {
            confirm["style"] = "danger";
        }

        return confirm;
    }

    internal static JsonObject PlainText(string text, int most) => new() { ["type"] = "plain_text", ["text"] = Clean.Cut(text, most), ["emoji"] = false };
}
