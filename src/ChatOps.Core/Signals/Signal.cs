using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Signals;

/// <summary>A question to the monitoring whose answer is one number, and the numbers that mean that users are fine.</summary>
/// <param name="Query">In PromQL; <c>$application</c> and <c>$namespace</c> stand for the application's name and its object's namespace.</param>
/// <param name="Below">Good is this or less.</param>
/// <param name="Above">Good is this or more.</param>
public sealed record Signal(string Name, string Query, string Unit, double? Below, double? Above)
{
    public bool IsGood(double value) => (Below is not { } most || value <= most) && (Above is not { } least || value >= least);

    /// <summary>Names of Kubernetes objects have no character that means anything in PromQL.</summary>
    public string QueryFor(ApplicationRef application) => Query
        .Replace("$application", application.Name, StringComparison.Ordinal)
        .Replace("$namespace", application.Namespace, StringComparison.Ordinal);
}

/// <summary>The signals of the applications that one of these globs fits: the name, or <c>instance/namespace/name</c>.</summary>
public sealed record SignalsOf(IReadOnlyList<string> Applications, IReadOnlyList<Signal> Signals);

/// <summary>Which signals each application has.</summary>
/// <param name="StaleAfter">How old a value may be that the monitoring gives out for one of now.</param>
public sealed record SignalBook(IReadOnlyList<SignalsOf> All, TimeSpan StaleAfter)
{
    public IReadOnlyList<Signal> Of(ApplicationRef application) =>
    [
        .. All.Where(one => Glob.MatchesAny(one.Applications, application.Name) || Glob.MatchesAny(one.Applications, application.ToString()))
            .SelectMany(one => one.Signals).DistinctBy(signal => signal.Name),
    ];
}

/// <summary>One value at one moment.</summary>
public sealed record SignalPoint(DateTimeOffset At, double Value);

/// <summary>What the monitoring answered: values in order of time, or in a sentence why there are none.</summary>
public sealed record SignalSeries(IReadOnlyList<SignalPoint> Points, string? Trouble);

/// <summary>Asks the monitoring for a range of values; what it cannot answer comes back as trouble and never as an exception.</summary>
public delegate Task<SignalSeries> AskMonitoring(string query, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken ct);
