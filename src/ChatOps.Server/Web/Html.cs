using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace ChatOps.Server.Web;

/// <summary>
/// Markup that is safe to send. Only <see cref="Of"/> makes it: what the source code spells out is markup, and every
/// hole is encoded, so nobody's title or reason can become a tag.
/// </summary>
internal readonly record struct Html(string Markup)
{
    public static Html Empty { get; } = new("");

    public static Html Of(HtmlHandler handler) => new(handler.ToString());

    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> render)
    {
        var all = new StringBuilder();
        foreach (var item in items)
        {
            all.Append(render(item).Markup);
        }

        return new(all.ToString());
    }

    public static Html When(bool condition, Func<Html> render) => condition ? render() : Empty;

    public override string ToString() => Markup ?? "";
}

/// <summary>Collects an interpolated string for <see cref="Html.Of"/>; encodes for text and for quoted attributes alike.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlHandler
{
    private readonly StringBuilder markup;

    public HtmlHandler(int literalLength, int formattedCount) => markup = new StringBuilder(literalLength + formattedCount * 16);

    public void AppendLiteral(string value) => markup.Append(value);

    public void AppendFormatted(string? value) => markup.Append(HtmlEncoder.Default.Encode(value ?? ""));

    public void AppendFormatted(Html value) => markup.Append(value.Markup);

    public void AppendFormatted(int value) => markup.Append(value.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(double value) => markup.Append(value.ToString("0.##", CultureInfo.InvariantCulture));

    public override string ToString() => markup.ToString();
}
