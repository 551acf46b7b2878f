namespace ChatOps.Server.Configuration;

/// <summary>Section <c>Web</c>: where people and probes reach this program.</summary>
public sealed class WebOptions
{
    /// <summary>What people type: scheme and host, as seen from outside. Every link in chat starts with it.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Where the program listens.</summary>
    public string Urls { get; set; } = "http://0.0.0.0:8080";

    /// <summary>Metrics have a port of their own, so that the way in from outside does not lead to them. Empty: none.</summary>
    public string MetricsUrl { get; set; } = "http://0.0.0.0:9090";

    /// <summary>Keys of cookies and links, and which links were used; beside the database, and as secret as it.</summary>
    public string DataProtectionPath { get; set; } = "";

    /// <summary>Sign-in by OpenID Connect instead of private links. Left out: links.</summary>
    public OidcOptions? Oidc { get; set; }

    public Uri Link(string path) => new(new Uri(PublicUrl.TrimEnd('/') + "/"), path.TrimStart('/'));
}

/// <summary>Section <c>Web:Oidc</c>: sign-in by OpenID Connect instead of private links.</summary>
public sealed class OidcOptions
{
    /// <summary>The identity provider, as its discovery document names itself.</summary>
    public string Authority { get; set; } = "";

    /// <summary>What the identity provider calls this program.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Of that client.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>The claim that says who it is.</summary>
    public string Claim { get; set; } = "email";

    /// <summary>What of a person in <c>Identity:People</c> the claim must equal, letter by letter.</summary>
    public OidcMatch Matches { get; set; } = OidcMatch.KubernetesUser;

    /// <summary>Asked for at sign-in; the claim must be in one of them.</summary>
    public List<string> Scopes { get; init; } = ["openid", "email", "profile"];
}

public enum OidcMatch
{
    Name,
    KubernetesUser,
    GitHubLogin,

    /// <summary>The object id of the Teams account; the tenant must be the claim <c>tid</c>.</summary>
    TeamsObjectId,
}
