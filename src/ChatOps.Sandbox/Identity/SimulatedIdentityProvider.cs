using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatOps.Sandbox.Identity;

/// <summary>An OpenID provider on loopback: discovery, keys, code flow with PKCE. Signs everybody in as <see cref="Claims"/>.</summary>
public sealed class SimulatedIdentityProvider : IAsyncDisposable
{
    public const string ClientId = "chatops";
    public const string ClientSecret = "the-client-secret";

    private static readonly string[] ResponseTypes = ["code"];
    private static readonly string[] ChallengeMethods = ["S256"];
    private readonly RsaSecurityKey key = new(RSA.Create(2048)) { KeyId = "k1" };
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge)> codes = new();
    private readonly WebApplication app;

    public SimulatedIdentityProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = Issuer,
            authorization_endpoint = $"{Issuer}/authorize",
            token_endpoint = $"{Issuer}/token",
            jwks_uri = $"{Issuer}/keys",
            response_types_supported = ResponseTypes,
            code_challenge_methods_supported = ChallengeMethods,
        }));
        app.MapGet("/keys", () =>
        {
            var rsa = key.Rsa.ExportParameters(false);
            return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = key.KeyId, n = Base64UrlEncoder.Encode(rsa.Modulus), e = Base64UrlEncoder.Encode(rsa.Exponent) } } });
        });
        app.MapGet("/authorize", (string redirect_uri, string state, string nonce, string code_challenge) =>
        {
            codes["the-code"] = (nonce, code_challenge);
            return Results.Redirect(QueryHelpers.AddQueryString(redirect_uri, new Dictionary<string, string?> { ["code"] = "the-code", ["state"] = state }));
        });
        app.MapPost("/token", async (HttpRequest request) => Token(await request.ReadFormAsync()));
    }

    public string Issuer => app.Urls.Single();

    public Dictionary<string, object> Claims { get; } = [];

    public Task StartAsync() => app.StartAsync();

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private IResult Token(IFormCollection form)
    {
        if (!codes.TryRemove(form["code"].ToString(), out var issued)
            || Base64UrlEncoder.Encode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != issued.Challenge
            || form["client_secret"] != ClientSecret)
        {
            return Results.BadRequest(new { error = "invalid_grant" });
        }

        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = ClientId,
            Claims = new Dictionary<string, object>(Claims) { ["sub"] = "s1", ["nonce"] = issued.Nonce },
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
        });
        return Results.Json(new { id_token = token, access_token = "a", token_type = "Bearer", expires_in = 60 });
    }
}
