using System.Text;
using System.Text.RegularExpressions;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>What a person typed, out of what Slack and their keyboard made of it.</summary>
internal static partial class SlackText
{
    /// <summary>People as <c>@id</c>, links as they were typed, the bots' own mentions gone, quotes, dashes and spaces plain.</summary>
    public static string ToCommand(string text, IReadOnlySet<string> bots)
    {
        var typed = Sequence().Replace(text, match => Typed(match.Groups["inside"].Value, bots));
        var plain = new StringBuilder(typed.Length);
        foreach (var character in typed)
        {
            if (Plain(character) is { } replaced)
            {
                plain.Append(replaced);
            }
        }

        return Spaces().Replace(Unescape(plain.ToString()), " ").Trim();
    }

    /// <summary>The first mention in the text, when it stands at its very beginning.</summary>
    public static string? LeadingMention(string text) => Leading().Match(text) is { Success: true } match ? match.Groups["user"].Value : null;

    /// <summary>By its id: the name that comes with it is only for showing.</summary>
    public static bool IsDirectMessage(string channel) => channel.StartsWith('D');

    /// <summary>Slack escapes exactly these three.</summary>
    private static string Unescape(string text) =>
        text.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);

    private static string Typed(string sequence, IReadOnlySet<string> bots)
    {
        var (target, label) = sequence.IndexOf('|', StringComparison.Ordinal) is >= 0 and var bar
            ? (sequence[..bar], sequence[(bar + 1)..])
            : (sequence, "");
        return target switch
        {
            ['@', .. var user] => bots.Contains(user) ? " " : $"@{user}",
            ['#', .. var channel] => $"#{channel}",
            _ when target.StartsWith("!subteam^", StringComparison.Ordinal) => $"@{target["!subteam^".Length..]}",
            ['!', .. var special] => label.Length > 0 ? label : $"@{special}",
            // "payments.example.com" typed by a person comes as a link to a page; what they typed is the label.
            _ => label.Length > 0 ? label : target,
        };
    }

    private static string? Plain(char character) => character switch
    {
        '\u2018' or '\u2019' or '\u201A' or '\u201B' or '\u2032' => "'",
        '\u201C' or '\u201D' or '\u201E' or '\u201F' or '\u2033' or '\u00AB' or '\u00BB' => "\"",
        '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2212' => "-",
        // Phones and Macs make one of these of two hyphens.
        '\u2014' or '\u2015' => "--",
        '\u00A0' or '\u202F' or '\u2007' or '\u3000' or '\t' or '\r' or '\n' or (>= '\u2000' and <= '\u200A') => " ",
        '\u2026' => "...",
        '\u200B' or '\u200C' or '\u200D' or '\u200E' or '\u200F' or '\u2060' or '\uFEFF' or '\u00AD' => null,
        (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => null,
        _ when char.IsControl(character) => null,
        _ => character.ToString(),
    };

    [GeneratedRegex("<(?<inside>[^<>]*)>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sequence();

    [GeneratedRegex(@"^\s*<@(?<user>[UW][A-Z0-9]+)(\|[^>]*)?>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Leading();

    [GeneratedRegex(" {2,}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
