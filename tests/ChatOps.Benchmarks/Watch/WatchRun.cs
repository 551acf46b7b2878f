using System.Diagnostics;
using System.Runtime.CompilerServices;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Benchmarks.Watch;

/// <param name="Sizes">Numbers of applications.</param>
internal sealed record WatchPlan(int Events, int Rounds, IReadOnlyList<int> Sizes);

/// <summary>Who reads what.</summary>
internal enum Reading
{
    /// <summary>The product, as it is.</summary>
    Whole,

    /// <summary>The product, sent metadata only, which its watch asked for before it had to tell of troubles.</summary>
    MetadataOnly,

    /// <summary>The Kubernetes client for .NET.</summary>
    Client,
}

internal sealed record WatchCase(int Applications, int Events, Reading Reading);

/// <summary>What one run took: times in seconds, the rest in bytes.</summary>
/// <param name="Peak">Of the heap, above what was there before.</param>
/// <param name="Kept">By the watch and by somebody who keeps the last news of each application, when all is read and collected.</param>
internal sealed record WatchResult(WatchCase Case, long ListBytes, long EventBytes, double List, long ListAllocated, long Peak, long Kept, double Events, long EventsAllocated);

/// <summary>
/// The first list and each event of thousands of Applications, read over HTTP by the product's own watch, and by what is at
/// hand. Everything else in this process makes nothing while it runs.
/// </summary>
internal static class WatchRun
{
    public static async Task<int> ReportAsync(WatchPlan plan, string file, CancellationToken ct)
    {
        var machine = Machine.Look();
        var results = new List<WatchResult>();
        foreach (var reading in Enum.GetValues<Reading>())
        {
            await RunAsync(new(100, 100, reading), ct); // what is compiled only once
        }

        foreach (var size in plan.Sizes)
        {
            for (var round = 0; round < plan.Rounds; round++)
            {
                foreach (var reading in Enum.GetValues<Reading>())
                {
                    results.Add(await RunAsync(new(size, plan.Events, reading), ct));
                }
            }
        }

        var text = $"{WatchReport.Of(results)}\n{machine.At:yyyy-MM-dd HH:mm} UTC, medians of {plan.Rounds}. {machine.ToMarkdown()}";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, ct);
        Console.WriteLine(text);
        return 0;
    }

    public static async Task<WatchResult> RunAsync(WatchCase one, CancellationToken ct)
    {
        await Task.Yield(); // from the stack of the run before, which keeps what that one kept
        var folder = Directory.CreateTempSubdirectory("chatops-watch-").FullName;
        try
        {
            await using var server = new ApplicationsServer(folder, one.Applications, one.Events, one.Reading != Reading.MetadataOnly);
            var options = new PlatformOptions([new ArgoCdOptions { Cluster = "one" }], [new ClusterOptions { Name = "one", Server = server.Url.ToString(), Token = "bot" }]);
            await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddPlatform(options).BuildServiceProvider();
            var engine = services.GetServices<IReconciler>().Single();
            var kept = new Dictionary<string, object>(one.Applications, StringComparer.Ordinal);
            await using var news = (one.Reading == Reading.Client ? ClientWatch.ReadAsync(server.Url, ct) : ProductAsync(engine, ct)).GetAsyncEnumerator(ct);

            var before = HeapPeak.Settled();
            using var peak = new HeapPeak(before);
            var (list, listAllocated) = await TakeAsync(one.Applications);
            var highest = peak.Highest;
            server.Tell();
            var (time, allocated) = await TakeAsync(one.Events);
            var left = HeapPeak.Settled() - before;
            return kept.Count == one.Applications
                ? new(one, server.ListBytes, server.EventBytes, list, listAllocated, highest, left, time, allocated)
                : throw new InvalidOperationException($"{kept.Count} applications of {one.Applications} were told");

            async Task<(double Seconds, long Allocated)> TakeAsync(int many)
            {
                var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
                var began = Stopwatch.GetTimestamp();
                for (var at = 0; at < many; at++)
                {
                    await news.MoveNextAsync();
                    kept[news.Current.Name] = news.Current.News;
                }

                return (Stopwatch.GetElapsedTime(began).TotalSeconds, GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async IAsyncEnumerable<(string Name, object News)> ProductAsync(IReconciler engine, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var news in engine.WatchAsync(ct))
        {
            yield return (news.Application.Name, news);
        }
    }

    /// <summary>The highest that the heap was seen to be, looked at every few milliseconds.</summary>
    private sealed class HeapPeak : IDisposable
    {
        private readonly Timer timer;
        private readonly long before;
        private long highest;

        public HeapPeak(long before)
        {
            this.before = before;
            timer = new Timer(_ => highest = Math.Max(highest, GC.GetTotalMemory(forceFullCollection: false)), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(5));
        }

        public static long Settled()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return GC.GetTotalMemory(forceFullCollection: true);
        }

        public long Highest => Math.Max(0, highest - before);

        public void Dispose() => timer.Dispose();
    }
}
