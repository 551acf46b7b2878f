using System.Buffers.Binary;
using System.IO.Compression;

namespace ChatOps.Chat;

/// <summary>A canvas as a PNG file: eight bits a colour, no transparency, no filters (ISO/IEC 15948).</summary>
internal static class Png
{
    private const byte BitsPerColour = 8;
    private const byte TrueColour = 2;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    public static byte[] Encode(Canvas canvas)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        Write(file, "IHDR"u8, Header(canvas));
        Write(file, "IDAT"u8, Pixels(canvas));
        Write(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Header(Canvas canvas)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, canvas.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), canvas.Height);
        (header[8], header[9]) = (BitsPerColour, TrueColour);
        return header;
    }

    private static byte[] Pixels(Canvas canvas)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            for (var y = 0; y < canvas.Height; y++)
            {
                zlib.WriteByte(0); // this row has no filter
                for (var x = 0; x < canvas.Width; x++)
                {
                    var (red, green, blue) = canvas[x, y];
                    zlib.Write([red, green, blue]);
                }
            }
        }

        return packed.ToArray();
    }

    private static void Write(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc([.. type, .. content]));
        file.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xedb88320;
            }
        }

        return ~crc;
    }
}
