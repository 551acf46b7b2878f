using ChatOps.Core.Evidence;
using ChatOps.Core.Incidents;
using ChatOps.Core.Policy;
using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>
/// Says what access was used for, hints that it is not, and sums it up after its end. Beside <see cref="GrantWorker"/> and never
/// in its way.
/// </summary>
internal sealed partial class UseWorker(IRecords records, TellUse tell, GuessUse guess, SumUpUse sumUp, IdleHint hint, AskRulebook rules, TimeProvider time, ILogger<UseWorker> logger) : Worker(records, time, logger)
{
    /// <summary>A look after an end asks the cluster, which has the ends themselves to do.</summary>
    private const int AtOnce = 8;

    private readonly UnderWay<Guid> underWay = new();

    /// <summary>Each round reads what is known of every open grant, beside the worker that ends them.</summary>
    protected override TimeSpan Interval => TimeSpan.FromSeconds(3);

    protected override BooksPart WakesFor => BooksPart.None;

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        var uses = await Records.LiveUsesAsync(ct);
        var grants = (await Records.UnsettledGrantsAsync(ct)).ToDictionary(grant => grant.Id);
        if (grants.Values.Where(grant => grant.IsLive).ExceptBy(uses.Select(use => use.Grant), grant => grant.Id).ToList() is { Count: > 0 } unknown)
        {
            Begin(Guid.Empty, () => tell.BeginAsync(unknown, ct), ct);
        }

        var glass = rules.Policy.BreakGlass;
        foreach (var use in uses.Where(use => !use.IsWaiting(Clock.Now(Time))).TakeWhile(_ => underWay.Count < AtOnce))
        {
            if ((grants.GetValueOrDefault(use.Grant) ?? await Records.FindGrantAsync(use.Grant, ct)) is { } grant && use.Due(grant, glass.IdleHintAfter, glass.NoticeBeforeEnd, Clock.Now(Time)) is { } step)
            {
                Begin(use.Grant, () => Step(step, use.Grant, ct), ct);
            }
        }

        return Interval;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await underWay.AllAreDoneAsync();
    }

    private Task Step(UseStep step, Guid grant, CancellationToken ct) => step switch
    {
        UseStep.Tell => tell.HandleAsync(grant, ct),
        UseStep.Look => guess.HandleAsync(grant, ct),
        UseStep.Hint => hint.HandleAsync(grant, ct),
        UseStep.SumUp => sumUp.HandleAsync(grant, ct),
        UseStep.Settle => tell.SettleAsync(grant, ct),
    };

    private void Begin(Guid grant, Func<Task> step, CancellationToken ct) => underWay.TryBegin(grant, () => GuardedAsync(grant, step, ct));

    private async Task GuardedAsync(Guid grant, Func<Task> step, CancellationToken ct)
    {
        try
        {
            await UnlessStale.DoAsync(step);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The books hold where it stands.
        }
#pragma warning disable CA1031 // What breaks for one grant is tried again in the next round, and keeps no other from being told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, grant);
        }
    }

    [LoggerMessage(LogLevel.Error, "What was done with grant {Grant} could not be told; it is tried again")]
    private partial void LogFailed(Exception exception, Guid grant);
}
