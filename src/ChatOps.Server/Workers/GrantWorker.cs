using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>
/// Ends access at its moment: sleeps until the next one, takes away all that is due at once, and waits for nothing else.
/// One piece of work for each moment of each incident in each cluster, so that neither a dead cluster nor what is written
/// down and proved of one end holds up another.
/// </summary>
internal sealed partial class GrantWorker(IRecords records, EndGrants end, TendGrants tend, AskRulebook rules, TimeProvider time, ILogger<GrantWorker> logger) : Worker(records, time, logger)
{
    private readonly UnderWay<string> ending = new();
    private readonly UnderWay<Guid> tending = new();

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override BooksPart WakesFor => BooksPart.Grants;

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        var notice = rules.Policy.BreakGlass.NoticeBeforeEnd;
        var unsettled = await Records.UnsettledGrantsAsync(ct);
        var now = Clock.Now(Time);
        foreach (var due in unsettled.GroupBy(grant => (Step: grant.Due(notice, now), grant.Scope.Cluster, grant.Incident, grant.EndsAt)).Where(due => due.Key.Step is GrantStep.TakeBack or GrantStep.Prove))
        {
            ending.TryBegin($"{due.Key.Step} {due.Key.Cluster} {due.Key.Incident} {due.Key.EndsAt.ToUnixTimeSeconds()}", () => GuardedAsync(due.Key.Cluster, () => end.HandleAsync([.. due], ct), ct));
        }

        foreach (var grant in unsettled.Where(grant => grant.Due(notice, now) == GrantStep.Notice))
        {
            tending.TryBegin(grant.Id, () => GuardedAsync(grant.ShortId, () => UnlessStale.DoAsync(() => tend.NoticeAsync(grant, notice, ct)), ct));
        }

        return unsettled.Select(grant => grant.NextDue(notice) - now).Where(wait => wait > TimeSpan.Zero).Append(Interval).Min();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(ending.AllAreDoneAsync(), tending.AllAreDoneAsync());
    }

    private async Task GuardedAsync(string what, Func<Task> step, CancellationToken ct)
    {
        try
        {
            await step();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The books hold where it stands, and the cluster what is left.
        }
#pragma warning disable CA1031 // What breaks is tried again in the next round: an end is never given up.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, what);
        }
    }

    [LoggerMessage(LogLevel.Error, "Ending access on {What} broke; it is tried again")]
    private partial void LogFailed(Exception exception, string what);
}
