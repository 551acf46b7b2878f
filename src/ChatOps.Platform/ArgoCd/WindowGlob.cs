using System.Text;
using System.Text.RegularExpressions;

namespace ChatOps.Platform.ArgoCd;

/// <summary>Patterns as Argo CD's windows take them: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a]</c>, <c>{a,b}</c>.</summary>
internal static class WindowGlob
{
    public static bool Matches(string pattern, string value) => Matches(pattern, value, ".*", ".");

    /// <summary>The same for paths: <c>*</c> and <c>?</c> stop at a slash, <c>**</c> does not.</summary>
    public static bool MatchesPath(string pattern, string value) => Matches(pattern, value, "[^/]*", "[^/]");

    /// <summary>In linear time: whoever writes a project writes the pattern.</summary>
    private static bool Matches(string pattern, string value, string star, string one)
    {
        try
        {
            return Regex.IsMatch(value, Translate(pattern, star, one), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return pattern == value;
        }
    }

    private static string Translate(string pattern, string star, string one)
    {
        var regex = new StringBuilder("^");
        var inClass = false;
        var depth = 0;
        for (var at = 0; at < pattern.Length; at++)
        {
            var character = pattern[at];
            if (!inClass && character == '*' && at + 1 < pattern.Length && pattern[at + 1] == '*')
            {
                regex.Append(".*");
                at++;
                continue;
            }

            regex.Append((character, inClass, depth) switch
            {
                (']', true, _) => "]",
                ('!', true, _) => "^",
                (_, true, _) => character.ToString(),
                ('*', _, _) => star,
                ('?', _, _) => one,
                ('[', _, _) => "[",
                ('{', _, _) => "(?:",
                ('}', _, > 0) => ")",
                (',', _, > 0) => "|",
                _ => Regex.Escape(character.ToString()),
            });
            inClass = character == '[' || (inClass && character != ']');
            depth += inClass ? 0 : character switch { '{' => 1, '}' when depth > 0 => -1, _ => 0 };
        }

        return regex.Append('$').ToString();
    }
}
