using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Platform.Git;

/// <summary>The commit at the beginning of a pack: whoever packs puts commits before what they consist of. Pure.</summary>
internal static class PackedCommit
{
    public const int MostBytes = 128 * 1024;
    private const int PackHead = 12;
    private const int CommitType = 1;

    /// <summary>A commit with what it was made on.</summary>
    public sealed record Whole(CommitNote Note, IReadOnlyList<string> Parents);

    /// <summary>Null when it is no commit, not whole, or not the one that was asked for.</summary>
    public static Whole? Read(byte[] pack, string commit)
    {
        if (pack.Length <= PackHead || !pack.AsSpan(0, 4).SequenceEqual("PACK"u8))
        {
            return null;
        }

        var at = PackHead;
        var type = (pack[at] >> 4) & 7;
        long size = pack[at] & 15;
        for (var shift = 4; (pack[at++] & 128) != 0; shift += 7)
        {
            if (at >= pack.Length || shift > 25)
            {
                return null;
            }

            size |= (long)(pack[at] & 127) << shift;
        }

        return type == CommitType && size <= MostBytes && Unpack(pack, at, (int)size) is { } body && NameOf(body, commit.Length) == commit ? ReadText(Encoding.UTF8.GetString(body)) : null;
    }

    private static Whole? ReadText(string commit) => Note(commit) is { } note
        ? new(note, [.. commit.Split("\n\n")[0].Split('\n').Where(line => line.StartsWith("parent ", StringComparison.Ordinal)).Select(line => line["parent ".Length..]).Where(Commits.IsWhole)])
        : null;

    /// <summary>From the text of a commit: headers, an empty line, the message.</summary>
    internal static CommitNote? Note(string commit)
    {
        var end = commit.IndexOf("\n\n", StringComparison.Ordinal);
        var author = (end < 0 ? commit : commit[..end]).Split('\n').FirstOrDefault(line => line.StartsWith("author ", StringComparison.Ordinal));
        if (author is null || author.LastIndexOf('<') is var mail && mail < 0 || author.LastIndexOf('>') is var after && after < mail)
        {
            return null;
        }

        var name = author["author ".Length..mail].Trim();
        var at = author[(after + 1)..].Trim().Split(' ') is [var seconds, ..] && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var unix) && unix < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(unix)
            : (DateTimeOffset?)null;
        var message = end < 0 ? "" : commit[(end + 2)..].Split('\n')[0].Trim();
        return new(Short(name.Length > 0 ? name : author[(mail + 1)..after], 80), Short(message, 200), at);
    }

    private static byte[]? Unpack(byte[] pack, int at, int size)
    {
        try
        {
            using var zipped = new ZLibStream(new MemoryStream(pack, at, pack.Length - at), CompressionMode.Decompress);
            var body = new byte[size];
            zipped.ReadExactly(body);
            return body;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return null;
        }
    }

    private static string NameOf(byte[] body, int length)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"commit {body.Length}\0")), .. body];
#pragma warning disable CA5350 // Git names commits so; the name was asked for over a trusted channel and is only compared.
        return Convert.ToHexStringLower(length == 40 ? SHA1.HashData(named) : SHA256.HashData(named));
#pragma warning restore CA5350
    }

    private static string Short(string text, int most) => text.Length > most ? text[..most] + "…" : text;
}
