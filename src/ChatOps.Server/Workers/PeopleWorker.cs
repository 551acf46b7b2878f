using ChatOps.Server.Configuration;
using ChatOps.Server.Metrics;

namespace ChatOps.Server.Workers;

/// <summary>
/// Looks at the mapping file every few seconds. It is not watched: what is mounted into a pod is swapped as a whole
/// directory, and notices of that are lost on many file systems.
/// </summary>
internal sealed partial class PeopleWorker(PeopleFile file, Meters meters, TimeProvider time, ILogger<PeopleWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public void RunOnce() => Tell(file.Look());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (file.IsSet)
        {
            Tell(isNew: true); // it was read for the first time when the program was put together
        }

        while (file.IsSet && !stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                RunOnce();
            }
#pragma warning disable CA1031 // Whatever a file can do to its reader: those who counted before still count, and the next look tries again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                meters.PeopleFile(false);
                LogBroke(exception);
            }
        }
    }

    private void Tell(bool isNew)
    {
        if (isNew)
        {
            foreach (var fault in file.Faults)
            {
                LogNotRight(fault.What, file.Counting, fault.Fix);
            }

            if (file.Faults.Count == 0)
            {
                LogRead(file.Counting);
            }
        }

        meters.PeopleFile(file.Faults.Count == 0);
    }

    [LoggerMessage(LogLevel.Information, "The mapping file was read: {Count} people")]
    private partial void LogRead(int count);

    [LoggerMessage(LogLevel.Error, "The mapping file is not right, and the {Count} people of its last good state still count: {What}. {Fix}")]
    private partial void LogNotRight(string what, int count, string fix);

    [LoggerMessage(LogLevel.Error, "Looking at the mapping file broke; it is tried again")]
    private partial void LogBroke(Exception exception);
}
