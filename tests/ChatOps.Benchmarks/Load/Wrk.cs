using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ChatOps.Benchmarks.Load;

/// <summary>What wrk saw of one target; latencies in microseconds.</summary>
internal sealed record Measured(long Microseconds, long Answers, long Refused, long Broken, long P50, long P99, long P999, long Longest, bool Spent)
{
    public long Acknowledged => Answers - Refused;

    public double Rate => Acknowledged / (Microseconds / 1e6);
}

/// <summary>Debian's wrk: 64 connections, each with one request under way at a time.</summary>
internal static class Wrk
{
    public const int Connections = 64;
    private const int Threads = 2;

    public static async Task<Measured> RunAsync(Uri target, SignedCommands commands, TimeSpan lasts, CancellationToken ct)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Load", "signed.lua");
        string[] words =
        [
            $"--threads={Threads}", $"--connections={Connections}", $"--duration={(int)lasts.TotalSeconds}s", "--timeout=10s", $"--script={script}", target.ToString(),
            "--", commands.Path, Number(commands.RecordSize), Number(commands.Count / Threads),
        ];
        using var wrk = Process.Start(new ProcessStartInfo("wrk", words) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await wrk.StandardOutput.ReadToEndAsync(ct);
        await wrk.WaitForExitAsync(ct);
        var json = output.Split('\n').LastOrDefault(line => line.StartsWith('{')) ?? throw new InvalidOperationException($"wrk said: {output}");
        return JsonSerializer.Deserialize<Measured>(json, JsonSerializerOptions.Web)!;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
