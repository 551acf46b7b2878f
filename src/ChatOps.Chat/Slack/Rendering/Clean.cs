using System.Globalization;
using System.Text;

namespace ChatOps.Chat.Slack.Rendering;

/// <summary>Makes data showable: nothing that hides, reorders or breaks text, and no longer than there is room.</summary>
internal static class Clean
{
    public static string Text(string value)
    {
        var clean = new StringBuilder(value.Length);
        foreach (var rune in value.Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
        {
            if (rune.Value == '\n' || IsShown(rune))
            {
                clean.Append(rune);
            }
            else if (rune.Value is '\t' or '\r' or 0x2028 or 0x2029 or 0x85)
            {
                clean.Append(' ');
            }
        }

        return clean.ToString();
    }

    public static string Line(string value) => Text(value).Replace('\n', ' ');

    /// <summary>At most <paramref name="most"/> UTF-16 units, the last of them an ellipsis when something is missing.</summary>
    public static string Cut(string value, int most)
    {
        if (value.Length <= most)
        {
            return value;
        }

        var end = most - 1;
        return value[..(char.IsHighSurrogate(value[end - 1]) ? end - 1 : end)] + "…";
    }

    /// <summary>Escaped, and cut so that it fits afterwards; never in the middle of an entity.</summary>
    public static string EscapedCut(string value, int most)
    {
        var escaped = new StringBuilder(Math.Min(value.Length, most));
        foreach (var rune in value.EnumerateRunes())
        {
            var piece = Escape(rune.ToString());
            if (escaped.Length + piece.Length > most - 1)
            {
                return Escape(value) is { } whole && whole.Length <= most ? whole : escaped.Append('…').ToString();
            }

            escaped.Append(piece);
        }

        return escaped.ToString();
    }

    /// <summary>Exactly the three that Slack asks for, the ampersand first.</summary>
    public static string Escape(string value) =>
        value.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Controls, bidirectional overrides, joiners and tags (all "format" characters) carry no words.</summary>
    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
