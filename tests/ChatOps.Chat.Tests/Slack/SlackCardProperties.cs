using System.Globalization;
using System.Text;
using ChatOps.Chat.Slack.Rendering;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using CsCheck;

namespace ChatOps.Chat.Tests.Slack;

public sealed class SlackCardProperties
{
    private static readonly string[] Nasty = ["<!channel>", "<@U1>", "`", "*", "_", "&", "&amp;", "<", ">", "\n>", "\u202e", "\u200b", "\ud800", "😀", ":tada:", "|", " ", "\0", "word "];

    private static readonly Gen<string> Data = Gen.Frequency(
        (9, Gen.OneOf(One(Nasty), Gen.String[0, 20]).Array[0, 8].Select(string.Concat)),
        (1, One(Nasty).Array[200, 1500].Select(string.Concat)));

    private static readonly Gen<Run> AnyRun = Gen.OneOf(
        Data.Select(Run (value) => new Run.Plain(value)),
        Data.Select(Run (value) => new Run.Bold(value)),
        Data.Select(Run (value) => new Run.Code(value)),
        Data.Select(Run (value) => new Run.Mention(new(ChatPlatform.Slack, "T1", value))),
        Gen.Const<Run>(new Run.Mention(new(ChatPlatform.Slack, "T1", "U1"))),
        Data.Select(Run (value) => new Run.GroupMention(value)),
        Data.Select(Run (value) => new Run.Link(new Uri("https://x.example/?q=<a>|" + Uri.EscapeDataString(Clean(value))), value)),
        Gen.Long[0, 4_000_000_000].Select(Run (seconds) => new Run.Moment(DateTimeOffset.FromUnixTimeSeconds(seconds))),
        Gen.Const<Run>(new Run.LineBreak()));

    private static readonly Gen<Text> AnyText = AnyRun.Array[0, 6].Select(runs => new Text(runs));

    private static readonly Gen<Button> AnyButton = Gen.Select(Data, One(Enum.GetValues<ButtonStyle>()), Data, Gen.Bool)
        .Select((label, style, confirm, asks) => new Button(label, "t", style) { Confirm = asks ? confirm : null });

    private static readonly Gen<Part> AnyPart = Gen.OneOf(
        AnyText.Select(Part (text) => new Part.Paragraph(text)),
        Gen.Select(Data, AnyText).Select((label, text) => new Fact(label, text)).Array[0, 12].Select(Part (rows) => new Part.Facts(rows)),
        Data.Select(Part (value) => new Part.Verbatim(value)),
        Gen.Const<Part>(new Part.Divider()),
        AnyText.Select(Part (text) => new Part.Footnote(text)),
        AnyButton.Array[0, 40].Select(Part (row) => new Part.Buttons(row)));

    private static readonly Gen<Card> AnyCard = Gen.Select(Data, One(Enum.GetValues<Tone>()), AnyPart.Array[0, 60], Data)
        .Select((title, tone, parts, summary) => new Card(title, tone, Numbered(parts)) { Summary = summary });

    [Fact]
    public void Any_card_is_within_the_limits_has_all_its_buttons_and_lets_no_data_become_markup() => AnyCard.Sample(
        card =>
        {
            var rendered = SlackCard.Render(card);

            BlockLimits.Check(rendered.Blocks);
            Assert.InRange(rendered.Fallback.Length, 1, 3000);
            Assert.DoesNotContain(rendered.Fallback, character => character is '<' or '>');
            Assert.Equal(Tokens(card), BlockLimits.ButtonValues(rendered.Blocks));
            var json = rendered.Blocks.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            Assert.DoesNotContain(json.EnumerateRunes(), rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control);
        },
        iter: 150);

    [Fact]
    public void The_last_line_is_there_however_long_the_card_is()
    {
        // 60 overrides with reasons: the record's head must still be readable, or audit verify would call the record changed.
        IEnumerable<Part> parts = Enumerable.Range(0, 60).Select(number => new Part.Paragraph(Text.Of($"app-{number}: paused until noon: {new string('x', 400)}")));
        var card = new Card("Incident 7", Tone.Alarm, [.. parts, new Part.Footnote("record of 300 entries, head 0123456789ab")]);

        var blocks = SlackCard.Render(card).Blocks;

        BlockLimits.Check(blocks);
        Assert.Contains("0123456789ab", blocks[^1]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("more characters do not fit", blocks[^2]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static Gen<T> One<T>(T[] of) => Gen.Int[0, of.Length - 1].Select(index => of[index]);

    private static Part[] Numbered(Part[] parts)
    {
        var next = 0;
        return [.. parts.Select(part => part is Part.Buttons(var row) ? new Part.Buttons([.. row.Select(button => button with { Token = $"t{next++}" })]) : part)];
    }

    private static IEnumerable<string> Tokens(Card card) => card.Parts.OfType<Part.Buttons>().SelectMany(row => row.Row).Select(button => button.Token);

    private static string Clean(string value) => string.Concat(value.EnumerateRunes().Where(rune => rune.Value != 0xFFFD).Take(50));
}
