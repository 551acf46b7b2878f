namespace ChatOps.Core.Policy;

/// <summary>Patterns of the policy: <c>*</c> is any text, <c>?</c> one character, everything else itself. Case matters.</summary>
internal static class Glob
{
    /// <summary>An empty list matches nothing: a scope that was not written down is no scope, never every scope.</summary>
    public static bool MatchesAny(IReadOnlyCollection<string> patterns, string value) =>
        patterns.Any(pattern => Matches(pattern, value));

    public static bool Matches(string pattern, string value)
    {
        var (p, v) = (0, 0);
        var (afterStar, retryFrom) = (-1, 0);
        while (v < value.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                afterStar = ++p;
                retryFrom = v;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == value[v]))
            {
                p++;
                v++;
            }
            else if (afterStar >= 0)
            {
                p = afterStar;
                v = ++retryFrom;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
