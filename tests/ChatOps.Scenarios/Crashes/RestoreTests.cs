using System.Globalization;
using ChatOps.Core.Leases;
using ChatOps.Core.Timeline;
using ChatOps.Peers;
using Xunit.Abstractions;

namespace ChatOps.Scenarios.Crashes;

/// <summary>The store is put back to an older state, with kills before, in and after it; the cluster went on meanwhile.</summary>
public sealed class RestoreTests(ITestOutputHelper output)
{
    [RealClusterFact]
    public async Task After_a_restore_the_books_follow_the_cluster_and_nothing_old_is_done_or_said_again()
    {
        var dice = new Random(int.Parse(Environment.GetEnvironmentVariable("CHATOPS_KILLS_SEED") ?? "20261123", CultureInfo.InvariantCulture));
        await using var world = await CrashWorld.StartAsync("later", "ended", "quiet");
        var acknowledged = new Acknowledged();
        var (later, ended, quiet) = (People("later"), People("ended"), People("quiet"));
        await world.Server.StartAsync();
        await world.Server.ReadyAsync();
        var (laterThread, endedThread, _) = (await later.DeclareAsync(), await ended.DeclareAsync(), await quiet.DeclareAsync());
        await ended.PauseAsync(endedThread);
        var backup = await BackedUpAsync(world, dice);

        await later.PauseAsync(laterThread);
        await ended.ResumeAsync(endedThread);
        await world.Server.SettledAsync();
        await world.Server.KillAsync();
        var before = (await ClusterLook.ReadAsync(world.Outside.Cluster), world.Outside.Posts.Count);
        await RestoredAsync(world, backup, dice);

        for (var kill = 0; kill < 5; kill++)
        {
            await world.Server.StartAsync();
            await Task.Delay(dice.Next(3000));
            await world.Server.KillAsync();
        }

        await world.Server.StartAsync();
        await world.Server.SettledAsync();
        await world.Server.StopAsync();
        var books = await world.BooksAsync();
        var cluster = await ClusterLook.ReadAsync(world.Outside.Cluster);
        output.WriteLine(string.Join('\n', books.Timeline.OrderBy(entry => entry.LearnedAt).TakeLast(8).Select(entry => $"{entry.Kind}: {entry.Text}")));
        Assert.Equal(before.Item1, cluster);
        Assert.Equal(["later"], cluster.Where(look => look.IsPaused).Select(look => look.Application));
        Assert.Equal(["later"], books.Leases.Where(lease => lease.State == LeaseState.Active).Select(lease => lease.Target.Name));
        Assert.Single(books.Timeline, entry => entry.Kind == TimelineKind.TakenOver);
        Assert.DoesNotContain(books.Leases, lease => lease.IsLive && lease.Target.Name == "ended");
        var (verified, verdict) = await world.Server.RunAsync("audit", "verify");
        Assert.True(verified == 0, verdict);
        Assert.Contains("were said before it was put back from a backup", verdict, StringComparison.Ordinal);

        Storyteller People(string application) => new(world.Outside, application, acknowledged, new Random(dice.Next()));
    }

    /// <summary>Kills the server while it copies; then it copies in peace.</summary>
    private static async Task<string> BackedUpAsync(CrashWorld world, Random dice)
    {
        for (var kill = 0; kill < 3; kill++)
        {
            var cut = world.Server.RunAsync("storage", "backup", world.NewBackupFile());
            await Task.Delay(dice.Next(2000));
            await world.Server.KillAsync();
            await cut; // without a server it has the store to itself, and a server that started now would be refused
            await world.Server.StartAsync();
        }

        await world.Server.ReadyAsync();
        var file = world.NewBackupFile();
        var (code, said) = await world.Server.RunAsync("storage", "backup", file);
        Assert.True(code == 0, said);
        return file;
    }

    /// <summary>Kills the restore while it runs; then it runs in peace.</summary>
    private static async Task RestoredAsync(CrashWorld world, string backup, Random dice)
    {
        for (var kill = 0; kill < 3; kill++)
        {
            await world.Server.RunAndKillAsync(TimeSpan.FromMilliseconds(dice.Next(2500)), "storage", "restore", backup);
        }

        var (code, said) = await world.Server.RunAsync("storage", "restore", backup);
        Assert.True(code == 0, said);
    }
}
