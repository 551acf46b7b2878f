using System.Security.Claims;
using ChatOps.Core.People;
using ChatOps.Server.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ChatOps.Server.Web;

/// <summary>OpenID Connect, and who of the configuration somebody is who came through it: exactly one person, or nobody.</summary>
internal sealed class OidcSignIn(WebOptions web, Register register)
{
    public const string Scheme = "oidc";
    private const string CallbackPath = "/sign-in-oidc";

    private readonly OidcOptions oidc = web.Oidc!;

    public Person? WhoIs(ClaimsPrincipal principal)
    {
        var values = principal.FindAll(oidc.Claim).Select(claim => claim.Value).Distinct().ToList();
        var notVerified = oidc.Claim == "email" && principal.FindFirst("email_verified")?.Value is "false" or "False";
        if (values is not [{ Length: > 0 } value] || notVerified)
        {
            return null;
        }

        var tenant = principal.FindFirst("tid")?.Value;
        return register.People.Where(person => Matches(person, value, tenant)).ToList() is [var one] ? one : null;
    }

    public void Configure(OpenIdConnectOptions options)
    {
        options.Authority = oidc.Authority;
        options.ClientId = oidc.ClientId;
        options.ClientSecret = oidc.ClientSecret;
        options.RequireHttpsMetadata = !new Uri(oidc.Authority).IsLoopback;
        options.SignInScheme = Readers.Scheme;
        options.CallbackPath = CallbackPath;
        options.ResponseType = OpenIdConnectResponseType.Code;

        // The answer comes back by GET: Lax cookies travel with it, and no other site ever posts here.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.MapInboundClaims = false;
        options.SaveTokens = false;
        options.GetClaimsFromUserInfoEndpoint = false;
        var secure = web.PublicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        options.NonceCookie.SecurePolicy = options.CorrelationCookie.SecurePolicy = secure;
        options.NonceCookie.SameSite = options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        options.Scope.Clear();
        foreach (var scope in oidc.Scopes)
        {
            options.Scope.Add(scope);
        }

        options.Events.OnRedirectToIdentityProvider = redirect =>
        {
            // Behind a proxy the request says http and an inner host; what people see is configured.
            redirect.ProtocolMessage.RedirectUri = web.Link(CallbackPath).AbsoluteUri;
            return Task.CompletedTask;
        };
        options.Events.OnTokenValidated = validated => AdmitAsync(validated);
        options.Events.OnRemoteFailure = async failed =>
        {
            failed.HandleResponse();
            await SignInPages.SignInFailed().ExecuteAsync(failed.HttpContext);
        };
    }

    private async Task AdmitAsync(TokenValidatedContext validated)
    {
        var readers = validated.HttpContext.RequestServices.GetRequiredService<Readers>();
        if (WhoIs(validated.Principal!) is { } person)
        {
            validated.Principal = readers.ForAllIncidents(person);
            return;
        }

        await validated.HttpContext.SignOutAsync(Readers.Scheme);
        validated.HandleResponse();
        await SignInPages.UnknownPerson().ExecuteAsync(validated.HttpContext);
    }

    private bool Matches(Person person, string value, string? tenant) => oidc.Matches switch
    {
        OidcMatch.Name => person.Name == value,
        OidcMatch.KubernetesUser => person.KubernetesUser == value,
        OidcMatch.GitHubLogin => person.GitHubLogin == value,
        OidcMatch.TeamsObjectId => tenant is not null && person.Owns(new ChatAccount(ChatPlatform.Teams, tenant, value)),
    };
}
