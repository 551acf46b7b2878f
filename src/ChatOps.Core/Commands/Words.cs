using System.Text;

namespace ChatOps.Core.Commands;

/// <summary>One word as written, or several in quotes; <paramref name="Start"/> and <paramref name="End"/> are where it stood.</summary>
internal readonly record struct Word(string Text, bool Quoted, int Start, int End)
{
    /// <summary>For comparing with words of ours; empty when it was quoted, because then it is data.</summary>
    public string Key => Quoted ? "" : Text.ToLowerInvariant();
}

/// <summary>Takes what somebody typed apart, with the quotes that phones and word processors make.</summary>
internal static class Words
{
    private const string Doubles = "\"“”„‟«»";
    private const string Singles = "'‘’";

    /// <summary>Control and invisible characters become blanks, broken surrogates a sign: what is left can be stored and shown.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // An emoji may need its joiner, and a note its lines; nothing needs a character that hides or reverses others.
            var blank = rune.Value is not (0x200D or '\n') && Rune.GetUnicodeCategory(rune)
                is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format;
            clean.Append(blank ? " " : rune.ToString());
        }

        return clean.ToString();
    }

    public static IReadOnlyList<Word> Of(string text)
    {
        var words = new List<Word>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (QuoteEnd(text, at) is { } close)
            {
                words.Add(new(text[(at + 1)..close].Trim(), Quoted: true, at, close + 1));
                at = close + 1;
            }
            else
            {
                var start = at;
                while (at < text.Length && !char.IsWhiteSpace(text[at]))
                {
                    at++;
                }

                if (text[start..at].TrimEnd(',', ';', '.', ':') is { Length: > 0 } word)
                {
                    words.Add(new(word, Quoted: false, start, at));
                }
            }
        }

        return words;
    }

    /// <summary>The words between, as they were written; quotes around all of them fall.</summary>
    public static string Between(string text, Word first, Word last) =>
        first == last && first.Quoted ? first.Text : Unquoted(text[first.Start..last.End].Trim());

    private static string Unquoted(string text) =>
        text.Length > 1 && QuoteEnd(text, 0) == text.Length - 1 ? text[1..^1].Trim() : text;

    /// <summary>Where the quote that opens here closes; null when none does, so that <c>it's</c> and a lone quote stay text.</summary>
    private static int? QuoteEnd(string text, int open)
    {
        var family = text[open] == '`' ? "`" : Doubles.Contains(text[open]) ? Doubles : Singles.Contains(text[open]) ? Singles : null;
        if (family is null)
        {
            return null;
        }

        for (var close = open + 1; close < text.Length; close++)
        {
            if (family.Contains(text[close]) && (close + 1 == text.Length || char.IsWhiteSpace(text[close + 1]) || text[close + 1] is ',' or ';' or '.'))
            {
                return close;
            }
        }

        return null;
    }
}
