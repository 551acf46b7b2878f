using System.Diagnostics;
using System.Text.Json.Nodes;
using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Slack.Rendering;

/// <summary>
/// A card as Block Kit, within its limits: long paragraphs become several blocks, what is too long in all is cut with a
/// note of how much, and every button and the last line are there.
/// </summary>
internal sealed record SlackCard(string Fallback, JsonArray Blocks)
{
    public const int MostBlocks = 50;
    private const int LongestHeader = 150;
    private const int LongestFallback = 3000;
    private const int LongestPictureText = 2000;

    /// <summary>Slack cuts whole messages at 40,000 characters of JSON without a word; this is well below.</summary>
    private const int MostCharacters = 12_000;

    /// <param name="pictures">The files that show its curves; a curve without one is left out, since the words say the same.</param>
    public static SlackCard Render(Card card, IReadOnlyDictionary<Part.Curve, string>? pictures = null)
    {
        card = Led(card);
        var rows = card.Parts.OfType<Part.Buttons>().Where(row => row.Row.Count > 0).ToList();
        // One block for the header, one for the note of what was cut, one for the last line.
        var buttons = ButtonRow.Blocks(rows, MostBlocks / 2);
        var room = MostBlocks - 3 - buttons.Count;
        if (room < 0)
        {
            throw new ChatRefusedException(ChatRefusal.Content, "too_many_buttons", "a card has more buttons than a message of Slack can hold: please report this");
        }

        var isPacked = buttons.Count != rows.Sum(row => (row.Row.Count + 24) / 25);
        var blocks = new BlockBudget(room, MostCharacters);
        var next = 0;
        // What a card ends with names it (the record's head, the plan's hash): it is there however long the rest is.
        var lastLine = card.Parts is [.., Part.Footnote line] ? line : null;
        foreach (var part in card.Parts.SkipLast(lastLine is null ? 0 : 1))
        {
            if (part is Part.Curve curve)
            {
                if (pictures?.GetValueOrDefault(curve) is { } file)
                {
                    blocks.Add(Picture(curve, file), curve.Words.Length);
                }
            }
            else if (part is not Part.Buttons row)
            {
                Add(blocks, part);
            }
            else if (!isPacked)
            {
                for (var i = 0; i < row.Row.Count; i += 25)
                {
                    blocks.AddFree(buttons[next++]);
                }
            }
        }

        blocks.AddNote();
        foreach (var button in buttons.Skip(next))
        {
            blocks.AddFree(button);
        }

        if (lastLine is not null && SmallPrint.Block(lastLine.Text) is { } small)
        {
            blocks.AddFree(small);
        }

        return new(Fall(card), Headed(card, blocks.Blocks));
    }

    private static string Fall(Card card)
    {
        var words = Clean.Line(card.Summary).Trim();
        return words.Length == 0 ? "ChatOps" : Clean.EscapedCut(words, LongestFallback);
    }

    private static JsonArray Headed(Card card, IEnumerable<JsonObject> blocks)
    {
        var title = $"{Mark(card.Tone)}{Clean.Line(card.Title)}".Trim();
        JsonObject[] header = title.Length == 0
            ? []
            : [new() { ["type"] = "header", ["text"] = ButtonRow.PlainText(title, LongestHeader) }];
        var all = header.Concat(blocks).ToList();
        return all.Count == 0
            ? new JsonArray(new JsonObject { ["type"] = "header", ["text"] = ButtonRow.PlainText("ChatOps", LongestHeader) })
            : new JsonArray([.. all]);
    }

    /// <summary>Without a title the mark leads the first line: a heading of nothing but a mark is no heading.</summary>
    private static Card Led(Card card) => card.Title.Length == 0 && card.Parts.Count > 0 && card.Parts[0] is Part.Paragraph first
        ? card with { Tone = Tone.Neutral, Parts = [new Part.Paragraph(Mark(card.Tone) + first.Text), .. card.Parts.Skip(1)] }
        : card;

    private static string Mark(Tone tone) => tone switch
    {
        Tone.Neutral => "",
        Tone.Waiting => "⏳ ",
        Tone.Good => "✅ ",
        Tone.Warning => "⚠️ ",
        Tone.Alarm => "🚨 ",
    };

    private static void Add(BlockBudget blocks, Part part)
    {
        switch (part)
        {
            case Part.Paragraph(var text):
                blocks.AddText(RichText.Elements(text));
                break;
            case Part.Facts(var rows):
                blocks.AddText(rows.SelectMany((row, index) => Fact(row, isFirst: index == 0)));
                break;
            case Part.Verbatim(var value):
                foreach (var chunk in RichText.Chunks(Clean.Text(value), RichText.MostInBlock))
                {
                    blocks.Add(RichText.Preformatted(chunk), chunk.Length);
                }

                break;
            case Part.Divider:
                blocks.Add(new() { ["type"] = "divider" }, 0);
                break;
            case Part.Footnote(var text) when SmallPrint.Block(text) is { } block:
                blocks.Add(block, text.ToString().Length);
                break;
            case Part.Footnote:
                break;
            default:
                throw new UnreachableException(part.GetType().Name);
        }
    }

    private static JsonObject Picture(Part.Curve curve, string file)
    {
        var words = Clean.Line(curve.Words).Trim();
        return new()
        {
            ["type"] = "image",
            ["slack_file"] = new JsonObject { ["id"] = file },
            ["alt_text"] = Clean.Cut(words.Length == 0 ? "a curve" : words, LongestPictureText),
            ["title"] = ButtonRow.PlainText(words.Length == 0 ? "…" : words, LongestPictureText),
        };
    }

    private static IEnumerable<(JsonObject Element, int Length)> Fact(Fact fact, bool isFirst)
    {
        var label = $"{(isFirst ? "" : "\n")}{Clean.Cut(Clean.Line(fact.Label), 200)}: ";
        return [(RichText.Word(label, "bold"), label.Length), .. RichText.Elements(fact.Value)];
    }
}
