using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>Looks at the projects of every engine for windows that somebody else added: there are few, and nothing on an application tells of them.</summary>
internal sealed class WindowWorker(IRecords records, LookAtWindows look, IEnumerable<IReconciler> engines, TimeProvider time, ILogger<WindowWorker> logger) : Worker(records, time, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(20);

    protected override BooksPart WakesFor => BooksPart.None;

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        // One that does not answer must not keep the others from being looked at.
        await Task.WhenAll(engines.Select(engine => UnlessStale.DoAsync(() => look.HandleAsync(engine, ct))));
        return Interval;
    }
}
