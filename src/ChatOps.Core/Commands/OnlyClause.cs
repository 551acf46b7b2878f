using System.Text.RegularExpressions;

namespace ChatOps.Core.Commands;

/// <summary>What follows <c>only</c> in a pause: <c>kind/name</c>, or one field of it as <c>kind/name:/pointer</c>, one or several.</summary>
internal static partial class OnlyClause
{
    /// <returns>What was named, and the first word after it.</returns>
    public static (IReadOnlyList<string> Named, int Next) Read(IReadOnlyList<Word> words, int at)
    {
        var named = new List<string>();
        for (; at < words.Count && Resources().IsMatch(words[at].Text); at++)
        {
            named.AddRange(words[at].Text.Split(',', StringSplitOptions.RemoveEmptyEntries));
        }

        return (named, at);
    }

    private const string One = @"[a-z][a-z0-9.]*/[a-z0-9]([a-z0-9._-]|:[a-z0-9._-])*(:(/[a-z0-9._~-]+)+)?";

    [GeneratedRegex($@"\A{One}(,({One})?)*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Resources();
}
