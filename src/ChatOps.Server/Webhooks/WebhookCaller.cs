using System.Security.Cryptography;
using System.Text;

namespace ChatOps.Server.Webhooks;

/// <summary>One that may call a webhook: known by its token, and heard so often within a minute.</summary>
internal sealed class WebhookCaller(string name, string token, int mostPerMinute)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
    private readonly Lock gate = new();
    private DateTimeOffset minute;
    private int inThisMinute;

    public string Name => name;

    /// <summary>Who sent this <c>Authorization</c> header, or null. Every token is compared, so that the time tells nothing of which one is near.</summary>
    public static WebhookCaller? Find(IReadOnlyList<WebhookCaller> callers, string authorization)
    {
        WebhookCaller? whose = null;
        foreach (var caller in callers)
        {
            whose = caller.IsShownBy(authorization) ? caller : whose;
        }

        return whose;
    }

    /// <summary>Whether this <c>Authorization</c> header is the caller's. Hashes are compared: neither the token's content nor its length can be measured.</summary>
    public bool IsShownBy(string authorization)
    {
        var presented = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..] : "";
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), hash) && presented.Length > 0;
    }

    /// <summary>Counts one call, and is false when the minute was full already.</summary>
    public bool HasRoom(DateTimeOffset now)
    {
        lock (gate)
        {
            if (now - minute >= TimeSpan.FromMinutes(1) || now < minute)
            {
                (minute, inThisMinute) = (now, 0);
            }

            return ++inThisMinute <= mostPerMinute;
        }
    }
}
