using System.Globalization;
using System.Text.RegularExpressions;

namespace ChatOps.Core.Commands;

/// <summary>Durations as people write and read them.</summary>
public static partial class Durations
{
    /// <summary>Nothing that is asked for may be longer, whatever a rule says.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Reads <c>45m</c>, <c>1h30m</c>, <c>90 minutes</c>, <c>1 hour 30 minutes</c>: larger units first, each once. Whether
    /// the length makes sense is not judged: <c>0m</c> and <c>-5m</c> are read too, so that they can be answered.
    /// </summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (Written().Match(text) is not { Success: true, Length: > 0 } match)
        {
            return false;
        }

        string[] units = ["d", "h", "m", "s"];
        TimeSpan[] lengths = [TimeSpan.FromDays(1), TimeSpan.FromHours(1), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1)];
        var found = false;
        for (var unit = 0; unit < units.Length; unit++)
        {
            if (match.Groups[units[unit]] is { Success: true } number)
            {
                // Seven digits are too long in any unit; more would overflow.
                duration += lengths[unit] * Math.Min(double.Parse(number.ValueSpan, CultureInfo.InvariantCulture), 1_000_000);
                found = true;
            }
        }

        duration = match.Groups["minus"].Success ? -duration : duration;
        return found;
    }

    /// <summary>"45 minutes", "1 hour 30 minutes", "2 days 3 hours": at most two units, rounded down to the smaller.</summary>
    public static string InWords(TimeSpan duration)
    {
        if (duration < TimeSpan.FromMinutes(1))
        {
            return Count((int)Math.Max(0, duration.TotalSeconds), "second");
        }

        var (large, largeUnit, small, smallUnit) = duration switch
        {
            { TotalDays: >= 1 } => ((int)duration.TotalDays, "day", duration.Hours, "hour"),
            { TotalHours: >= 1 } => (duration.Hours, "hour", duration.Minutes, "minute"),
            _ => (duration.Minutes, "minute", duration.TotalMinutes < 5 ? duration.Seconds : 0, "second"),
        };
        return small == 0 ? Count(large, largeUnit) : $"{Count(large, largeUnit)} {Count(small, smallUnit)}";
    }

    /// <summary>"45m", "1h30m": the way to type it. Rounded up to whole minutes.</summary>
    public static string Typed(TimeSpan duration)
    {
        var minutes = (long)Math.Max(1, Math.Ceiling(duration.TotalMinutes));
        return (minutes / 60, minutes % 60) switch
        {
            (0, var rest) => $"{rest}m",
            (var hours, 0) => $"{hours}h",
            var (hours, rest) => $"{hours}h{rest}m",
        };
    }

    private static string Count(int number, string unit) => number == 1 ? $"1 {unit}" : $"{number} {unit}s";

    [GeneratedRegex(
        @"\A\s*(?<minus>[-−])?\s*(?:(?<d>[0-9]+)\s*(?:days?|d))?\s*(?:(?<h>[0-9]+)\s*(?:hours?|hrs?|h))?\s*(?:(?<m>[0-9]+)\s*(?:minutes?|mins?|m))?\s*(?:(?<s>[0-9]+)\s*(?:seconds?|secs?|s))?\s*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Written();
}
