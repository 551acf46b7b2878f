using ChatOps.Core;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Signals;

namespace ChatOps.Server.Examinations;

/// <summary>Whether the monitoring answers, and each query with one number, as <c>signals</c> and <c>mitigated</c> will ask.</summary>
internal sealed class SignalsExamination(string prometheusUrl, SignalBook book, AskMonitoring ask, TimeProvider time)
{
    private const string Reach = "Correct Signals:PrometheusUrl (and Signals:Token), and let the network policy allow the way there.";

    /// <summary>Where a query asks about an application by name: whether it is understood shows with any.</summary>
    private static readonly ApplicationRef Nobody = new("doctor", "doctor", "doctor");

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        if (prometheusUrl.Length == 0)
        {
            return
            [
                book.All.Count == 0
                    ? Finding.Good("No monitoring is configured (Signals): `signals` says so, and nothing else needs it")
                    : Finding.Problem("Signals:Applications has queries, and there is nobody to ask", "Set Signals:PrometheusUrl."),
            ];
        }

        if ((await AskAsync("vector(1)", ct)).Trouble is { } silent)
        {
            return [Finding.Problem($"{prometheusUrl}: {silent}", Reach)];
        }

        var findings = new List<Finding> { Finding.Good($"{prometheusUrl} answers") };
        foreach (var signal in book.All.SelectMany(one => one.Signals).DistinctBy(signal => signal.Query))
        {
            findings.Add(await AskAsync(signal.QueryFor(Nobody), ct) switch
            {
                { Trouble: { } trouble } => Finding.Problem($"Signal {signal.Name}: {trouble}", $"Try the query in Prometheus and correct it in Signals:Applications: {signal.Query}"),
                { Points.Count: 0 } when signal.Query.Contains('$', StringComparison.Ordinal) => Finding.Good($"Signal {signal.Name} is understood"),
                { Points.Count: 0 } => Finding.Unseen($"Signal {signal.Name} has no value now", $"Try the query in Prometheus: a metric that was renamed looks the same as one that is rare. {signal.Query}"),
                _ => Finding.Good($"Signal {signal.Name} has a value"),
            });
        }

        return findings;
    }

    private Task<SignalSeries> AskAsync(string query, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return ask(query, now - TimeSpan.FromMinutes(5), now, TimeSpan.FromMinutes(1), ct);
    }
}
