using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ChatOps.Platform.Git;

/// <summary>Git's lines on the wire: four hexadecimal digits with the length of all, then the content.</summary>
internal static class PktLine
{
    public const string Flush = "0000";
    public const string Delimiter = "0001";
    private const int Head = 4;

    public static string Of(string text) => (Encoding.UTF8.GetByteCount(text) + Head).ToString("x4", CultureInfo.InvariantCulture) + text;

    /// <summary>The next line: its content; empty for a flush or a delimiter; null at the end. Throws for what is none.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken ct)
    {
        var head = new byte[Head];
        var read = await stream.ReadAtLeastAsync(head, Head, throwOnEndOfStream: false, ct);
        if (read == 0)
        {
            return null;
        }

        if (read < Head || !Utf8Parser.TryParse(head, out int length, out var used, 'x') || used != Head || length is 3)
        {
            throw new InvalidDataException("not a line of Git's protocol");
        }

        if (length < Head)
        {
            return [];
        }

        var line = new byte[length - Head];
        await stream.ReadExactlyAsync(line, ct);
        return line;
    }
}
