using ChatOps.Core;
using ChatOps.Core.Signals;

namespace ChatOps.Platform.Signals;

/// <summary>Section <c>Signals</c>: where the monitoring is, and what it is asked about each application.</summary>
public sealed class SignalsOptions
{
    /// <summary>Prometheus, or what speaks its HTTP API. Empty: nothing is asked, and that is said.</summary>
    public string PrometheusUrl { get; init; } = "";

    /// <summary>Presented as a bearer token where one is needed.</summary>
    public string Token { get; init; } = "";

    /// <summary>
    /// How old a value may be that is given out for one of now. Prometheus does so for five minutes; less is true only where
    /// every query reads through a range that is no longer, <c>last_over_time(x[1m])</c> for a plain <c>x</c>.
    /// </summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What is asked about an application: the queries of every entry that fits it, the first of each name.</summary>
    public List<ApplicationSignalsOptions> Applications { get; init; } = [];

    public SignalBook ToBook() => new([.. Applications.Select(one => new SignalsOf(one.Applications, [.. one.Queries.Select(query => query.ToSignal())]))], StaleAfter);

    /// <summary>Everything that is wrong, at once.</summary>
    public IEnumerable<Finding> Faults()
    {
        if (PrometheusUrl.Length > 0 && !(Uri.TryCreate(PrometheusUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            yield return Finding.Problem($"Signals:PrometheusUrl {PrometheusUrl} is not an address", "Write it as you open it in a browser, without /graph: http://prometheus.monitoring:9090.");
        }

        if (StaleAfter <= TimeSpan.Zero)
        {
            yield return Finding.Problem("Signals:StaleAfter is not longer than nothing", "Leave it out (5 minutes, as Prometheus), or set it longer than the scrape interval.");
        }

        foreach (var (at, one) in Applications.Index())
        {
            if (one.Applications.Count == 0)
            {
                yield return Finding.Problem($"Signals:Applications:{at}:Applications is empty, so that no application has these signals", "Name applications, or \"*\" for all.");
            }

            foreach (var (number, query) in one.Queries.Index())
            {
                if (query.Name.Length == 0 || query.Query.Length == 0 || (query.Below is null && query.Above is null))
                {
                    yield return Finding.Problem($"Signals:Applications:{at}:Queries:{number} ({query.Name}) is not complete", "Give it Name, Query, and Below or Above: the threshold that means good.");
                }
            }
        }
    }
}

/// <summary>Queries of some applications, by glob.</summary>
public sealed class ApplicationSignalsOptions
{
    /// <summary>Globs over the name, or over <c>instance/namespace/name</c>.</summary>
    public List<string> Applications { get; init; } = [];

    /// <summary>Each is one line of the answer.</summary>
    public List<SignalOptions> Queries { get; init; } = [];
}

/// <summary>One query whose answer is one number.</summary>
public sealed class SignalOptions
{
    /// <summary>How people see it.</summary>
    public string Name { get; init; } = "";

    /// <summary>PromQL with one number as its answer; <c>$application</c> and <c>$namespace</c> (that of its Application) are filled in.</summary>
    public string Query { get; init; } = "";

    /// <summary>Shown behind the number.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Good while the number is lower.</summary>
    public double? Below { get; init; }

    /// <summary>Good while the number is higher.</summary>
    public double? Above { get; init; }

    public Signal ToSignal() => new(Name, Query, Unit, Below, Above);
}
