using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Blocks;

/// <summary>Where blocks are shown decides how many there may be and which kinds.</summary>
internal enum Surface
{
    Message,
    Modal,
    Home,
}

/// <summary>The limits of Block Kit; a block that real Slack would refuse is refused here.</summary>
internal static class BlockRules
{
    private static readonly string[] Unchecked = ["rich_text", "file", "video", "table", "card", "carousel", "container", "context_actions"];

    public static void Blocks(Findings findings, JsonNode? node, Surface surface, string pointer = "/blocks")
    {
        if (node is not JsonArray blocks)
        {
            findings.Add("must provide an array", pointer);
            return;
        }

        var most = surface == Surface.Message ? 50 : 100;
        if (blocks.Count > most)
        {
            findings.Add($"no more than {most} items allowed", pointer);
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < blocks.Count; i++)
        {
            var at = $"{pointer}/{i}";
            if (blocks[i] is not JsonObject block)
            {
                findings.Add("must provide an object", at);
                continue;
            }

            findings.Length(block, "block_id", 255, at);
            if (Findings.IsText(block["block_id"], out var id) && id.Length > 0 && !ids.Add(id))
            {
                findings.Add("`block_id` must be unique", $"{at}/block_id");
            }

            Block(findings, block, surface, at);
        }

        MarkdownRules.Cumulative(findings, blocks, pointer);
    }

    private static void Block(Findings findings, JsonObject block, Surface surface, string at)
    {
        var type = (string?)block["type"];
        switch (type)
        {
            case "section":
                Section(findings, block, at);
                break;
            case "header":
                TextRules.Text(findings, block, "text", 150, at, plainOnly: true);
                break;
            case "divider":
                break;
            case "context":
                Context(findings, block, at);
                break;
            case "actions":
                Elements(findings, block, 25, ElementRules.Pressable, at);
                break;
            case "image":
                Image(findings, block, at);
                break;
            case "input":
                Input(findings, block, at);
                break;
            case "markdown":
                if (surface != Surface.Message)
                {
                    findings.Add("unsupported type: markdown", $"{at}/type");
                }

                findings.MustHave(block, "text", at);
                break;
            case null:
                findings.MustHave(block, "type", at);
                break;
            default:
                if (!Unchecked.Contains(type))
                {
                    findings.Add($"unsupported type: {type}", $"{at}/type");
                }

                break;
        }
    }

    private static void Section(Findings findings, JsonObject block, string at)
    {
        if (block["text"] is null && block["fields"] is null)
        {
            findings.Add("must define either `text` or `fields`", at);
        }

        TextRules.Text(findings, block, "text", 3000, at, required: false);
        if (block["fields"] is not null)
        {
            var fields = findings.Items(block, "fields", 10, at);
            for (var i = 0; i < fields.Count; i++)
            {
                TextRules.Text(findings, new JsonObject { ["field"] = fields[i]?.DeepClone() }, "field", 2000, $"{at}/fields/{i}");
            }
        }

        if (block["accessory"] is JsonObject accessory)
        {
            Allowed(findings, accessory, [.. ElementRules.Pressable, "image", "workflow_button"], $"{at}/accessory");
            ElementRules.Element(findings, accessory, $"{at}/accessory", []);
        }
    }

    private static void Context(Findings findings, JsonObject block, string at)
    {
        var elements = findings.Items(block, "elements", 10, at);
        for (var i = 0; i < elements.Count; i++)
        {
            if (elements[i] is not JsonObject element)
            {
                findings.Add("must provide an object", $"{at}/elements/{i}");
            }
            else if ((string?)element["type"] == "image")
            {
                Image(findings, element, $"{at}/elements/{i}");
            }
            else
            {
                TextRules.Text(findings, new JsonObject { ["element"] = element.DeepClone() }, "element", 3000, $"{at}/elements/{i}");
            }
        }
    }

    private static void Elements(Findings findings, JsonObject block, int most, string[] allowed, string at)
    {
        var actionIds = new HashSet<string>(StringComparer.Ordinal);
        var elements = findings.Items(block, "elements", most, at);
        for (var i = 0; i < elements.Count; i++)
        {
            if (elements[i] is JsonObject element)
            {
                Allowed(findings, element, allowed, $"{at}/elements/{i}");
                ElementRules.Element(findings, element, $"{at}/elements/{i}", actionIds);
            }
        }
    }

    private static void Image(Findings findings, JsonObject block, string at)
    {
        findings.MustHave(block, "alt_text", at);
        findings.Length(block, "alt_text", 2000, at);
        findings.Length(block, "image_url", 3000, at);
        TextRules.Text(findings, block, "title", 2000, at, plainOnly: true, required: false);
        if (block["image_url"] is null && block["slack_file"] is null)
        {
            findings.Add("missing required field: image_url", at);
        }
    }

    private static void Input(Findings findings, JsonObject block, string at)
    {
        TextRules.Text(findings, block, "label", 2000, at, plainOnly: true);
        TextRules.Text(findings, block, "hint", 2000, at, plainOnly: true, required: false);
        if (block["element"] is not JsonObject element)
        {
            findings.MustHave(block, "element", at);
            return;
        }

        Allowed(findings, element, ElementRules.Writable, $"{at}/element");
        ElementRules.Element(findings, element, $"{at}/element", []);
    }

    private static void Allowed(Findings findings, JsonObject element, string[] allowed, string at) =>
        findings.OneOf(element, "type", at, allowed);
}
