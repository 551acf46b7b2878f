using System.Globalization;
using System.Text.Json.Nodes;

namespace ChatOps.Chat.Slack.Rendering;

/// <summary>Blocks and characters that are left; counts what it had to leave out.</summary>
internal sealed class BlockBudget(int mostBlocks, int mostCharacters)
{
    private int blocksLeft = mostBlocks;
    private int charactersLeft = mostCharacters;
    private readonly List<JsonObject> blocks = [];
    private int cut;

    public IEnumerable<JsonObject> Blocks => blocks;

    public void AddFree(JsonObject block) => blocks.Add(block);

    public void Add(JsonObject block, int length)
    {
        if (blocksLeft == 0 || length > charactersLeft)
        {
            cut += length;
            return;
        }

        blocksLeft--;
        charactersLeft -= length;
        blocks.Add(block);
    }

    public void AddText(IEnumerable<(JsonObject Element, int Length)> elements)
    {
        var waiting = new List<JsonObject>();
        var length = 0;
        foreach (var (element, size) in elements)
        {
            if (waiting.Count > 0 && length + size > RichText.MostInBlock)
            {
                Add(RichText.Block(waiting), length);
                (waiting, length) = ([], 0);
            }

            waiting.Add(element);
            length += size;
        }

        if (waiting.Count > 0)
        {
            Add(RichText.Block(waiting), length);
        }
    }

    public void AddNote()
    {
        if (cut > 0)
        {
            var note = $"… {cut.ToString("N0", CultureInfo.InvariantCulture)} more characters do not fit here; the whole is in the record.";
            blocks.Add(new() { ["type"] = "context", ["elements"] = new JsonArray(ButtonRow.PlainText(note, 300)) });
        }
    }
}
