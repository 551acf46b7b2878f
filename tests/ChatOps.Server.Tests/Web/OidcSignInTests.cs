using System.Net;
using System.Security.Claims;
using ChatOps.Core.People;
using ChatOps.Sandbox.Identity;
using ChatOps.Server.Configuration;
using ChatOps.Server.Web;

namespace ChatOps.Server.Tests.Web;

public class OidcSignInTests
{
    private static OidcOptions Options(string authority = "https://login.example.org", OidcMatch matches = OidcMatch.KubernetesUser, string claim = "email") =>
        new() { Authority = authority, ClientId = "chatops", ClientSecret = "the-client-secret", Claim = claim, Matches = matches };

    private static string? WhoIs(OidcOptions options, params (string Type, string Value)[] claims) =>
        new OidcSignIn(
            new WebOptions { PublicUrl = "https://chatops.example.org", Oidc = options },
            Some.Register(
                new Person("twin1", [new(ChatPlatform.Teams, "tenant-1", "object-1")]) { KubernetesUser = "twin@example.org" },
                new Person("twin2", []) { KubernetesUser = "twin@example.org" }))
            .WhoIs(new ClaimsPrincipal(new ClaimsIdentity(claims.Select(claim => new Claim(claim.Type, claim.Value)))))?.Name;

    [Fact]
    public void Exactly_one_person_whose_name_is_the_same_letter_by_letter_is_let_in()
    {
        Assert.Equal("alice", WhoIs(Options(), ("email", "alice@example.org")));
        Assert.Null(WhoIs(Options(), ("email", "Alice@example.org")));
        Assert.Null(WhoIs(Options(), ("email", "nobody@example.org")));
        Assert.Null(WhoIs(Options(), ("email", "")));
        Assert.Null(WhoIs(Options(), ("name", "alice@example.org")));
    }

    [Fact]
    public void Two_people_or_two_claims_are_nobody()
    {
        Assert.Null(WhoIs(Options(), ("email", "twin@example.org")));
        Assert.Null(WhoIs(Options(), ("email", "alice@example.org"), ("email", "bob@example.org")));
    }

    [Fact]
    public void An_email_that_the_provider_did_not_verify_is_nobody() =>
        Assert.Null(WhoIs(Options(), ("email", "alice@example.org"), ("email_verified", "false")));

    [Fact]
    public void A_Teams_object_id_counts_only_with_its_tenant()
    {
        var options = Options(matches: OidcMatch.TeamsObjectId, claim: "oid");

        Assert.Equal("twin1", WhoIs(options, ("oid", "object-1"), ("tid", "tenant-1")));
        Assert.Null(WhoIs(options, ("oid", "object-1"), ("tid", "tenant-2")));
        Assert.Null(WhoIs(options, ("oid", "object-1")));
    }

    [Fact]
    public async Task The_whole_way_in_by_code_flow_reaches_every_incident()
    {
        await using var provider = new SimulatedIdentityProvider();
        await provider.StartAsync();
        provider.Claims["email"] = "alice@example.org";
        await using var site = await StartAsync(provider);

        var landed = await SignInAsync(site);

        Assert.Equal(HttpStatusCode.Redirect, landed.StatusCode);
        Assert.Equal("/incidents/7", landed.Headers.Location!.OriginalString);
        Assert.Contains("Checkout 500s", await site.Browser.GetStringAsync("/incidents/7"));
        Assert.Contains("Checkout 500s", await site.Browser.GetStringAsync("/"));
    }

    [Fact]
    public async Task Somebody_the_provider_knows_and_the_configuration_does_not_stays_outside()
    {
        await using var provider = new SimulatedIdentityProvider();
        await provider.StartAsync();
        provider.Claims["email"] = "mallory@example.org";
        await using var site = await StartAsync(provider);

        var landed = await SignInAsync(site);

        Assert.Equal(HttpStatusCode.Forbidden, landed.StatusCode);
        Assert.Contains("I do not know who you are", await landed.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Redirect, (await site.Browser.GetAsync("/incidents/7")).StatusCode);
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_signs_nobody_in()
    {
        await using var provider = new SimulatedIdentityProvider();
        await provider.StartAsync();
        await using var site = await StartAsync(provider);

        var answer = await site.Browser.GetAsync("/sign-in-oidc?code=the-code&state=forged");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Sign-in did not work", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task With_a_provider_private_links_are_no_second_way_in()
    {
        await using var provider = new SimulatedIdentityProvider();
        await provider.StartAsync();
        await using var site = await StartAsync(provider);

        Assert.Equal("/incidents/7", site.Link("alice", 7));
        Assert.Equal(HttpStatusCode.NotFound, (await site.Browser.PostAsync("/sign-in/anything", null)).StatusCode);
    }

    // The provider signs with the real time, so the site lives in it here too.
    private static Task<Site> StartAsync(SimulatedIdentityProvider provider) =>
        Site.StartAsync(new Books().With(Some.Incident()), oidc: Options(provider.Issuer), now: TimeProvider.System.GetUtcNow());

    private static async Task<HttpResponseMessage> SignInAsync(Site site)
    {
        var challenge = await site.Browser.GetAsync("/incidents/7");
        Assert.Equal(HttpStatusCode.Redirect, challenge.StatusCode);
        using var elsewhere = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var back = await elsewhere.GetAsync(challenge.Headers.Location);
        Assert.StartsWith("http://localhost/sign-in-oidc?", back.Headers.Location!.AbsoluteUri);
        return await site.Browser.GetAsync(back.Headers.Location.PathAndQuery);
    }
}
