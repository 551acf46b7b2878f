using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ChatOps.Core.Timeline;
using ChatOps.Peers;
using ChatOps.Scenarios.World;
using Xunit.Abstractions;

namespace ChatOps.Scenarios.Crashes;

public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly string[] Applications = ["cart", "search", "orders", "prices"];

    [RealClusterFact]
    public async Task Kill_9_at_random_moments_loses_nothing_that_was_acknowledged()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("CHATOPS_KILLS") ?? "25", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("CHATOPS_KILLS_SEED") ?? "20261123", CultureInfo.InvariantCulture);
        await using var world = await CrashWorld.StartAsync(Applications);
        var acknowledged = new Acknowledged();
        var killer = new Killer(world, new Random(seed));
        using var enough = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();

        var storytellers = Applications.Select((name, i) => new Storyteller(world.Outside, name, acknowledged, new Random(seed + i + 1), killer)).ToList();
        var stories = storytellers.Select(one => one.TellAsync(enough.Token)).ToList();
        var killing = killer.KillAsync(kills);
        await await Task.WhenAny([killing, .. stories]);
        var killed = clock.Elapsed;
        await enough.CancelAsync();
        await Task.WhenAll(stories);
        await world.Server.SettledAsync();
        var inPeace = world.NewBackupFile();
        var (backedUp, complaint) = await world.Server.RunAsync("storage", "backup", inPeace);
        Assert.True(backedUp == 0, complaint);
        await world.Server.StopAsync();
        output.WriteLine($"{kills} kills (seed {seed}) in {killed}, {storytellers.Sum(one => one.Stories)} stories, {acknowledged.All.Count} acknowledged ({acknowledged.All.Count(words => words.Refusal is not null)} refused), {acknowledged.UnheardCount} unheard; settled after {clock.Elapsed}; {killer.Backups.Count} backups");
        foreach (var group in acknowledged.All.Where(words => words.Refusal is not null).GroupBy(words => $"{words.What}: {words.Refusal!.Split('\n')[0]}"))
        {
            output.WriteLine($"{group.Count()}x {group.Key}");
        }

        var books = await world.BooksAsync();
        output.WriteLine($"{books.Incidents.Count} incidents, {books.Timeline.Count} entries, {books.Operations.Count} operations, {books.Leases.Count} leases, {world.Outside.Posts.Count} posts, {books.Orphans.Count} posted again");
        var cluster = await ClusterLook.ReadAsync(world.Outside.Cluster);
        output.WriteLine(string.Join(", ", cluster.Select(look => $"{look.Application}: {look.Patches} patches, {look.Interrupted} interrupted")));
        Assert.Empty(Reckoning.Problems(books, cluster, acknowledged));
        Assert.Empty(Reckoning.Unexplained(books, killer.Struck));
        foreach (var backup in killer.Backups.Append(inPeace))
        {
            await AssertIsEarlierAsync(backup, books);
        }

        var (verified, verdict) = await world.Server.RunAsync("audit", "verify");
        Assert.True(verified == 0, verdict);
        var (exported, json) = await world.Server.RunAsync("incident", "export", "1");
        Assert.Equal(0, exported);
        Assert.Equal(
            books.Timeline.Where(entry => entry.Incident == 1).Select(entry => entry.Hash),
            JsonNode.Parse(json)!["timeline"]!["entries"]!.AsArray().Select(entry => (string)entry!["hash"]!));
        var written = LogLines.Read(world.Server.LogFile);
        Assert.Empty(written.Telling([.. LogLines.SecretsOf(world.Outside.Slack), KubeUser.Bot.Token]));
        Assert.All(written.NotJson, line => Assert.StartsWith("{\"at\":", line, StringComparison.Ordinal)); // cut off by a kill
        Assert.InRange(written.NotJson.Count, 0, kills);
    }
    /// <summary>A copy that was made at any moment opens, and holds the record up to that moment.</summary>
    private static async Task AssertIsEarlierAsync(string backup, Books books)
    {
        var copy = await Books.ReadAsync(backup, []);
        Assert.NotEmpty(copy.Timeline);
        Assert.Subset(books.Timeline.Select(entry => entry.Hash).ToHashSet(), copy.Timeline.Select(entry => entry.Hash).ToHashSet());
        Assert.All(copy.Incidents, incident => Assert.Empty(Chain.Faults(incident.Number, [.. copy.Timeline.Where(entry => entry.Incident == incident.Number)], incident.Entries, incident.Head)));
    }
}
