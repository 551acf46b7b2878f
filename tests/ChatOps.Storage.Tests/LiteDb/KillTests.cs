using System.Globalization;
using ChatOps.Core.Timeline;

namespace ChatOps.Storage.Tests.LiteDb;

public sealed class KillTests
{
    /// <summary>After so many kills a new store is begun: what is looked for each time grows with all that was accepted before.</summary>
    private const int KillsOfOneStore = 20;

    [Fact]
    public async Task What_was_acknowledged_survives_kill_9_at_any_moment()
    {
        var times = int.Parse(Environment.GetEnvironmentVariable("CHATOPS_KILLS") ?? "20", CultureInfo.InvariantCulture);
        foreach (var runs in Enumerable.Range(0, times).Chunk(KillsOfOneStore))
        {
            using var temp = new TempStore();
            await KillAsync(temp, runs);
        }
    }

    private static async Task KillAsync(TempStore temp, int[] runs)
    {
        var accepted = new List<string>();
        var entries = 0;
        foreach (var run in runs)
        {
            foreach (var line in await RunAndKillAsync(temp, run))
            {
                if (line.StartsWith("accepted ", StringComparison.Ordinal))
                {
                    accepted.Add(line["accepted ".Length..]);
                }
                else if (line.StartsWith("entry ", StringComparison.Ordinal))
                {
                    entries = int.Parse(line["entry ".Length..], CultureInfo.InvariantCulture);
                }
                else
                {
                    Assert.Equal("ready", line);
                }
            }

            entries = await VerifyAsync(temp, accepted, entries);
        }

        Assert.True(accepted.Count > runs.Length, $"only {accepted.Count} were acknowledged: nothing was tested");
    }

    private static async Task<string[]> RunAndKillAsync(TempStore temp, int run)
    {
        using var child = ChildProcess.Start("work", temp.Path, run.ToString(CultureInfo.InvariantCulture));
        var moment = new Random(run);
        var first = "";
        if (run % 5 != 0) // every fifth is killed while it starts or opens what the last one left
        {
            for (var line = 0; line < 20; line++)
            {
                first += await child.StandardOutput.ReadLineAsync() + "\n";
            }
        }

        var output = child.StandardOutput.ReadToEndAsync();
        await Task.Delay(moment.Next(run % 5 == 0 ? 600 : 300));
        child.Kill();
        await child.WaitForExitAsync();
        return (first + await output).Split('\n')[..^1]; // killed in the middle of the last word, if there is any
    }

    private static async Task<int> VerifyAsync(TempStore temp, List<string> accepted, int acknowledged)
    {
        using var records = temp.Open();
        var waiting = await records.WaitingAsync(int.MaxValue, CancellationToken.None);
        Assert.Equal(waiting.Count, waiting.Select(delivery => delivery.Key).Distinct().Count());
        var lost = await Task.WhenAll(accepted.Select(async key => (Key: key, IsNew: await records.AcceptAsync(Some.Delivery(key), CancellationToken.None))));
        Assert.DoesNotContain(lost, one => one.IsNew);

        var incident = await records.FindIncidentAsync(7, CancellationToken.None);
        var stored = await records.TimelineAsync(7, CancellationToken.None);
        Assert.InRange(stored.Count, acknowledged, acknowledged + 1);
        Assert.Equal(stored.Count, (await records.BacklogAsync(Some.Now, CancellationToken.None)).Outbox);
        Assert.Empty(Chain.Faults(7, stored, incident?.Entries ?? 0, incident?.Head ?? Chain.Root(7)));
        return stored.Count;
    }
}
