using System.Text;

namespace ChatOps.Platform.Access;

/// <summary>
/// One line of Argo CD's policy language, read as Argo CD reads it: comma-separated, quoted with quotation marks. A line that
/// it cannot read takes every grant of its project away, for everybody.
/// </summary>
internal static class PolicyLine
{
    /// <summary>Whether Argo CD can load it: a rule of six columns, a membership of three, a comment or nothing.</summary>
    public static bool Loads(string text) => text.Split('\n').Select(line => line.Trim()).All(line =>
        line.Length == 0 || line[0] == '#' || Columns(line) is ["p", _, _, _, _, _] or ["g", _, _]);

    /// <summary>Null when it is no line of columns.</summary>
    public static IReadOnlyList<string>? Columns(string line)
    {
        var columns = new List<string>();
        var at = 0;
        while (true)
        {
            while (at < line.Length && line[at] is ' ' or '\t')
            {
                at++;
            }

            if ((at < line.Length && line[at] == '"' ? Quoted(line, ref at) : Plain(line, ref at)) is not { } column)
            {
                return null;
            }

            columns.Add(column);
            if (at == line.Length)
            {
                return columns;
            }

            at++; // the comma
        }
    }

    private static string? Plain(string line, ref int at)
    {
        var end = line.IndexOf(',', at) is >= 0 and var comma ? comma : line.Length;
        var column = line[at..end];
        at = end;
        return column.Contains('"', StringComparison.Ordinal) ? null : column;
    }

    private static string? Quoted(string line, ref int at)
    {
        var column = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"')
            {
                column.Append(line[at]);
            }
            else if (at + 1 < line.Length && line[at + 1] == '"')
            {
                column.Append('"');
                at++;
            }
            else
            {
                at++;
                return at == line.Length || line[at] == ',' ? column.ToString() : null;
            }
        }

        return null; // never closed
    }
}
