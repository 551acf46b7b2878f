using System.Text.RegularExpressions;

namespace ChatOps.Server.Tests.Web;

/// <summary>Patterns in a page; a page that makes one slow fails instead of hanging.</summary>
internal static class Markup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static bool Has(string page, string pattern) => Count(page, pattern) > 0;

    public static int Count(string page, string pattern) => All(page, pattern).Count;

    public static MatchCollection All(string page, string pattern) =>
        Regex.Matches(page, pattern, RegexOptions.IgnoreCase | RegexOptions.NonBacktracking, Patience);

    public static string WithoutQuotedValues(string page) => Regex.Replace(page, "\"[^\"]*\"", "\"\"", RegexOptions.NonBacktracking, Patience);
}
