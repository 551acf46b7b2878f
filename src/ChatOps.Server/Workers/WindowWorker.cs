using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>Looks at the projects of every engine for windows that somebody else added: there are few, and nothing on an application tells of them.</summary>
internal sealed class WindowWorker(IRecords records, LookAtWindows look, IEnumerable<IReconciler> engines, TimeProvider time, ILogger<WindowWorker> logger) : Worker(records, time, logger)
{
    private readonly OneByOne looks = new(time, logger);

    protected override TimeSpan Interval => TimeSpan.FromSeconds(20);

    protected override BooksPart WakesFor => BooksPart.None;

    public override Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        foreach (var engine in engines)
        {
            looks.Begin(engine.Instance, limited => look.HandleAsync(engine, limited), ct);
        }

        return Task.FromResult(Interval);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await looks.AllAreDoneAsync();
    }
}
