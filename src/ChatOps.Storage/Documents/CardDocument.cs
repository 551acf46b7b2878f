using System.Diagnostics;
using System.Text.Json.Serialization;
using ChatOps.Core.Conversation;

namespace ChatOps.Storage.Documents;

internal sealed record CardDocument(string Title, Tone Tone, string Summary, IReadOnlyList<PartDocument> Parts)
{
    public static CardDocument Of(Card card) => new(card.Title, card.Tone, card.Summary, [.. card.Parts.Select(PartDocument.Of)]);

    public Card ToCard() => new(Title, Tone, [.. Parts.Select(part => part.ToPart())]) { Summary = Summary };
}

internal sealed record FactDocument(string Label, IReadOnlyList<RunDocument> Value);

internal sealed record ButtonDocument(string Label, string Token, ButtonStyle Style, string? Link, string? Confirm)
{
    public static ButtonDocument Of(Button button) => new(button.Label, button.Token, button.Style, button.Link?.OriginalString, button.Confirm);

    public Button ToButton() => new(Label, Token, Style)
    {
        Link = Link is null ? null : new Uri(Link, UriKind.RelativeOrAbsolute),
        Confirm = Confirm,
    };
}

internal sealed record CurvePointDocument(DateTimeOffset At, double Value);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "part")]
[JsonDerivedType(typeof(Paragraph), "paragraph")]
[JsonDerivedType(typeof(Facts), "facts")]
[JsonDerivedType(typeof(Verbatim), "verbatim")]
[JsonDerivedType(typeof(Divider), "divider")]
[JsonDerivedType(typeof(Footnote), "footnote")]
[JsonDerivedType(typeof(Buttons), "buttons")]
[JsonDerivedType(typeof(Curve), "curve")]
internal abstract record PartDocument
{
    public static PartDocument Of(Part part) => part switch
    {
        Part.Paragraph(var text) => new Paragraph(RunDocument.Of(text)),
        Part.Facts(var rows) => new Facts([.. rows.Select(fact => new FactDocument(fact.Label, RunDocument.Of(fact.Value)))]),
        Part.Verbatim(var value) => new Verbatim(value),
        Part.Divider => new Divider(),
        Part.Footnote(var text) => new Footnote(RunDocument.Of(text)),
        Part.Buttons(var row) => new Buttons([.. row.Select(ButtonDocument.Of)]),
        Part.Curve(var words, var points, var below, var above, var mark) => new Curve(words, [.. points.Select(point => new CurvePointDocument(point.At, point.Value))], below, above, mark),
        _ => throw new UnreachableException(),
    };

    public abstract Part ToPart();

    internal sealed record Paragraph(IReadOnlyList<RunDocument> Text) : PartDocument
    {
        public override Part ToPart() => new Part.Paragraph(RunDocument.ToText(Text));
    }

    internal sealed record Facts(IReadOnlyList<FactDocument> Rows) : PartDocument
    {
        public override Part ToPart() => new Part.Facts([.. Rows.Select(row => new Fact(row.Label, RunDocument.ToText(row.Value)))]);
    }

    internal sealed record Verbatim(string Value) : PartDocument
    {
        public override Part ToPart() => new Part.Verbatim(Value);
    }

    internal sealed record Divider : PartDocument
    {
        public override Part ToPart() => new Part.Divider();
    }

    internal sealed record Footnote(IReadOnlyList<RunDocument> Text) : PartDocument
    {
        public override Part ToPart() => new Part.Footnote(RunDocument.ToText(Text));
    }

    internal sealed record Buttons(IReadOnlyList<ButtonDocument> Row) : PartDocument
    {
        public override Part ToPart() => new Part.Buttons([.. Row.Select(button => button.ToButton())]);
    }

    internal sealed record Curve(string Words, IReadOnlyList<CurvePointDocument> Points, double? Below, double? Above, DateTimeOffset? Mark) : PartDocument
    {
        public override Part ToPart() => new Part.Curve(Words, [.. Points.Select(point => new CurvePoint(point.At, point.Value))], Below, Above, Mark);
    }
}
