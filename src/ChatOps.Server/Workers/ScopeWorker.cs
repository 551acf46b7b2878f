using ChatOps.Core.Incidents;
using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>Follows what the engines do with the applications of open incidents.</summary>
internal sealed class ScopeWorker(IRecords records, FollowScope follow, TimeProvider time, ILogger<ScopeWorker> logger) : Worker(records, time, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(10);

    protected override BooksPart WakesFor => BooksPart.None;

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        await UnlessStale.DoAsync(() => follow.HandleAsync(ct));
        return Interval;
    }
}
