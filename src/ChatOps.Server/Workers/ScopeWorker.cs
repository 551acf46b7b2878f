using ChatOps.Core.Incidents;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>Follows what the engines do with the applications of open incidents.</summary>
internal sealed class ScopeWorker(IRecords records, FollowScope follow, IEnumerable<IApplicationView> views, TimeProvider time, ILogger<ScopeWorker> logger) : Worker(records, time, logger)
{
    private readonly OneByOne looks = new(time, logger);

    protected override TimeSpan Interval => TimeSpan.FromSeconds(10);

    protected override BooksPart WakesFor => BooksPart.None;

    public override Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        foreach (var view in views)
        {
            looks.Begin(view.Instance, limited => follow.HandleAsync(view, limited), ct);
        }

        return Task.FromResult(Interval);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await looks.AllAreDoneAsync();
    }
}
