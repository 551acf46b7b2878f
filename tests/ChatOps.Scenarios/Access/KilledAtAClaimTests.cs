using System.Net;
using System.Text.RegularExpressions;
using ChatOps.Core.Timeline;
using ChatOps.Scenarios.World;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Scenarios.Access;

/// <summary>The server is killed while somebody fetches the token of their account: who asked is on the record, and the end takes away what nobody saw too.</summary>
[OnARealCluster]
[Collection(RealShopOfAccess.Name)]
public sealed partial class KilledAtAClaimTests(RealShopServer real)
{
    [StoryFact]
    public async Task A_claim_that_a_kill_cut_off_is_on_the_record_and_is_made_again_and_everything_dies_with_the_account()
    {
        await using var server = await MortalServer.StartAsync(real.StartShopAsync);
        await server.World.Bob.PressAsync(await server.RequestedAsync(server.World.Alice, "viewer", "30m"), "Approve");
        await server.SaysAsync("is open until", "after a sign-in");
        var page = $"/access/{GrantInName().Match((await server.ObjectsAsync())[0].Name).Value}";
        using var alice = await SignedIn.AsAsync(server.World.Settings.Url, server.Provider, "alice", page);

        foreach (var done in (bool[])[false, true])
        {
            Task? cutOff = null;
            await server.DiesAtAsync(knock => knock.Path.EndsWith("/token", StringComparison.Ordinal), 1, done, () =>
            {
                cutOff = alice.ClaimAsync(page);
                return Task.CompletedTask;
            });
            await Assert.ThrowsAsync<HttpRequestException>(() => cutOff!);
        }

        var (shown, token) = await alice.ClaimAsync(page);
        Assert.True(token.Length > 100, shown);
        await server.SaysAsync("fetched a token", "3 of 10");
        using var holder = real.Server.ClientFor(token);
        await UntilAsync(async () => await StatusAsync(holder) == HttpStatusCode.OK);
        server.Forget();

        await server.DiesAtAsync(knock => knock.IsWrite, 2, done: true, () => server.MentionAsync(server.World.Alice, "breakglass done"));

        await server.SaysAsync("is ended", "gave it back");
        await UntilAsync(async () => await StatusAsync(holder) != HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Gone, (await alice.GetAsync(page)).StatusCode);
        await server.SaysAsync("allows no more than before");
        var grant = Assert.Single(await server.ReckonAsync());
        Assert.Equal(3, grant.Claims);
        using var records = LiteDbRecords.Open(server.World.Store, TimeProvider.System);
        Assert.Equal(3, (await records.TimelineAsync(1, default)).Count(entry => entry is { Kind: TimelineKind.TokenClaimed, By: "alice" }));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient holder)
    {
        using var answer = await holder.GetAsync("/api/v1/namespaces/shop/pods");
        return answer.StatusCode;
    }

    /// <summary>The authorizer learns of what is stored a moment after the answer.</summary>
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(ScenarioWorld.Patience);
        while (!await holds())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    [GeneratedRegex("(?<=chatops-)[0-9a-f]{32}", RegexOptions.None, 1000)]
    private static partial Regex GrantInName();
}
