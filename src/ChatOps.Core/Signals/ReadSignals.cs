using ChatOps.Core.Evidence;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Signals;

/// <summary>The signals of one application around its last change.</summary>
/// <param name="Change">When it was changed last, by us, by hands or by its engine; null when that is not known.</param>
public sealed record SignalsRead(ApplicationRef Application, DateTimeOffset? Change, IReadOnlyList<SignalAnswer> Answers);

/// <summary>Reads what the monitoring says of an application, before and after it was changed last.</summary>
public sealed class ReadSignals(SignalBook book, AskMonitoring ask, Applications applications)
{
    private const int Steps = 120;
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    public async Task<SignalsRead> HandleAsync(ApplicationRef application, IncidentFile? file, DateTimeOffset now, CancellationToken ct)
    {
        var signals = book.Of(application);
        if (signals.Count == 0)
        {
            return new(application, null, []);
        }

        var (_, facts) = await applications.Of(application).InspectAsync(application, ct);
        var change = Overrides(application, file).Append(facts?.LastOperationFinishedAt).Where(moment => moment <= now).Max();
        var from = change is { } then && now - then < Longest ? then - Judgement.CountsAsBefore : now - Shortest;
        from = from < now - Shortest ? from : now - Shortest;
        var step = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((now - from).TotalSeconds / Steps)));
        from = now - step * Steps; // so that the last value asked for is that of now
        var moment = new Looked(now, step, change, book.StaleAfter);
        var answers = await Task.WhenAll(signals.Select(async signal => Judgement.Of(signal, await ask(signal.QueryFor(application), from, now, step, ct), moment)));
        return new(application, change, answers);
    }

    /// <summary>When overrides of ours began and ended, and hands last wrote under one: what the engine's own operations do not tell.</summary>
    private static IEnumerable<DateTimeOffset?> Overrides(ApplicationRef application, IncidentFile? file) =>
        file?.Leases.Where(lease => lease.Target == application).SelectMany(lease => new[] { lease.StartedAt, lease.EndedAt, HandChanges.LastAt(lease.Hands) }) ?? [];
}
