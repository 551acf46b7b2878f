namespace ChatOps.Server.Workers;

/// <summary>
/// Looks at engines, each by itself: one whose cluster does not answer takes all its time and holds up no other, and is
/// given up after <see cref="Longest"/>. While one is being looked at it is not looked at again.
/// </summary>
internal sealed partial class OneByOne(TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly UnderWay<string> underWay = new();

    /// <summary>Begins it, and does not wait; what breaks is in the log, and is looked at again the next time.</summary>
    public void Begin(string engine, Func<CancellationToken, Task> look, CancellationToken ct) => underWay.TryBegin(engine, () => LookAsync(engine, look, ct));

    public Task AllAreDoneAsync() => underWay.AllAreDoneAsync();

    private async Task LookAsync(string engine, Func<CancellationToken, Task> look, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await UnlessStale.DoAsync(() => look(both.Token));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Looked at again after the start.
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            LogGivenUp(engine, Longest);
        }
#pragma warning disable CA1031 // One engine that breaks must not keep the others from being looked at.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, engine);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A look at {Engine} took longer than {Longest} and was given up; it is looked at again")]
    private partial void LogGivenUp(string engine, TimeSpan longest);

    [LoggerMessage(LogLevel.Error, "{Engine} could not be looked at")]
    private partial void LogFailed(Exception exception, string engine);
}
