using ChatOps.Core;

namespace ChatOps.Server.Configuration;

/// <summary>Everything that is wrong with section <c>Web</c>, at once.</summary>
public static class WebCheck
{
    public static IEnumerable<Finding> Faults(WebOptions web)
    {
        if (Address(web.PublicUrl) is not { AbsolutePath: "/", Query: "" })
        {
            yield return Wrong($"Web:PublicUrl “{web.PublicUrl}” is not scheme and host", "Set it to what people reach this program by, like https://chatops.example.org, without a path.");
        }
        else if (Address(web.PublicUrl) is { Scheme: "http", IsLoopback: false })
        {
            yield return Wrong("Web:PublicUrl is plain http", "Put TLS in front and use https: links into the record must not travel in the clear.");
        }

        foreach (var url in web.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Listens(url))
            {
                yield return Wrong($"Web:Urls “{url}” is not an address to listen on", "Use http://0.0.0.0:8080, or several with ; between them.");
            }
        }

        if (web.MetricsUrl.Length > 0 && !Listens(web.MetricsUrl))
        {
            yield return Wrong($"Web:MetricsUrl “{web.MetricsUrl}” is not an address to listen on", "Use http://0.0.0.0:9090, or leave it empty for no metrics.");
        }
        else if (web.MetricsUrl.Length > 0 && web.Urls.Split(';').Any(url => Listens(url) && Port(url) == Port(web.MetricsUrl)))
        {
            yield return Wrong("Web:MetricsUrl has the port of Web:Urls", "Give metrics a port of their own, so that the way in from outside does not lead to them.");
        }

        if (string.IsNullOrWhiteSpace(web.DataProtectionPath))
        {
            yield return Wrong("Web:DataProtectionPath is not set", "Set a directory on a volume that outlives the container, beside the database: it keeps the keys of sign-ins.");
        }

        foreach (var finding in web.Oidc is { } oidc ? Of(oidc) : [])
        {
            yield return finding;
        }
    }

    private static IEnumerable<Finding> Of(OidcOptions oidc)
    {
        if (Address(oidc.Authority) is not { } authority || authority is { Scheme: "http", IsLoopback: false })
        {
            yield return Wrong($"Web:Oidc:Authority “{oidc.Authority}” is not an https address", "Set the issuer, like https://login.example.org/realms/main.");
        }

        foreach (var (name, value) in new[] { ("ClientId", oidc.ClientId), ("ClientSecret", oidc.ClientSecret), ("Claim", oidc.Claim) })
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                yield return Wrong($"Web:Oidc:{name} is not set", "Take it from the client's registration at the identity provider, or leave Web:Oidc out to use private links.");
            }
        }

        if (!oidc.Scopes.Contains("openid"))
        {
            yield return Wrong("Web:Oidc:Scopes lacks openid", "Add it: without it the provider says nobody's name.");
        }
    }

    private static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https") ? address : null;

    private static bool Listens(string url) => Address(Named(url)) is { AbsolutePath: "/" };

    private static int Port(string url) => new Uri(Named(url)).Port;

    /// <summary>Kestrel's words for "every address" are no host names.</summary>
    private static string Named(string url) => url.Replace("//+", "//any", StringComparison.Ordinal).Replace("//*", "//any", StringComparison.Ordinal);

    private static Finding Wrong(string what, string fix) => new(false, what, fix);
}
