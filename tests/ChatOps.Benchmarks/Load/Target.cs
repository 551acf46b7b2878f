using System.Diagnostics;

namespace ChatOps.Benchmarks.Load;

/// <summary>A server under load, a process of its own that is frozen while the other one is measured.</summary>
internal sealed class Target(string name, Uri url, Process process) : IDisposable
{
    public string Name => name;

    public Uri Url => url;

    public List<Measured> Rounds { get; } = [];

    public async Task ReadyAsync(Uri probe, CancellationToken ct)
    {
        using var client = new HttpClient();
        for (var since = Stopwatch.GetTimestamp(); ; await Task.Delay(50, ct))
        {
            try
            {
                using var answer = await client.GetAsync(probe, ct);
                return;
            }
            catch (HttpRequestException e) when (Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(60) || process.HasExited)
            {
                throw new InvalidOperationException($"{name} does not answer", e);
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    /// <summary>As a crash would: nothing more is written.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public TimeSpan Processor()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    public long Memory()
    {
        process.Refresh();
        return process.WorkingSet64;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }
}
