using System.Diagnostics;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;

namespace ChatOps.Storage.Tests.LiteDb;

public sealed class DamageTests : IDisposable
{
    private readonly TempStore temp = new();

    /// <summary>Refused, or every word intact: a flipped byte may hit free space, but never changes or loses a record.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Damage_anywhere_is_refused_or_harmless(bool closed)
    {
        using var whole = await FilledAsync(closed);
        var places = new Random(42);
        var refused = 0;
        var intact = await SummaryAsync(whole);
        for (var i = 0; i < 60; i++)
        {
            using var damaged = new TempStore();
            foreach (var name in Directory.GetFiles(whole.Directory))
            {
                File.Copy(name, Path.Combine(damaged.Directory, Path.GetFileName(name)));
            }

            Damage(i % 2 == 0 || new FileInfo(damaged.Log).Length == 0 ? damaged.Path : damaged.Log, places);
            try
            {
                Assert.Equal(intact, await SummaryAsync(damaged));
            }
            catch (Exception e) when (e is StorageRefusedException or RecordsUnavailableException)
            {
                refused++;
            }
        }

        Assert.True(refused > 10, $"only {refused} of 60 were noticed: the damage does not hit what is written");
    }

    public void Dispose() => temp.Dispose();

    private static void Damage(string path, Random places)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var bytes = new byte[places.Next(1, 64)];
        file.Position = places.NextInt64(file.Length - bytes.Length);
        places.NextBytes(bytes);
        file.Write(bytes);
    }

    /// <summary>Closed in order, or a copy taken while open, so that the log holds most of it.</summary>
    private async Task<TempStore> FilledAsync(bool closed)
    {
        var open = new TempStore();
        using var records = temp.Open();
        var incident = Some.Incident();
        for (var i = 0; i < 30; i++)
        {
            incident = incident.Record(TimelineKind.Note, "anna", new string('n', 200), Some.Now, out var entry);
            await records.AcceptAsync(Some.Delivery($"{i}"), CancellationToken.None);
            await records.CommitAsync(new Changes().Save(incident with { Version = i }).Append(entry).Post(Some.Say($"{i}")), CancellationToken.None);
        }

        if (closed)
        {
            records.Dispose();
        }

        // Not File.Copy, which respects the lock.
        using var copy = Process.Start("cp", ["-r", temp.Directory + "/.", open.Directory]);
        await copy.WaitForExitAsync();
        records.Dispose();
        return open;
    }

    private static async Task<string> SummaryAsync(TempStore store)
    {
        using var records = store.Open();
        var ct = CancellationToken.None;
        var incident = await records.FindIncidentAsync(7, ct);
        var entries = await records.TimelineAsync(7, ct);
        var waiting = await records.WaitingAsync(1000, ct);
        var backlog = await records.BacklogAsync(Some.Now, ct);
        return $"{incident?.Version} {incident?.Head} {string.Concat(entries)} {string.Concat(waiting)} {backlog}";
    }
}
