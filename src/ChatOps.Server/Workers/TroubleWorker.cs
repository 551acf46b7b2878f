using System.Runtime.ExceptionServices;
using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Troubles;

namespace ChatOps.Server.Workers;

/// <summary>
/// Looks for trouble at every application whose findings changed since they were last written down: at all of them after a
/// start. It keeps of each application only what was found, since thousands change all day and hardly any gets worse.
/// </summary>
internal sealed class TroubleWorker(IRecords records, LookForTrouble look, TimeProvider time, ILogger<TroubleWorker> logger) : Worker(records, time, logger)
{
    /// <summary>What one thing breaks breaks together, and a phase is written before the condition that goes with it.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan LookForGone = TimeSpan.FromMinutes(1);
    private const int MostAtOnce = 500;

    private readonly Lock gate = new();
    private readonly Dictionary<ApplicationRef, Seen> seen = [];
    private readonly Dictionary<ApplicationRef, DateTimeOffset> due = [];
    private readonly OneByOne gone = new(time, logger);
    private DateTimeOffset? lookedForGone;

    protected override TimeSpan Interval => TimeSpan.FromMilliseconds(500);

    protected override BooksPart WakesFor => BooksPart.None;

    /// <summary>An application changed in its cluster.</summary>
    public void Changed(ApplicationNews news)
    {
        var now = Clock.Now(Time);
        var findings = news.Vitals is { } vitals ? TroubleLook.At(vitals, now) : [];
        lock (gate)
        {
            var before = seen.GetValueOrDefault(news.Application);
            if (before is not null && before.Findings.Select(one => one.Finding).SequenceEqual(findings))
            {
                return;
            }

            seen[news.Application] = new([.. findings.Select(finding => (finding, before?.Findings.FirstOrDefault(one => IsSame(one.Finding, finding)) is { Finding: not null } same ? same.SeenSince : now))], news.Vitals?.Link);
            if (!due.TryGetValue(news.Application, out var at) || at > now + Settling)
            {
                due[news.Application] = now + Settling;
            }
        }
    }

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        var now = Clock.Now(Time);
        ExceptionDispatchInfo? broken = null;
        foreach (var group in Due(now).GroupBy(one => one.Application.Instance))
        {
            var batch = group.ToList();
            try
            {
                IReadOnlyList<(ApplicationRef Application, DateTimeOffset At)> again = [];
                await UnlessStale.DoAsync(async () => again = await look.HandleAsync(group.Key, batch, ct));
                foreach (var (application, at) in again)
                {
                    LookAgain(application, at);
                }

                Forget(batch);
            }
#pragma warning disable CA1031 // What breaks of one engine must not make us forget what is due of the next; it is thrown after the last.
            catch (Exception e)
#pragma warning restore CA1031
            {
                batch.ForEach(one => LookAgain(one.Application, now + Settling));
                broken ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        broken?.Throw();
        await LookForGoneAsync(now, ct);
        return Interval;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await gone.AllAreDoneAsync();
    }

    /// <summary>Not before the first list had its time: until then nothing was seen.</summary>
    private async Task LookForGoneAsync(DateTimeOffset now, CancellationToken ct)
    {
        lookedForGone ??= now;
        if (now - lookedForGone >= LookForGone)
        {
            lookedForGone = now;
            HashSet<ApplicationRef> there;
            lock (gate)
            {
                there = [.. seen.Keys];
            }

            foreach (var engine in (await look.UnseenAsync(there, ct)).GroupBy(one => one.Instance))
            {
                var unseen = engine.ToList();
                gone.Begin(engine.Key, limited => look.HandleUnseenAsync(unseen, limited), ct);
            }
        }
    }

    private List<TroubleSeen> Due(DateTimeOffset now)
    {
        lock (gate)
        {
            var list = due.Where(one => one.Value <= now).OrderBy(one => one.Value).Take(MostAtOnce).Select(one => one.Key).ToList();
            list.ForEach(application => due.Remove(application));
            return [.. list.Select(application => new TroubleSeen(application, seen[application].Findings, seen[application].Link))];
        }
    }

    private void LookAgain(ApplicationRef application, DateTimeOffset at)
    {
        lock (gate)
        {
            due[application] = due.TryGetValue(application, out var before) && before < at ? before : at;
        }
    }

    /// <summary>What is gone and written down.</summary>
    private void Forget(List<TroubleSeen> batch)
    {
        lock (gate)
        {
            foreach (var one in batch.Where(one => one.Findings.Count == 0 && !due.ContainsKey(one.Application) && seen.GetValueOrDefault(one.Application)?.Findings.Count == 0))
            {
                seen.Remove(one.Application);
            }
        }
    }

    /// <summary>Other words for the same thing do not make it begin anew.</summary>
    private static bool IsSame(TroubleFinding one, TroubleFinding other) => one.Kind == other.Kind && one.Verdict == other.Verdict;

    private sealed record Seen(IReadOnlyList<(TroubleFinding Finding, DateTimeOffset SeenSince)> Findings, Uri? Link);
}
