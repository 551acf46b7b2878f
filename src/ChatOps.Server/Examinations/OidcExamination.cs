using System.Text.Json;
using ChatOps.Core;
using ChatOps.Server.Configuration;

namespace ChatOps.Server.Examinations;

/// <summary>Whether the identity provider says of itself what a sign-in needs. The client's own secret shows only at a sign-in.</summary>
internal sealed class OidcExamination(OidcOptions oidc, Uri callback, HttpClient http)
{
    private const string Path = "/.well-known/openid-configuration";
    private static readonly string[] Needed = ["authorization_endpoint", "token_endpoint", "jwks_uri"];

    private string Authority => oidc.Authority.TrimEnd('/');

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        var (trouble, said) = await ReadAsync(new Uri(Authority + Path), ct);
        if (trouble is not null)
        {
            return [Finding.Problem($"The identity provider does not say how to sign in: {Authority}{Path}: {trouble}", "Set Web:Oidc:Authority to the issuer, exactly as the provider writes it, and let this program reach it (proxy, network policy, private CA in SSL_CERT_DIR).")];
        }

        var missing = Needed.Where(name => Text(said, name) is null).ToList();
        if (missing.Count > 0)
        {
            return [Finding.Problem($"{Authority}{Path} lacks {string.Join(", ", missing)}", "Set Web:Oidc:Authority to an issuer of OpenID Connect with the code flow, not to a page of the provider.")];
        }

        var (noKeys, keys) = await ReadAsync(new Uri(Text(said, "jwks_uri")!), ct);
        return
        [
            Text(said, "issuer") is { } issuer && issuer.TrimEnd('/') == Authority
                ? Finding.Good($"The identity provider {Authority} says how to sign in")
                : Finding.Problem($"The identity provider calls itself {Text(said, "issuer") ?? "nothing"}, not {Authority}", "Set Web:Oidc:Authority to exactly that issuer."),
            noKeys is null && keys.TryGetProperty("keys", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
                ? Finding.Good("Its keys can be read")
                : Finding.Problem($"Its keys cannot be read: {noKeys ?? "there are none"}", $"Let this program reach {Text(said, "jwks_uri")}."),
            Finding.Unseen("Whether the provider knows this client and its secret shows only when somebody signs in", $"At the provider: client {oidc.ClientId}, with the redirect URI {callback}. Then open a page and sign in."),
        ];
    }

    private async Task<(string? Trouble, JsonElement Said)> ReadAsync(Uri from, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(from, ct);
            if (!answer.IsSuccessStatusCode)
            {
                return ($"status {(int)answer.StatusCode}", default);
            }

            using var document = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
            return document.RootElement.ValueKind == JsonValueKind.Object ? (null, document.RootElement.Clone()) : ("not an object", default);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return (e is JsonException ? "not JSON" : e.InnerException?.Message ?? e.Message, default);
        }
    }

    private static string? Text(JsonElement said, string name) =>
        said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && Uri.IsWellFormedUriString(value.GetString(), UriKind.Absolute) ? value.GetString() : null;
}
