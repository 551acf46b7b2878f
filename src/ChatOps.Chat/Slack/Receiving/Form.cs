using System.Text;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>An <c>application/x-www-form-urlencoded</c> body, strictly: null when a field is no UTF-8, raw or encoded.</summary>
internal static class Form
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A field that comes twice keeps its first value.</summary>
    public static Dictionary<string, string>? Parse(ReadOnlySpan<byte> body)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var range in body.Split((byte)'&'))
            {
                var pair = body[range];
                var equals = pair.IndexOf((byte)'=');
                var name = Decode(equals < 0 ? pair : pair[..equals]);
                if (name.Length > 0)
                {
                    fields.TryAdd(name, equals < 0 ? "" : Decode(pair[(equals + 1)..]));
                }
            }
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        return fields;
    }

    private static string Decode(ReadOnlySpan<byte> encoded)
    {
        var bytes = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var isEscape = encoded[i] == '%' && i + 2 < encoded.Length && char.IsAsciiHexDigit((char)encoded[i + 1]) && char.IsAsciiHexDigit((char)encoded[i + 2]);
            if (isEscape)
            {
                bytes[length++] = (byte)(Nibble(encoded[i + 1]) << 4 | Nibble(encoded[i + 2]));
                i += 2;
            }
            else
            {
                bytes[length++] = encoded[i] == '+' ? (byte)' ' : encoded[i];
            }
        }

        return Strict.GetString(bytes, 0, length);
    }

    private static int Nibble(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        _ => digit - 'A' + 10,
    };
}
