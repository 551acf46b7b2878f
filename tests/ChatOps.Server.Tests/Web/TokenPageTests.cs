using System.Net;
using System.Text.RegularExpressions;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.People;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using ChatOps.Sandbox.Identity;
using ChatOps.Storage.LiteDb;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Server.Tests.Web;

/// <summary>The page of a token, by whoever signed in at a real identity provider's protocol.</summary>
public sealed class TokenPageTests : IAsyncLifetime
{
    private const string Secret = "eyJhbGciOiJSUzI1NiJ9.the-token.of-the-account";
    private readonly string folder = Directory.CreateTempSubdirectory("chatops-token-").FullName;
    private readonly CapturedLog log = new();
    private readonly SimulatedIdentityProvider provider = new();
    private LiteDbRecords records = null!;
    private Grant grant = null!;
    private Site site = null!;
    private int minted;

    public async Task InitializeAsync()
    {
        await provider.StartAsync();
        provider.Claims["email"] = "alice@example.org";
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()); // the provider signs with the real time
        grant = Open(now);
        records = LiteDbRecords.Open(Path.Combine(folder, "chatops.db"), TimeProvider.System);
        await records.CommitAsync(new Changes().Save(Some.Incident()).Save(grant), default);
        site = await Site.StartAsync(new Books().With(Some.Incident()), oidc: new() { Authority = provider.Issuer, ClientId = "chatops", ClientSecret = "the-client-secret" }, now: now, log: log, more: services => services
            .AddSingleton(provider => new ClaimToken(
                records,
                new IncidentFiles(records, new Reception(Some.Register(), []), provider.GetRequiredService<TimeProvider>()),
                (_, _) => Task.FromResult<(ClusterAnswer, MintedToken?)>((ClusterAnswer.Ok, new($"{Secret}-{++minted}", now.AddMinutes(10), new("https://cluster.example.com:6443"), "-----BEGIN CERTIFICATE-----"))),
                provider.GetRequiredService<TimeProvider>())));
    }

    public async Task DisposeAsync()
    {
        await site.DisposeAsync();
        await provider.DisposeAsync();
        records.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Its_person_signs_in_presses_the_button_and_sees_it_once()
    {
        var page = await SignInAsync();
        Assert.Equal(0, minted); // whoever prefetches a link makes no token
        Assert.DoesNotContain(Secret, page, StringComparison.Ordinal);

        var shown = await PressAsync(Proof(page));

        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.True(shown.Headers.CacheControl!.NoStore);
        var text = await shown.Content.ReadAsStringAsync();
        Assert.Contains($"token: {Secret}-1", text, StringComparison.Ordinal);
        Assert.Contains("server: https://cluster.example.com:6443", text, StringComparison.Ordinal);
        Assert.Contains("certificate-authority-data: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, await site.Browser.GetStringAsync(Address), StringComparison.Ordinal);
        Assert.DoesNotContain(log.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
        records.Dispose();
        Assert.All(Directory.GetFiles(folder), file => Assert.DoesNotContain("the-token", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_else_is_refused_and_that_is_on_the_record()
    {
        provider.Claims["email"] = "bob@example.org";

        var page = await SignInAsync(HttpStatusCode.Forbidden);

        Assert.Contains("somebody else&#x27;s", page.Replace("&#39;", "&#x27;", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Single(await records.TimelineAsync(7, default), entry => entry is { Kind: TimelineKind.TokenRefused, By: "bob" });
        Assert.Equal(0, minted);
    }

    [Theory]
    [InlineData("another site presses it")]
    [InlineData("no form was shown")]
    [InlineData("the form of another grant")]
    [InlineData("an old form")]
    [InlineData("not signed in")]
    public async Task A_press_counts_only_from_its_own_page(string how)
    {
        var proof = Proof(await SignInAsync());
        var browser = how == "not signed in" ? site.NewBrowser() : site.Browser;
        var path = how == "the form of another grant" ? $"/access/{Guid.NewGuid():N}" : Address;
        if (how == "an old form")
        {
            site.Time.Advance(TimeSpan.FromMinutes(11));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("proof", how == "no form was shown" ? "x" : proof)]) };
        request.Headers.Add("Sec-Fetch-Site", how == "another site presses it" ? "cross-site" : "same-origin");
        using var answer = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(0, minted);
    }

    [Fact]
    public async Task After_the_end_the_button_that_is_still_on_the_screen_makes_nothing()
    {
        var proof = Proof(await SignInAsync());
        site.Time.SetUtcNow(grant.EndsAt);

        var answer = await PressAsync(proof);

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Equal(0, minted);
    }

    private string Address => $"/access/{grant.Id:N}";

    private Task<HttpResponseMessage> PressAsync(string proof) => site.Browser.PostAsync(Address, new FormUrlEncodedContent([new("proof", proof)]));

    private static string Proof(string page) => Regex.Match(page, "(?<=name=\"proof\" value=\")[^\"]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;

    private async Task<string> SignInAsync(HttpStatusCode lands = HttpStatusCode.OK)
    {
        var challenge = await site.Browser.GetAsync(Address);
        Assert.Equal(HttpStatusCode.Redirect, challenge.StatusCode);
        using var elsewhere = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var back = await elsewhere.GetAsync(challenge.Headers.Location);
        var landed = await site.Browser.GetAsync(back.Headers.Location!.PathAndQuery);
        Assert.Equal(Address, landed.Headers.Location!.OriginalString);
        var page = await site.Browser.GetAsync(Address);
        Assert.Equal(lands, page.StatusCode);
        return await page.Content.ReadAsStringAsync();
    }

    private static Grant Open(DateTimeOffset now) => new()
    {
        Id = Guid.NewGuid(),
        Kind = GrantKind.ServiceAccount,
        Incident = 7,
        Operation = Some.Id(1),
        Person = "alice",
        Subject = "system:serviceaccount:breakglass-accounts:chatops-1",
        Role = "editor",
        Target = Some.Checkout,
        Scope = new("prod-eu", ["shop"], "chatops-breakglass-editor", ["get pods"]) { Accounts = "breakglass-accounts" },
        Reason = "pods crashloop",
        StartedAt = now,
        EndsAt = now.AddMinutes(5),
        FirstStartedAt = now,
        Latest = now.AddHours(2),
        Probes = [],
        State = GrantState.Active,
        GivenAt = now,
    };
}
