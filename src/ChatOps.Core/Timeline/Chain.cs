using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChatOps.Core.Timeline;

/// <summary>The hash chain of one incident's timeline.</summary>
public static class Chain
{
    /// <summary>Hash before the first entry of an incident; differs per incident, so chains cannot be swapped.</summary>
    public static string Root(int incident) => Hex(SHA256.HashData(Encoding.UTF8.GetBytes($"chatops/incident/{incident}")));

    /// <summary>
    /// Length-prefixed fields, so that no two different entries have the same bytes. The order and format are part of
    /// every stored record: never change them, add a new version instead.
    /// </summary>
    public static string HashOf(string previous, TimelineEntry entry)
    {
        var bytes = new StringBuilder();
        foreach (var field in (string[])
        [
            "1", previous, Number(entry.Incident), Number(entry.Number), Time(entry.At), Time(entry.LearnedAt),
            entry.Kind.ToString(), entry.By, entry.Text, entry.Subject?.ToString("N") ?? "",
        ])
        {
            bytes.Append(field.Length).Append(':').Append(field).Append(';');
        }

        return Hex(SHA256.HashData(Encoding.UTF8.GetBytes(bytes.ToString())));
    }

    /// <summary>What people see in the thread: enough to notice, short enough to read aloud.</summary>
    public static string Abbreviate(string hash) => hash[..12];

    /// <summary>Every fault of a stored chain, in order; empty when it is whole. <paramref name="head"/> is what the incident or the thread says the last hash is.</summary>
    public static IEnumerable<string> Faults(int incident, IReadOnlyList<TimelineEntry> entries, int count, string head)
    {
        var previous = Root(incident);
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.Incident != incident)
            {
                yield return $"entry {i + 1} belongs to incident {entry.Incident}";
            }

            if (entry.Number != i + 1)
            {
                yield return $"entry {i + 1} is numbered {entry.Number}: an entry was dropped, doubled or moved";
            }

            if (HashOf(previous, entry) != entry.Hash)
            {
                yield return $"entry {entry.Number} is not what was written: it, or what stood before it, was changed";
            }

            previous = entry.Hash;
        }

        if (entries.Count != count)
        {
            yield return $"the record has {entries.Count} entries, and {count} were written: the end was cut off or added to";
        }
        else if (!previous.StartsWith(head, StringComparison.Ordinal) || head.Length < 12)
        {
            yield return $"the record ends in {Abbreviate(previous)}, and {head} was announced";
        }
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
