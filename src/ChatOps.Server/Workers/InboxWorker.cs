using System.Collections.Concurrent;
using ChatOps.Core.Conversation;
using ChatOps.Core.Deliveries;
using ChatOps.Core.Records;
using ChatOps.Server.Metrics;

namespace ChatOps.Server.Workers;

/// <summary>Handles what people said, oldest first, several at a time, each once.</summary>
internal sealed partial class InboxWorker(IRecords records, HandleDelivery handle, Meters meters, TimeProvider time, ILogger<InboxWorker> logger) : Worker(records, time, logger)
{
    private const int AtATime = 8;
    private const int MostTries = 5;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly UnderWay<string> underWay = new();
    private readonly ConcurrentDictionary<string, int> tries = new();

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override BooksPart WakesFor => BooksPart.Deliveries;

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        // Taken before the list: what is under way now may be done by the time the list is here, and must not begin again.
        var begun = underWay.Keys;
        if (begun.Count == AtATime)
        {
            return Interval;
        }

        foreach (var delivery in await Records.WaitingAsync(AtATime + begun.Count, ct))
        {
            if (underWay.Count < AtATime && !begun.Contains(delivery.Key))
            {
                underWay.TryBegin(delivery.Key, () => HandleAsync(delivery, ct));
            }
        }

        return Interval;
    }

    /// <summary>A place is free again.</summary>
    protected override Task SoonerAsync() => underWay.EndedAsync();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await underWay.AllAreDoneAsync();
    }

    private async Task HandleAsync(Delivery delivery, CancellationToken ct)
    {
        try
        {
            var refusal = await handle.HandleAsync(delivery, ct);
            meters.Delivered(delivery.From.Platform, delivery.Said, refusal is null ? DeliveryOutcome.Done : DeliveryOutcome.Refused);
            if (refusal is not null)
            {
                meters.Refused(refusal);
            }

            tries.TryRemove(delivery.Key, out _);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Not lost: it is stored, and handled after the next start.
        }
#pragma warning disable CA1031 // The edge of every use case: what broke becomes an answer that somebody sees.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await FailedAsync(delivery, exception, ct);
        }
    }

    private async Task FailedAsync(Delivery delivery, Exception exception, CancellationToken ct)
    {
        var tried = tries.AddOrUpdate(delivery.Key, 1, (_, count) => count + 1);
        LogFailed(exception, delivery.Key, tried);
        if (tried < MostTries || exception is RecordsUnavailableException)
        {
            var pause = TimeSpan.FromMilliseconds(200 * tried);
            await Task.Delay(pause < LongestPause ? pause : LongestPause, Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        try
        {
            await handle.GiveUpAsync(delivery, delivery.Key, ct);
            meters.Delivered(delivery.From.Platform, delivery.Said, DeliveryOutcome.Failed);
            tries.TryRemove(delivery.Key, out _);
        }
#pragma warning disable CA1031 // Giving up needs the books; while they do not answer the delivery stays.
        catch (Exception second)
#pragma warning restore CA1031
        {
            LogFailed(second, delivery.Key, tried);
        }
    }

    [LoggerMessage(LogLevel.Error, "Delivery {Key} failed, try {Tries}")]
    private partial void LogFailed(Exception exception, string key, int tries);
}
