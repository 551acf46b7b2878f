namespace ChatOps.Core.Signals;

public enum Verdict
{
    Good,
    Bad,

    /// <summary>Nothing that was measured since the last change tells; never taken for good.</summary>
    Unknown,
}

/// <summary>What one signal says now, and what it said before the last change.</summary>
/// <param name="Now">The newest value; null when there is none that is of now.</param>
/// <param name="Before">The average before the change; null when that is not known.</param>
/// <param name="Why">Why it cannot be judged; null unless the verdict is unknown.</param>
public sealed record SignalAnswer(Signal Signal, Verdict Verdict, double? Now, double? Before, string? Why, IReadOnlyList<SignalPoint> Points);

/// <summary>When and how closely the monitoring was looked at.</summary>
/// <param name="Step">From one value to the next.</param>
/// <param name="Change">The last change of the application; null when none is known.</param>
/// <param name="StaleAfter">How long before its moment a value may have been measured.</param>
public sealed record Looked(DateTimeOffset Now, TimeSpan Step, DateTimeOffset? Change, TimeSpan StaleAfter)
{
    /// <summary>From here on no value was measured before the change.</summary>
    public DateTimeOffset CountsFrom => Change is { } change ? change + StaleAfter : DateTimeOffset.MinValue;
}

/// <summary>From measured values to a verdict. Pure.</summary>
public static class Judgement
{
    private const int FewestSteps = 4;
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(1);

    public static TimeSpan CountsAsBefore { get; } = TimeSpan.FromMinutes(10);

    public static SignalAnswer Of(Signal signal, SignalSeries series, Looked looked)
    {
        var points = series.Points.Where(point => double.IsFinite(point.Value)).ToList();
        var before = looked.Change is { } change ? points.Where(point => point.At < change && point.At >= change - CountsAsBefore).ToList() : [];
        double? was = before.Count == 0 ? null : before.Average(point => point.Value);
        if (series.Trouble is { } trouble)
        {
            return Unknown(null, trouble);
        }

        if (points.Count == 0)
        {
            return Unknown(null, "no data: the query finds nothing in this time");
        }

        var newest = points[^1];
        if (looked.Now - newest.At >= looked.Step)
        {
            return Unknown(null, FormattableString.Invariant($"stale: nothing was measured after {newest.At.UtcDateTime:HH:mm:ss} UTC, when it was {SignalLines.Number(newest.Value, signal)}"));
        }

        if (newest.At < looked.CountsFrom)
        {
            return Unknown(newest.Value, FormattableString.Invariant($"too early: until {looked.CountsFrom.UtcDateTime:HH:mm:ss} UTC this may have been measured before the change"));
        }

        // One good value proves little: all of the last minute count, or the last few where they are further apart.
        var since = newest.At - Longer(Lately, looked.Step * FewestSteps);
        var counted = points.Where(point => point.At > since && point.At >= looked.CountsFrom);
        return new(signal, counted.All(point => signal.IsGood(point.Value)) ? Verdict.Good : Verdict.Bad, newest.Value, was, null, points);

        SignalAnswer Unknown(double? now, string why) => new(signal, Verdict.Unknown, now, was, why, points);
    }

    /// <summary>"Validated" takes a good answer to every question, and at least one question.</summary>
    public static bool Validates(IReadOnlyCollection<SignalAnswer> answers) => answers.Count > 0 && answers.All(answer => answer.Verdict == Verdict.Good);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
