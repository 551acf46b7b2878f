using System.Globalization;
using ChatOps.Core.Conversation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using ChatOps.Server.Web;

namespace ChatOps.Server.CommandLine;

/// <summary>
/// Verifies the hash chains: against themselves, against what each incident says was written, and against the card and every
/// line that people have seen in the thread. Says which of these could be asked, and which numbers have no incident.
/// </summary>
public sealed class AuditVerify(Func<IRecords> records, Func<IReadOnlyList<IChat>> chats)
    : CliCommand("audit verify", "[incident] [--head <hash>]", "verify the record of one incident, or of all")
{
    public override async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Output output, CancellationToken ct)
    {
        var words = arguments.ToList();
        string? head = null;
        if (words.IndexOf("--head") is var at and >= 0)
        {
            head = words.ElementAtOrDefault(at + 1);
            words.RemoveRange(at, Math.Min(2, words.Count - at));
            if (head is not { Length: >= 12 and <= 64 } || words.Count != 1)
            {
                return Misused(output, "--head needs an incident, and at least the 12 letters that the thread shows.");
            }
        }

        if (words.Count > 1 || words.Count == 1 && !int.TryParse(words[0].TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return Misused(output, $"audit verify takes the number of an incident, not “{string.Join(' ', words)}”.");
        }

        var books = records();
        IReadOnlyList<int> numbers = words.Count == 1
            ? [int.Parse(words[0].TrimStart('#'), CultureInfo.InvariantCulture)]
            : [.. (await books.IncidentsAsync(onlyOpen: false, ct)).Select(incident => incident.Number).Order()];
        var whole = true;
        foreach (var number in numbers)
        {
            whole &= await VerifyAsync(books, number, head, output, ct);
        }

        foreach (var (gone, isFault) in words.Count == 0 ? Gaps(numbers) : [])
        {
            whole &= !isFault;
            await output.Out.WriteLineAsync(isFault
                ? $"✗ {gone}: there is no such incident, and there are later ones: its record was removed"
                : $"  · {gone}: not given, or lost: after a restore numbers begin at the next hundred");
        }

        await output.Out.WriteLineAsync(numbers.Count == 0 ? "There is no record to verify." : whole ? "The record is whole." : "THE RECORD WAS CHANGED.");
        return whole ? ExitCode.Good : ExitCode.FoundSomething;
    }

    private static IEnumerable<(string Numbers, bool IsFault)> Gaps(IReadOnlyList<int> numbers) =>
        from gap in numbers.Prepend(0).Zip(numbers, (before, after) => (First: before + 1, Last: after - 1, After: after))
        where gap.First <= gap.Last
        select (gap.First == gap.Last ? $"#{gap.First}" : $"#{gap.First} to #{gap.Last}", gap.After % 100 != 1);

    private async Task<bool> VerifyAsync(IRecords books, int number, string? head, Output output, CancellationToken ct)
    {
        if (await IncidentRecord.ReadAsync(books, number, ct) is not { } record)
        {
            await output.Out.WriteLineAsync($"✗ #{number}: there is no such incident");
            return false;
        }

        var faults = record.Faults().ToList();
        if (head is not null && !record.Incident.Head.StartsWith(head, StringComparison.OrdinalIgnoreCase))
        {
            faults.Add($"it ends in {Chain.Abbreviate(record.Incident.Head)}, and you gave {head}");
        }

        var notes = new List<string>();
        foreach (var thread in await new ThreadHeads(books, chats()).ReadAsync(record.Incident, ct))
        {
            new ThreadCheck(thread, record, faults, notes).Run();
        }

        await output.Out.WriteLineAsync($"{(faults.Count == 0 ? '✓' : '✗')} #{number} {record.Incident.Title}: {record.Timeline.Count} entries, head {Chain.Abbreviate(record.Incident.Head)}");
        foreach (var line in faults.Select(fault => $"    ✗ {fault}").Concat(notes.Select(note => $"    · {note}")))
        {
            await output.Out.WriteLineAsync(line);
        }

        return faults.Count == 0;
    }
}
