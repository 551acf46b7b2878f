using System.Diagnostics;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Records;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Benchmarks.Store;

/// <summary>How many deliveries a second the store takes durably from 64 callers, alone and beside somebody who reads.</summary>
internal static class AcceptRate
{
    private const int Callers = 64;

    public static async Task RunAsync(TimeSpan lasts, bool besideReaders)
    {
        var folder = Directory.CreateTempSubdirectory("chatops-accept-").FullName;
        using var records = LiteDbRecords.Open(Path.Combine(folder, "chatops.db"), TimeProvider.System);
        using var stop = new CancellationTokenSource(lasts);
        var took = new List<double>[Callers];
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var times = took[caller] = [];
            for (var at = 0; !stop.IsCancellationRequested; at++)
            {
                var since = Stopwatch.GetTimestamp();
                await records.AcceptAsync(Delivery($"{caller}/{at}"), CancellationToken.None);
                times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            }
        })).ToList();
        var reads = 0;
        if (besideReaders)
        {
            callers.Add(Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    var changed = records.ChangedAsync(BooksPart.Any);
                    await records.WaitingAsync(16, CancellationToken.None);
                    await records.DueAsync(DateTimeOffset.UnixEpoch, 64, CancellationToken.None);
                    await records.LiveOperationsAsync(CancellationToken.None);
                    reads++;
                    await changed;
                }
            }));
        }

        await Task.WhenAll(callers);
        var all = took.SelectMany(times => times).Order().ToList();
        Console.WriteLine($"{(besideReaders ? "beside readers" : "alone"),-15} {all.Count / lasts.TotalSeconds:N0} accepts/s, p50 {all[all.Count / 2]:N1} ms, p99 {all[(int)(all.Count * .99)]:N1} ms, p99.9 {all[(int)(all.Count * .999)]:N1} ms{(besideReaders ? $", {reads} rounds of reads" : "")}");
        records.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static Delivery Delivery(string key) => new(
        $"slack/trigger/{key}",
        new(2026, 11, 23, 14, 0, 0, TimeSpan.Zero),
        new(ChatPlatform.Slack, "T0SANDBOX", "U0ALICE"),
        new(new(ChatPlatform.Slack, "T0SANDBOX", "C0INCIDENT"), null),
        new Said.Command("gitops", "pause checkout for 45m because rollback of payment config"))
    {
        ReplyHandle = new string('h', 200),
    };
}
