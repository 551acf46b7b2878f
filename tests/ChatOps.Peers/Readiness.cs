using System.Diagnostics;

namespace ChatOps.Peers;

/// <summary>Waits for a process that offers no better sign than answering.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task WaitAsync(SupervisedProcess process, string name, Func<CancellationToken, Task<bool>> isReady)
    {
        var waited = Stopwatch.StartNew();
        while (!await AnswersAsync(isReady))
        {
            if (process.HasExited || waited.Elapsed > Patience)
            {
                throw new InvalidOperationException(
                    $"{name} {(process.HasExited ? "ended" : $"was not ready after {Patience}")}. Its last words:\n{process.Log}");
            }

            await Task.Delay(Pause);
        }
    }

    private static async Task<bool> AnswersAsync(Func<CancellationToken, Task<bool>> isReady)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            return await isReady(limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
