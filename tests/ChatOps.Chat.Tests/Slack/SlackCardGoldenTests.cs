using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Chat.Slack.Rendering;
using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Tests.Slack;

/// <summary>
/// What is posted, letter for letter, in golden/&lt;case&gt;/. Set CHATOPS_GOLDEN=write to write anew, and read the difference.
/// tests/oracles/slack-types checks the same files against Slack's own types.
/// </summary>
public sealed class SlackCardGoldenTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Cases => [.. SampleCards.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_card_renders_as_agreed(string name)
    {
        var rendered = SlackCard.Render(SampleCards.All[name]);

        Compare(name, "message.json", new JsonObject { ["text"] = rendered.Fallback, ["blocks"] = rendered.Blocks });
    }

    [Fact]
    public void A_dialog_renders_as_agreed()
    {
        var dialog = new Dialog("Deny the pause of checkout?", "token-5", "Deny", Text.Of($"{"why":b}, for the record"), [new("reason", "Reason", true, 500) { Hint = "Everybody reads it" }]);

        Compare("dialog", "view.json", SlackDialog.Render(dialog, new(dialog.Token, "C1", "1700000001.000100")));
    }

    [Fact]
    public void Our_own_words_read_back_as_they_were_said()
    {
        var rendered = SlackCard.Render(SampleCards.All["incident"]);
        using var message = JsonDocument.Parse(new JsonObject { ["text"] = rendered.Fallback, ["blocks"] = rendered.Blocks }.ToJsonString());

        var words = ReadBack.PlainText(message.RootElement);

        Assert.Contains("Record head 9f2c_1a at", words, StringComparison.Ordinal);
        Assert.Contains("Operator: @UALICE", words, StringComparison.Ordinal);
    }

    private static void Compare(string name, string file, JsonObject actual, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "golden", name, file);
        var text = actual.ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("CHATOPS_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }
}
