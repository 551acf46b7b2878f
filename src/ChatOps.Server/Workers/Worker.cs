using ChatOps.Core.Records;

namespace ChatOps.Server.Workers;

/// <summary>
/// A loop that looks at the books, does what is due, and sleeps until something is stored or some time has passed. It
/// remembers nothing that matters: after a crash the books say again what is due.
/// </summary>
internal abstract partial class Worker(IRecords records, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    /// <summary>Longest sleep while nothing is stored.</summary>
    protected abstract TimeSpan Interval { get; }

    /// <summary>What must be looked at as soon as it is stored.</summary>
    protected virtual BooksPart WakesFor => BooksPart.Any;

    /// <summary>Last time a round ended well; null before the first. For health.</summary>
    public DateTimeOffset? LastRound { get; private set; }

    /// <summary>Last time a round began, however the one before ended.</summary>
    public DateTimeOffset? LastTurn { get; private set; }

    protected IRecords Records { get; } = records;

    protected TimeProvider Time { get; } = time;

    /// <summary>One round. Returns how long it may sleep at most.</summary>
    public abstract Task<TimeSpan> RunOnceAsync(CancellationToken ct);

    /// <summary>What else ends the sleep; taken before a round, as the change of the books is.</summary>
    protected virtual Task SoonerAsync() => Never;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            LastTurn = Time.GetUtcNow();
            var changed = Records.ChangedAsync(WakesFor);
            var sooner = SoonerAsync();
            var sleep = Interval;
            try
            {
                sleep = await RunOnceAsync(stoppingToken);
                LastRound = Time.GetUtcNow();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A worker that dies takes a promise with it: it says what happened and goes on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogRoundFailed(exception, GetType().Name);
                sleep = TimeSpan.FromSeconds(1);
                changed = sooner = Never;
            }

            await Task.WhenAny(changed, sooner, Task.Delay(sleep, Time, stoppingToken));
        }
    }

    [LoggerMessage(LogLevel.Error, "A round of {Worker} failed; it goes on")]
    private partial void LogRoundFailed(Exception exception, string worker);
}
