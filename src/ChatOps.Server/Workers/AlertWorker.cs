using ChatOps.Core.Alerts;
using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>Says in threads and channels what alerts do, as soon as one is stored or an incident takes its application in.</summary>
internal sealed class AlertWorker(IRecords records, TellAlerts tell, TimeProvider time, ILogger<AlertWorker> logger) : Worker(records, time, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(10);

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        await UnlessStale.DoAsync(() => tell.HandleAsync(ct));
        return Interval;
    }
}
