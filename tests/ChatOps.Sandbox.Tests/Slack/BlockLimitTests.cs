using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Blocks;

namespace ChatOps.Sandbox.Tests.Slack;

/// <summary>The table of reference/slack-and-teams.md section 1.8: what just fits is taken, one more is not.</summary>
public sealed class BlockLimitTests
{
    public static TheoryData<string, int, Func<int, JsonArray>> Limits => new()
    {
        { "blocks of a message", 50, n => Many(n, _ => Divider()) },
        { "section text", 3000, n => [new JsonObject { ["type"] = "section", ["text"] = Mrkdwn(n) }] },
        { "section fields", 10, n => [new JsonObject { ["type"] = "section", ["fields"] = Many(n, _ => Mrkdwn(1)) }] },
        { "a field's text", 2000, n => [new JsonObject { ["type"] = "section", ["fields"] = new JsonArray(Mrkdwn(n)) }] },
        { "header", 150, n => [new JsonObject { ["type"] = "header", ["text"] = Plain(n) }] },
        { "context elements", 10, n => [new JsonObject { ["type"] = "context", ["elements"] = Many(n, _ => Mrkdwn(1)) }] },
        { "actions", 25, n => [Actions(Many(n, i => Button(1, $"a{i}")))] },
        { "button text", 75, n => [Actions([Button(n, "a")])] },
        { "action_id", 255, n => [Actions([Button(1, new string('a', n))])] },
        { "block_id", 255, n => [new JsonObject { ["type"] = "divider", ["block_id"] = new string('b', n) }] },
        { "button value", 2000, n => [Actions([With(Button(1, "a"), "value", new string('v', n))])] },
        { "button url", 3000, n => [Actions([With(Button(1, "a"), "url", new string('u', n))])] },
        { "accessibility label", 75, n => [Actions([With(Button(1, "a"), "accessibility_label", new string('l', n))])] },
        { "select options", 100, n => [Actions([Menu("static_select", n)])] },
        { "overflow options", 5, n => [Actions([Menu("overflow", n)])] },
        { "checkboxes", 10, n => [Actions([Menu("checkboxes", n)])] },
        { "confirm title", 100, n => [Actions([With(Button(1, "a"), "confirm", Confirm(n, 1, 1))])] },
        { "confirm text", 300, n => [Actions([With(Button(1, "a"), "confirm", Confirm(1, n, 1))])] },
        { "confirm button", 30, n => [Actions([With(Button(1, "a"), "confirm", Confirm(1, 1, n))])] },
        { "markdown", 12_000, n => [new JsonObject { ["type"] = "markdown", ["text"] = new string('m', n) }] },
        { "input label", 2000, n => [new JsonObject { ["type"] = "input", ["label"] = Plain(n), ["element"] = new JsonObject { ["type"] = "plain_text_input", ["action_id"] = "a" } }] },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void What_just_fits_is_taken_and_one_more_is_refused(string what, int most, Func<int, JsonArray> blocks)
    {
        Assert.Empty(Check(blocks(most)));
        Assert.True(Check(blocks(most + 1)).Count > 0, $"{what}: {most + 1} went through");
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "two blocks of one id", """[{"type":"divider","block_id":"x"},{"type":"divider","block_id":"x"}]""" },
        { "a header in mrkdwn", """[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]""" },
        { "an empty text", """[{"type":"section","text":{"type":"mrkdwn","text":""}}]""" },
        { "a section of nothing", """[{"type":"section"}]""" },
        { "no elements", """[{"type":"actions","elements":[]}]""" },
        { "an unknown block", """[{"type":"paragraph"}]""" },
        { "an unknown style", """[{"type":"actions","elements":[{"type":"button","action_id":"a","style":"warning","text":{"type":"plain_text","text":"x"}}]}]""" },
        { "one action_id twice", """[{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"x"}},{"type":"button","action_id":"a","text":{"type":"plain_text","text":"y"}}]}]""" },
        { "an input among buttons", """[{"type":"actions","elements":[{"type":"plain_text_input","action_id":"a"}]}]""" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_is_malformed_is_refused_with_a_pointer_to_it(string what, string blocks)
    {
        var found = Check((JsonArray)JsonNode.Parse(blocks)!);

        Assert.True(found.Count > 0, $"{what} went through");
        Assert.All(found, message => Assert.Contains("[json-pointer:/blocks", message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("title", 24)]
    [InlineData("submit", 24)]
    [InlineData("close", 24)]
    public void A_dialogs_own_words_are_short(string part, int most)
    {
        Assert.Empty(ViewRules.Check(View(part, Plain(most))).Messages);
        Assert.NotEmpty(ViewRules.Check(View(part, Plain(most + 1))).Messages);
    }

    [Theory]
    [InlineData("callback_id", 255)]
    [InlineData("private_metadata", 3000)]
    public void What_a_dialog_carries_is_bounded(string part, int most)
    {
        Assert.Empty(ViewRules.Check(View(part, new string('x', most))).Messages);
        Assert.NotEmpty(ViewRules.Check(View(part, new string('x', most + 1))).Messages);
    }

    private static List<string> Check(JsonArray blocks)
    {
        var findings = new Findings();
        BlockRules.Blocks(findings, blocks, Surface.Message);
        return findings.Messages;
    }

    private static JsonObject View(string part, JsonNode? value)
    {
        var view = new JsonObject { ["type"] = "modal", ["title"] = Plain(1), ["blocks"] = new JsonArray(Divider()) };
        view[part] = value;
        return view;
    }

    private static JsonArray Many(int count, Func<int, JsonNode> item) => [.. Enumerable.Range(0, count).Select(item)];

    private static JsonObject Divider() => new() { ["type"] = "divider" };

    private static JsonObject Plain(int length) => new() { ["type"] = "plain_text", ["text"] = new string('t', length) };

    private static JsonObject Mrkdwn(int length) => new() { ["type"] = "mrkdwn", ["text"] = new string('t', length) };

    private static JsonObject Actions(JsonArray elements) => new() { ["type"] = "actions", ["elements"] = elements };

    private static JsonObject Button(int length, string id) => new() { ["type"] = "button", ["action_id"] = id, ["text"] = Plain(length) };

    private static JsonObject Menu(string type, int options) => new()
    {
        ["type"] = type,
        ["action_id"] = "a",
        ["options"] = Many(options, i => new JsonObject { ["text"] = Plain(1), ["value"] = $"v{i}" }),
    };

    private static JsonObject Confirm(int title, int text, int button) => new() { ["title"] = Plain(title), ["text"] = Mrkdwn(text), ["confirm"] = Plain(button), ["deny"] = Plain(1) };

    private static JsonObject With(JsonObject json, string name, JsonNode? value)
    {
        json[name] = value;
        return json;
    }
}
