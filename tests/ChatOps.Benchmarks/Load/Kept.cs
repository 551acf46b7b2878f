using System.Diagnostics;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Benchmarks.Load;

/// <summary>What a killed product's store knows of what was sent to it.</summary>
internal sealed record Kept(long Known, TimeSpan Opening)
{
    public static async Task<Kept> CountAsync(string store, IEnumerable<string> keys, CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        using var records = LiteDbRecords.Open(store, TimeProvider.System);
        var opening = Stopwatch.GetElapsedTime(since);
        var known = 0L;
        foreach (var some in keys.Chunk(1000))
        {
            var isNew = await Task.WhenAll(some.Select(key => records.AcceptAsync(Probe(key), ct)));
            known += isNew.Count(one => !one);
        }

        return new(known, opening);
    }

    private static Delivery Probe(string key) =>
        new(key, DateTimeOffset.UnixEpoch, new(ChatPlatform.Slack, "T", "U"), new(new(ChatPlatform.Slack, "T", "C"), null), new Said.Command(null, ""));
}
