using System.Text;

namespace ChatOps.Platform.Kubernetes;

/// <summary>
/// As whom one call is made, and for which person. It belongs to one request, never to a client: headers on a shared
/// client would let one person's call go out with another's rights.
/// </summary>
public sealed record Impersonation(string User, string OnBehalfOf)
{
    private const string UserHeader = "Impersonate-User";
    private const string PersonHeader = "Impersonate-Extra-chatops-user";

    internal void ApplyTo(HttpRequestMessage request)
    {
        request.Headers.Add(UserHeader, HeaderSafe(User));
        request.Headers.Add(PersonHeader, HeaderSafe(OnBehalfOf));
    }

    // A header holds visible ASCII only; anything else is kept readable as a percent-encoding in the audit log.
    private static string HeaderSafe(string value)
    {
        var safe = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            safe.Append(rune.Value is > ' ' and <= '~' or ' ' ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }

        return safe.ToString();
    }
}
