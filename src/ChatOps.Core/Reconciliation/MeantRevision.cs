namespace ChatOps.Core.Reconciliation;

/// <summary>
/// Which of the revisions that are known somebody means. A version is meant whole, since what it begins with may be another
/// version; of a commit its first digits will do, from as many on as people copy. Pure.
/// </summary>
public static class MeantRevision
{
    /// <summary>As git abbreviates. Of fewer digits chance finds a commit that nobody meant.</summary>
    public const int FewestDigits = 7;

    public static IReadOnlyList<string> Among(IEnumerable<string> known, string asked)
    {
        var all = known.Distinct(StringComparer.Ordinal).ToList();
        return all.Contains(asked, StringComparer.Ordinal) ? [asked]
            : asked.Length >= FewestDigits && asked.All(char.IsAsciiHexDigit) ? [.. all.Where(one => Commits.IsWhole(one) && one.StartsWith(asked, StringComparison.OrdinalIgnoreCase))]
            : [];
    }
}
