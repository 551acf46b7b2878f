using System.Collections.Concurrent;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Records;
using ChatOps.Server.Health;
using ChatOps.Server.Metrics;

namespace ChatOps.Server.Workers;

/// <summary>Posts what is waiting: lanes side by side, one post of a lane at a time.</summary>
internal sealed partial class OutboxWorker(IRecords records, PostOutgoing post, Meters meters, ChatHealth health, TimeProvider time, ILogger<OutboxWorker> logger) : Worker(records, time, logger)
{
    private const int AtOnce = 64;

    private readonly UnderWay<string> busyLanes = new();
    private readonly ConcurrentDictionary<long, int> broke = new();

    protected override TimeSpan Interval => TimeSpan.FromMilliseconds(500);

    protected override BooksPart WakesFor => BooksPart.Posts;

    public override async Task<TimeSpan> RunOnceAsync(CancellationToken ct)
    {
        // Taken before the list: what is being sent now may be out by the time the list is here, and must not go twice.
        var busy = busyLanes.Keys;
        foreach (var queued in await Records.DueAsync(Core.Incidents.Clock.Now(Time), AtOnce + busy.Count, ct))
        {
            if (!busy.Contains(queued.Post.Lane))
            {
                busyLanes.TryBegin(queued.Post.Lane, () => SendAsync(queued, ct));
            }
        }

        return Interval;
    }

    protected override Task SoonerAsync() => busyLanes.EndedAsync();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await busyLanes.AllAreDoneAsync();
    }

    private async Task SendAsync(QueuedPost queued, CancellationToken ct)
    {
        try
        {
            var (outcome, why) = await post.HandleAsync(queued, ct);
            broke.TryRemove(queued.Id, out _);
            meters.Posted(PlatformOf(queued.Post), outcome);
            if (why is ChatRefusedException refused)
            {
                meters.Refused(PlatformOf(queued.Post), refused.Refusal);
                health.Refused(queued.Post, PlatformOf(queued.Post), refused);
            }

            if (why is not null)
            {
                LogNotPosted(why, queued.Id, outcome, queued.Attempts);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stays in the outbox.
        }
#pragma warning disable CA1031 // One post that breaks must not stop the others; it stays in the outbox.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var times = broke.AddOrUpdate(queued.Id, 1, (_, before) => before + 1);
            LogNotPosted(exception, queued.Id, PostOutcome.Later, queued.Attempts + times);
            await BrokeAsync(queued, exception is RecordsUnavailableException ? 1 : times, ct);
        }
    }

    private async Task BrokeAsync(QueuedPost queued, int times, CancellationToken ct)
    {
        try
        {
            if (await post.BrokeAsync(queued, times, ct) == PostOutcome.Dropped)
            {
                broke.TryRemove(queued.Id, out _);
                meters.Posted(PlatformOf(queued.Post), PostOutcome.Dropped);
            }
        }
#pragma warning disable CA1031 // The books do not answer: the post stays where it is, and its lane waits.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotPosted(exception, queued.Id, PostOutcome.Later, queued.Attempts);
            await Task.Delay(Core.Operations.Backoff.After(times), Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ChatPlatform PlatformOf(Outgoing post) => post switch
    {
        Outgoing.Whisper whisper => whisper.To.Platform,
        Outgoing.Ask ask => ask.To.Platform,
        Outgoing.Home home => home.To.Platform,
        Outgoing.Say { Where: Where.InChannel(var channel) } => channel.Platform,
        Outgoing.Say { Where: Where.InThread(var channel, _) } => channel.Platform,
        Outgoing.Say { Where: Where.ToPerson(var account) } => account.Platform,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    [LoggerMessage(LogLevel.Warning, "Post {Post} was not posted: {Outcome}, after {Attempts} earlier attempts")]
    private partial void LogNotPosted(Exception exception, long post, PostOutcome outcome, int attempts);
}
