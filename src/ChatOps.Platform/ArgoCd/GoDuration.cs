using System.Globalization;
using System.Text.RegularExpressions;

namespace ChatOps.Platform.ArgoCd;

/// <summary>Durations as Argo CD's own parser takes them: <c>1h30m</c>, <c>1.5h</c>; a day is no unit.</summary>
internal static partial class GoDuration
{
    private const double LongestSeconds = 9_223_372_036; // as nanoseconds in 64 bits: longer ones are errors there, too

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text) || !Whole().IsMatch(text))
        {
            return false;
        }

        var seconds = Parts().Matches(text).Sum(part =>
            double.Parse(part.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) * SecondsOf(part.Groups["unit"].Value));
        if (seconds > LongestSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(text[0] == '-' ? -seconds : seconds);
        return true;
    }

    private static double SecondsOf(string unit) => unit switch
    {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        "ms" => 1e-3,
        "ns" => 1e-9,
        _ => 1e-6,
    };

    [GeneratedRegex(@"^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex(@"(?<number>\d+\.?\d*|\.\d+)(?<unit>ns|us|µs|μs|ms|s|m|h)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Parts();
}
