using System.Text.Json.Nodes;
using ChatOps.Chat.Slack.Receiving;
using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Slack.Rendering;

/// <summary>A dialog as a modal view. Each question is one block, named by its key.</summary>
internal static class SlackDialog
{
    private const int LongestTitle = 24;
    private const int MostQuestions = 20;
    private const int MostCharacters = 3000;

    public static JsonObject Render(Dialog dialog, DialogOrigin origin)
    {
        var blocks = new JsonArray();
        if (RichText.Elements(dialog.Intro).TakeWhileWithin(RichText.MostInBlock).ToList() is { Count: > 0 } intro)
        {
            blocks.Add(RichText.Block(intro));
        }

        foreach (var question in dialog.Questions.Take(MostQuestions))
        {
            blocks.Add(Input(question));
        }

        return new JsonObject
        {
            ["type"] = "modal",
            ["callback_id"] = "ask",
            ["private_metadata"] = origin.ToMetadata(),
            ["title"] = Label(dialog.Title, LongestTitle, "ChatOps"),
            ["submit"] = Label(dialog.Submit, LongestTitle, "OK"),
            ["close"] = Label("Cancel", LongestTitle, "Cancel"),
            ["blocks"] = blocks,
        };
    }

    private static JsonObject Input(Question question)
    {
        var input = new JsonObject
        {
            ["type"] = "input",
            ["block_id"] = question.Key,
            ["label"] = Label(question.Label, 2000, question.Key),
            ["element"] = new JsonObject
            {
                ["type"] = "plain_text_input",
                ["action_id"] = "value",
                ["multiline"] = question.Multiline,
                ["max_length"] = Math.Clamp(question.MostCharacters, 1, MostCharacters),
            },
        };
        if (question.Hint is { } hint && Clean.Line(hint).Trim().Length > 0)
        {
            input["hint"] = Label(hint, 2000, "");
        }

        return input;
    }

    private static JsonObject Label(string text, int most, string otherwise)
    {
        var words = Clean.Line(text).Trim();
        return ButtonRow.PlainText(words.Length == 0 ? otherwise : words, most);
    }

    private static IEnumerable<JsonObject> TakeWhileWithin(this IEnumerable<(JsonObject Element, int Length)> elements, int most)
    {
        var length = 0;
        foreach (var (element, size) in elements)
        {
            length += size;
            if (length > most)
            {
                yield return RichText.Word("…");
                yield break;
            }

            yield return element;
        }
    }
}
