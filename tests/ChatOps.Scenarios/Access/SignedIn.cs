using System.Text.RegularExpressions;
using ChatOps.Sandbox.Identity;

namespace ChatOps.Scenarios.Access;

/// <summary>A browser that came back from the identity provider as somebody, and what it does on the page of a token.</summary>
internal static class SignedIn
{
    public static async Task<HttpClient> AsAsync(Uri product, SimulatedIdentityProvider provider, string who, string page)
    {
        provider.Claims["preferred_username"] = who;
        var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new() }) { BaseAddress = product };
        using var elsewhere = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var back = await elsewhere.GetAsync((await browser.GetAsync(page)).Headers.Location);
        var landed = await browser.GetAsync(back.Headers.Location!.PathAndQuery);
        Assert.Equal(page, landed.Headers.Location!.OriginalString);
        return browser;
    }

    /// <summary>Presses the button; what the page shows then, and the token in it, if there is one.</summary>
    public static async Task<(string Shown, string Token)> ClaimAsync(this HttpClient browser, string page)
    {
        var proof = Regex.Match(await browser.GetStringAsync(page), "(?<=name=\"proof\" value=\")[^\"]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        var shown = await (await browser.PostAsync(page, new FormUrlEncodedContent([new("proof", proof)]))).Content.ReadAsStringAsync();
        return (shown, Regex.Match(shown, "(?<=token: )[A-Za-z0-9._-]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value);
    }
}
