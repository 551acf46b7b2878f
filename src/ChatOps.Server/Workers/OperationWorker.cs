using ChatOps.Core.Incidents;
using ChatOps.Core.Operations;
using ChatOps.Core.Records;
using ChatOps.Server.Metrics;

namespace ChatOps.Server.Workers;

/// <summary>Runs approved operations, goes on with started ones, and lets requests grow old.</summary>
internal sealed partial class OperationWorker(IRecords records, RunOperation run, TendOperations tend, Meters meters, TimeProvider time, ILogger<OperationWorker> logger) : Worker(records, time, logger)
{
    private readonly UnderWay<Guid> underWay = new();
    private readonly UnderWay<string> tending = new();
    private HashSet<Guid> live = [];

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override BooksPart WakesFor => BooksPart.Operations;

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        var now = Clock.Now(Time);
        var sleep = Interval;
        var operations = await Records.LiveOperationsAsync(ct);
        await CountEndedAsync([.. operations.Select(operation => operation.Id)], ct);
        foreach (var operation in operations)
        {
            if (operation.State is not (OperationState.Approved or OperationState.Running))
            {
                continue;
            }

            if (operation.NextAttemptAt is { } next && next > now)
            {
                sleep = next - now < sleep ? next - now : sleep;
                continue;
            }

            underWay.TryBegin(operation.Id, () => RunAsync(operation.Id, ct));
        }

        // Beside the rest: who is asked next is looked up in chat, and what is approved waits for no chat.
        tending.TryBegin(nameof(tend), () => TendAsync(now, ct));
        return sleep;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(underWay.AllAreDoneAsync(), tending.AllAreDoneAsync());
    }

    private async Task TendAsync(DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            await UnlessStale.DoAsync(() => tend.HandleAsync(now, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The books hold where it stands.
        }
#pragma warning disable CA1031 // Tried again at the next round; running what is approved must not end with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotTended(exception);
        }
    }

    /// <summary>Operations end in many places; each was live in a round before, so that here all are seen.</summary>
    private async Task CountEndedAsync(HashSet<Guid> now, CancellationToken ct)
    {
        foreach (var gone in live.Except(now))
        {
            if (await Records.FindOperationAsync(gone, ct) is { } ended)
            {
                meters.Ended(ended);
            }
        }

        live = now;
    }

    private async Task RunAsync(Guid id, CancellationToken ct)
    {
        try
        {
            await UnlessStale.DoAsync(() => run.HandleAsync(id, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The books hold where it stands.
        }
#pragma warning disable CA1031 // One operation that breaks must not keep the others from running.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, id);
        }
    }

    [LoggerMessage(LogLevel.Error, "Waiting requests could not be minded")]
    private partial void LogNotTended(Exception exception);

    [LoggerMessage(LogLevel.Error, "Operation {Operation} could not be carried on")]
    private partial void LogFailed(Exception exception, Guid operation);
}
