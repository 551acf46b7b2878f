using System.Diagnostics;
using ChatOps.Core.Conversation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Storage.Tests.LiteDb;

/// <summary>
/// The test assembly as a program of its own, to be killed or starved of disk. <c>work</c> accepts and commits as fast as
/// it can and says what was acknowledged; <c>obey</c> does what it is told on its standard input.
/// </summary>
internal static class ChildProcess
{
    public static async Task<int> Main(string[] args)
    {
        try
        {
            using var records = LiteDbRecords.Open(args[1], TimeProvider.System);
            Console.WriteLine("ready");
            await (args[0] == "work" ? WorkAsync(records, args[2]) : ObeyAsync(records));
            return 0;
        }
        catch (StorageRefusedException e)
        {
            Console.WriteLine($"refused {e.Message}");
            return 1;
        }
    }

    public static Process Start(params string[] args)
    {
        // A write beyond the limit of file sizes kills by default; ignored, it fails like a full disk does.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", "trap '' XFSZ; exec dotnet \"$@\"", "sh", typeof(ChildProcess).Assembly.Location, .. args])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static async Task WorkAsync(LiteDbRecords records, string run)
    {
        var accepting = Enumerable.Range(0, 8).Select(async worker =>
        {
            for (var i = 0; ; i++)
            {
                var key = $"{run}/{worker}/{i}";
                await records.AcceptAsync(Some.Delivery(key), CancellationToken.None);
                Console.WriteLine($"accepted {key}");
            }
        });
        await Task.WhenAll([.. accepting, WriteTimelineAsync(records)]);
    }

    private static async Task WriteTimelineAsync(LiteDbRecords records)
    {
        while (true)
        {
            var incident = await records.FindIncidentAsync(7, CancellationToken.None) ?? Some.Incident();
            incident = incident.Record(TimelineKind.Note, "anna", "note", Some.Now, out var entry);
            var changes = new Changes().Save(incident).Append(entry).Post(Some.Say($"entry/{entry.Number}"));
            if (await records.WaitingAsync(1, CancellationToken.None) is [var delivery])
            {
                changes.Done(delivery);
            }

            await records.CommitAsync(changes, CancellationToken.None);
            Console.WriteLine($"entry {entry.Number}");
        }
    }

    private static async Task ObeyAsync(LiteDbRecords records)
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            try
            {
                Console.WriteLine(words[0] switch
                {
                    "accept" => $"ok {await records.AcceptAsync(Some.Delivery(words[1], new Said.Command(null, new string('x', 50_000))), CancellationToken.None)}",
                    "waiting" => $"ok {(await records.WaitingAsync(int.MaxValue, CancellationToken.None)).Count}",
                    "backup" => await BackupAsync(records, words[1]),
                    _ => throw new UnreachableException(),
                });
            }
            catch (Exception e) when (e is RecordsUnavailableException or StorageRefusedException)
            {
                Console.WriteLine($"unavailable {e.Message.ReplaceLineEndings(" ")}");
            }
        }
    }

    private static async Task<string> BackupAsync(LiteDbRecords records, string path)
    {
        await records.BackupAsync(path, CancellationToken.None);
        return "ok";
    }
}
