using System.Collections.Concurrent;
using ChatOps.Core.Conversation;
using ChatOps.Core.Deliveries;
using ChatOps.Core.Records;
using ChatOps.Server.Metrics;

namespace ChatOps.Server.Workers;

/// <summary>
/// Handles what people said, oldest first, each once; several people at a time, but what one person says in one place in
/// the order in which it was said: a pause that follows a declaration must find the incident.
/// </summary>
internal sealed partial class InboxWorker(IRecords records, HandleDelivery handle, Meters meters, TimeProvider time, ILogger<InboxWorker> logger) : Worker(records, time, logger)
{
    private const int AtATime = 8;
    private const int MostTries = 5;

    /// <summary>How far it looks past what has to wait for its turn.</summary>
    private const int LooksAhead = 32;
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

        var taken = begun.ToHashSet();
        foreach (var delivery in await Records.WaitingAsync(LooksAhead + begun.Count, ct))
        {
            if (underWay.Count == AtATime)
            {
                break;
            }

            // A later one of the same turn waits even when the first has ended meanwhile: it may have to be tried again.
            var turn = TurnOf(delivery);
            if (taken.Add(turn))
            {
                underWay.TryBegin(turn, () => HandleAsync(delivery, ct));
            }
        }

        return Interval;
    }

    /// <summary>A press or an answer belongs to a message that is there already, and does not wait for a slow command.</summary>
    private static string TurnOf(Delivery delivery) => delivery.Said is Said.Command
        ? $"{delivery.From.Platform}/{delivery.From.Tenant}/{delivery.From.UserId}/{delivery.Place.Channel.Id}"
        : delivery.Key;

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
