using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChatOps.Sandbox.Slack.Wire;

/// <summary>How Slack signs what it sends (the product has its own, written apart from this one).</summary>
public static class SlackSignature
{
    public static string Sign(string signingSecret, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(signingSecret));
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"v0:{timestamp}:")));
        hmac.AppendData(body);
        return "v0=" + Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
