using System.Globalization;
using System.Text;

namespace ChatOps.Platform.Kubernetes;

/// <summary>
/// JSON as an API server writes it. The <c>test</c> of a patch compares texts as they are written and not what they say, so
/// one that is escaped in another way is another text to it.
/// </summary>
internal static class ServerTexts
{
    private const int Digits = 4;

    /// <summary>Takes back what is escaped in <paramref name="json"/> beyond that; <c>\b</c> and <c>\f</c> are written either way by one or another server.</summary>
    public static string Written(string json)
    {
        if (!json.Contains(@"\u", StringComparison.Ordinal))
        {
            return json;
        }

        var written = new StringBuilder(json.Length);
        for (var at = 0; at < json.Length; at++)
        {
            if (json[at] != '\\')
            {
                written.Append(json[at]);
            }
            else if (json[++at] != 'u')
            {
                written.Append('\\').Append(json[at]);
            }
            else
            {
                Append(written, (char)ushort.Parse(json.AsSpan(at + 1, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                at += Digits;
            }
        }

        return written.ToString();
    }

    private static void Append(StringBuilder written, char character) => _ = character switch
    {
        '"' or '\\' => written.Append('\\').Append(character),
        < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => written.Append(CultureInfo.InvariantCulture, $@"\u{(int)character:x4}"),
        _ => written.Append(character),
    };
}
