using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Blocks;

namespace ChatOps.Sandbox.Slack.Api;

/// <summary>What an app wants to say, checked as Slack checks it, however it arrives (Web API, answer to a command, response_url).</summary>
internal sealed record Posting(string Text, JsonArray? Blocks, JsonArray? Attachments)
{
    public const int LongestText = 40_000;
    private const int MostAttachments = 100;

    public static Posting From(ApiArguments arguments)
    {
        var blocks = arguments.Json<JsonArray>("blocks", "invalid_blocks_format");
        var attachments = arguments.Json<JsonArray>("attachments", "invalid_attachments");
        var text = arguments.Text("text") ?? "";
        if (text.Length == 0 && blocks is null or { Count: 0 } && attachments is null or { Count: 0 })
        {
            throw new SlackRefusal("no_text");
        }

        Check(blocks, attachments);
        return new Posting(text.Length > LongestText ? text[..LongestText] : text, blocks, attachments);
    }

    public static void Check(JsonArray? blocks, JsonArray? attachments)
    {
        if (attachments is { Count: > MostAttachments })
        {
            throw new SlackRefusal("too_many_attachments");
        }

        var findings = new Findings();
        if (blocks is not null)
        {
            BlockRules.Blocks(findings, blocks, Surface.Message);
        }

        for (var i = 0; i < (attachments?.Count ?? 0); i++)
        {
            if (attachments![i]?["blocks"] is { } inner)
            {
                BlockRules.Blocks(findings, inner, Surface.Message, $"/attachments/{i}/blocks");
            }
        }

        if (findings.Messages.Count > 0)
        {
            throw new SlackRefusal("invalid_blocks", findings.Messages);
        }
    }

    public IEnumerable<string> Complaints() =>
        ControlSequences.MrkdwnIn(Blocks).Concat(ControlSequences.MrkdwnIn(Attachments)).Append(Text).SelectMany(ControlSequences.Complaints);

    /// <summary>Slack gives every block and element without an id one of its own.</summary>
    public static JsonArray? WithIds(JsonArray? blocks, Func<string> nextId)
    {
        foreach (var block in (blocks ?? []).OfType<JsonObject>())
        {
            block["block_id"] ??= nextId();
            foreach (var element in Elements(block))
            {
                element["action_id"] ??= nextId();
            }
        }

        return blocks;
    }

    private static IEnumerable<JsonObject> Elements(JsonObject block) => (string?)block["type"] switch
    {
        "actions" => (block["elements"] as JsonArray ?? []).OfType<JsonObject>(),
        "input" => block["element"] is JsonObject element ? [element] : [],
        "section" => block["accessory"] is JsonObject accessory && (string?)accessory["type"] != "image" ? [accessory] : [],
        _ => [],
    };
}
