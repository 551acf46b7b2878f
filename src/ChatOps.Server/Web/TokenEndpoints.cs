using System.Globalization;
using System.Security.Cryptography;
using ChatOps.Core;
using ChatOps.Core.Grants;
using ChatOps.Core.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;

namespace ChatOps.Server.Web;

/// <summary>
/// The page on which somebody whom the clusters do not know fetches the token of their grant. A GET shows a button, because
/// whoever prefetches a link must not make a token; the press makes it, shows it once, and nothing keeps it.
/// </summary>
internal sealed class TokenEndpoints(Readers readers, ClaimToken claim, IDataProtectionProvider protection, TimeProvider time)
{
    private const string Field = "proof";
    private static readonly TimeSpan FormLives = TimeSpan.FromMinutes(10);
    private readonly IDataProtector protector = protection.CreateProtector("ChatOps.TokenClaims.1");

    public async Task<IResult> ShowAsync(HttpContext context, Guid grant, CancellationToken ct)
    {
        if (await WhoAsync(context) is not { } person)
        {
            return Results.Challenge(new AuthenticationProperties { RedirectUri = context.Request.Path }, [OidcSignIn.Scheme]);
        }

        var (found, refusal) = await claim.LookAsync(grant, person, ct);
        return found is null ? Refused(refusal!) : TokenPages.Offer(found, Field, Proof(grant, person));
    }

    public async Task<IResult> FetchAsync(HttpContext context, Guid grant, CancellationToken ct)
    {
        // Nobody else's page may press the button for somebody; and what it sends must be of a form that was shown to them.
        if (await WhoAsync(context) is not { } person
            || context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin")
            || context.Request is not { HasFormContentType: true, ContentLength: > 0 and < 4096 }
            || !Proves((await context.Request.ReadFormAsync(ct))[Field].ToString(), grant, person))
        {
            return TokenPages.NotPressedHere(grant);
        }

        var (token, refusal) = await claim.HandleAsync(grant, person, ct);
        return token is null ? Refused(refusal!) : TokenPages.Fetched(token);
    }

    /// <summary>Somebody who signed in at the identity provider, and is still one person of the configuration.</summary>
    private async Task<Person?> WhoAsync(HttpContext context) => await readers.SignedInAsync(context) is { AllIncidents: true, Person: { } person } ? person : null;

    private static IResult Refused(Refusal refusal) => TokenPages.Refused(refusal, refusal.Kind switch
    {
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.NotAllowed => StatusCodes.Status403Forbidden,
        RefusalKind.TooLate => StatusCodes.Status410Gone,
        RefusalKind.ClusterSilent => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status409Conflict,
    });

    private string Proof(Guid grant, Person person) => protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{grant:N}|{(time.GetUtcNow() + FormLives).ToUnixTimeSeconds()}|{person.Name}"));

    private bool Proves(string proof, Guid grant, Person person)
    {
        try
        {
            return protector.Unprotect(proof).Split('|', 3) is [var shown, var until, var to]
                && shown == grant.ToString("N") && to == person.Name && time.GetUtcNow().ToUnixTimeSeconds() < long.Parse(until, CultureInfo.InvariantCulture);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
