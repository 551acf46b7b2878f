namespace ChatOps.Core.Commands;

/// <summary>"Did you mean": the known word that a mistyped one is closest to.</summary>
public static class Suggestion
{
    /// <summary>Null when nothing is close: one mistake in short words, two from six letters on; swapped neighbours are one.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var typed = word.ToLowerInvariant();
        if (typed.Length is < 2 or > 32)
        {
            return null;
        }

        var most = typed.Length < 6 ? 1 : 2;
        return known
            .Select(candidate => (Word: candidate, Distance: Distance(typed, candidate)))
            .Where(candidate => candidate.Distance <= most && candidate.Distance < candidate.Word.Length)
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Word)
            .FirstOrDefault();
    }

    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                rows[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
