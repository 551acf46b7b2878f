using System.Net;
using System.Text.RegularExpressions;
using ChatOps.Sandbox.Identity;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>Access of somebody whom the cluster does not know: from the request in chat over the sign-in to the token, on a real API server.</summary>
[OnARealCluster]
[Collection(RealShopOfAccess.Name)]
public sealed class TheTokenStory(RealShopServer real)
{
    private const string Incidents = SampleWorkspace.IncidentChannel;
    private const string Pods = "/api/v1/namespaces/shop/pods";
    private const string Accounts = "/api/v1/namespaces/breakglass-accounts/serviceaccounts?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dchatops";

    [StoryFact]
    public async Task The_link_in_the_message_leads_over_a_sign_in_to_a_token_that_the_end_takes_away()
    {
        await using var provider = new SimulatedIdentityProvider();
        await provider.StartAsync();
        await using var world = await ScenarioWorld.StartAsync(real.StartShopAsync, socketMode: false, new Dictionary<string, string?>
        {
            ["Identity:People:2:KubernetesUser"] = "",
            ["Policy:BreakGlass:AccountsIn"] = "breakglass-accounts",
            ["Web:Oidc:Authority"] = provider.Issuer,
            ["Web:Oidc:ClientId"] = SimulatedIdentityProvider.ClientId,
            ["Web:Oidc:ClientSecret"] = SimulatedIdentityProvider.ClientSecret,
            ["Web:Oidc:Claim"] = "preferred_username",
            ["Web:Oidc:Matches"] = "Name",
        });
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", Incidents);
        var thread = (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", default, ScenarioWorld.Patience)).Ts;
        await world.Carol.MentionAsync(Incidents, thread, "breakglass request checkout as editor for 30m because pods crashloop on config");
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, "Access as editor to checkout", "whom the cluster does not know", "breakglass-accounts", "needs one approval"), "Approve");
        await world.ThreadSaysAsync(thread, "is open until", "ServiceAccount chatops-", "after a sign-in");
        await world.PersonIsToldAsync(world.Carol, "Your access to checkout", "kept nowhere");
        var page = $"/access/{Assert.Single(await AccountsAsync(world))["chatops-".Length..]}";

        using var bob = await SignedIn.AsAsync(world.Settings.Url, provider, "bob", page);
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.GetAsync(page)).StatusCode);
        await world.ThreadSaysAsync(thread, "Bob Brown signed in and opened the page", "were refused");

        using var carol = await SignedIn.AsAsync(world.Settings.Url, provider, "carol", page);
        var proof = Regex.Match(await carol.GetStringAsync(page), "(?<=name=\"proof\" value=\")[^\"]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        var shown = await (await carol.PostAsync(page, new FormUrlEncodedContent([new("proof", proof)]))).Content.ReadAsStringAsync();
        var token = Regex.Match(shown, "(?<=token: )[A-Za-z0-9._-]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        await world.ThreadSaysAsync(thread, "carol signed in and fetched a token");
        Assert.True(token.Length > 100, shown);

        using var holder = real.Server.ClientFor(token);
        await UntilAsync(holder, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Forbidden, (await holder.GetAsync("/api/v1/namespaces/shop/secrets")).StatusCode);

        world.Clock.Advance(TimeSpan.FromMinutes(30));

        await world.ThreadSaysAsync(thread, "Carol Chiba", "is ended", "after its moment", "allows no more than before");
        Assert.NotEqual(HttpStatusCode.OK, (await holder.GetAsync(Pods)).StatusCode);
        Assert.Empty(await AccountsAsync(world));
        Assert.DoesNotContain("token:", await (await carol.PostAsync(page, new FormUrlEncodedContent([new("proof", proof)]))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> AccountsAsync(ScenarioWorld world) =>
        [.. (await world.Shop.FindAsync(Accounts))!["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!)];

    private static async Task UntilAsync(HttpClient holder, HttpStatusCode wanted)
    {
        using var limit = new CancellationTokenSource(ScenarioWorld.Patience);
        while ((await holder.GetAsync(Pods, limit.Token)).StatusCode != wanted)
        {
            await Task.Delay(20, limit.Token); // the authorizer learns of a binding a moment after it is stored
        }
    }
}
