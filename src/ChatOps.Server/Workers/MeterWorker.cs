using ChatOps.Chat.Slack;
using ChatOps.Chat.Slack.Sockets;
using ChatOps.Core.Alerts;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Records;
using ChatOps.Server.Metrics;

namespace ChatOps.Server.Workers;

/// <summary>Keeps the gauges true: what waits, and which overrides are there with their age, and what access is past its end.</summary>
internal sealed class MeterWorker(IRecords records, Meters meters, IServiceProvider services, TimeProvider time, ILogger<MeterWorker> logger) : Worker(records, time, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(5);

    protected override BooksPart WakesFor => BooksPart.Operations | BooksPart.Leases;

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        var now = Clock.Now(Time);
        meters.Waiting(await Records.BacklogAsync(now, ct));
        meters.Live([.. (await Records.UnsettledLeasesAsync(ct)).Where(lease => lease.IsUnsettled)], now);
        meters.Grants(await Records.UnsettledGrantsAsync(ct), now);
        var firing = (await Records.AlertsAsync(onlyLive: true, ct)).Where(alert => alert.State == AlertState.Firing).ToLookup(alert => alert.Source);
        meters.Outside([.. firing[AlertSource.Outside]], now);
        meters.Windows([.. firing[AlertSource.Window]], now);
        meters.Troubles([.. firing[AlertSource.Application]]);
        if (services.GetService<SlackOptions>() is { OverSocket: true })
        {
            meters.Connections(ChatPlatform.Slack, services.GetRequiredService<SlackSocketHealth>().Now.Connections);
        }

        return Interval;
    }
}
