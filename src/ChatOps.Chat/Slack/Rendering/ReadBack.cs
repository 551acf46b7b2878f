using System.Text;
using System.Text.Json;
using ChatOps.Chat.Slack.Receiving;

namespace ChatOps.Chat.Slack.Rendering;

/// <summary>The words of a message of ours, out of the blocks that Slack gives back.</summary>
internal static class ReadBack
{
    public static string PlainText(JsonElement message)
    {
        var words = new StringBuilder();
        foreach (var block in message.At("blocks").Items())
        {
            Append(words, block);
            words.Append('\n');
        }

        return words.ToString().Trim() is { Length: > 0 } text ? text : Unescape(message.At("text").Text() ?? "");
    }

    private static void Append(StringBuilder words, JsonElement node)
    {
        var text = node.At("text");
        if (text.ValueKind == JsonValueKind.Object)
        {
            Append(words, text);
        }
        else if (text.Text() is { } value)
        {
            words.Append(node.At("type").Text() == "mrkdwn" ? Unescape(value).Replace("`", "", StringComparison.Ordinal) : value);
        }
        else
        {
            words.Append(node.At("type").Text() switch
            {
                "user" => $"@{node.At("user_id").Text()}",
                "usergroup" => $"@{node.At("usergroup_id").Text()}",
                "date" => node.At("fallback").Text(),
                _ => null,
            });
        }

        foreach (var element in node.At("elements").Items())
        {
            Append(words, element);
        }
    }

    private static string Unescape(string text) =>
        text.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);
}
