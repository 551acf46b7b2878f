using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace ChatOps.Chat.Slack.Receiving;

/// <summary>
/// Whether Slack signed exactly these bytes, within five minutes of now in either direction. Several secrets may be
/// active while they are rotated.
/// </summary>
internal sealed class SlackSignature(IEnumerable<string> secrets)
{
    public const string TimestampHeader = "X-Slack-Request-Timestamp";
    public const string SignatureHeader = "X-Slack-Signature";

    private const long ToleranceSeconds = 300;
    private const int SignatureLength = 67;

    private readonly byte[][] keys = [.. secrets.Select(Encoding.UTF8.GetBytes)];

    public bool IsValid(StringValues timestamp, StringValues signature, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        // Two headers of one name mean that something in between disagrees with us about which one counts.
        if (timestamp.Count != 1 || signature.Count != 1 || !IsTimely(timestamp[0], now) || signature[0]?.Length != SignatureLength)
        {
            return false;
        }

        var given = Encoding.ASCII.GetBytes(signature[0]!);
        var signed = new byte[Encoding.ASCII.GetByteCount(timestamp[0]!) + 4 + body.Length];
        var prefix = Encoding.ASCII.GetBytes($"v0:{timestamp[0]}:", signed);
        body.CopyTo(signed.AsSpan(prefix));
        var valid = false;
        foreach (var key in keys)
        {
            valid |= CryptographicOperations.FixedTimeEquals(given, Sign(key, signed));
        }

        return valid;
    }

    private static byte[] Sign(byte[] key, byte[] signed) =>
        Encoding.ASCII.GetBytes("v0=" + Convert.ToHexStringLower(HMACSHA256.HashData(key, signed)));

    private static bool IsTimely(string? timestamp, DateTimeOffset now) =>
        timestamp is { Length: > 0 and <= 12 }
        && long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(now.ToUnixTimeSeconds() - seconds) <= ToleranceSeconds;
}
