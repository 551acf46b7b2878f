using System.Net;
using ChatOps.Core.Grants;
using ChatOps.Core.Timeline;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Scenarios.Access;

/// <summary>
/// The server is killed in the very moment at which access ends, or before it knows whether it gave it, and stays dead across
/// the end: the janitor ends it, and the record says afterwards what was seen and no more. In real time, as processes have no other.
/// </summary>
/// <param name="all">Every death at an end; else two of them, because each costs a start.</param>
public abstract class DeadAtItsMomentTests(Func<MovableClock, Task<ShopCluster>> cluster, Func<ShopCluster, Task> janitor, bool all)
{
    [StoryFact]
    public async Task What_the_janitor_ended_is_told_as_gone_and_counts_for_no_lateness_of_ours()
    {
        await using var server = await MortalServer.StartAsync(cluster);
        SlackMessage[] cards =
        [
            await server.RequestedAsync(server.World.Carol, "viewer", "90s"), await server.RequestedAsync(server.World.Carol, "deployer", "90s"),
            await server.RequestedAsync(server.World.Carol, "node-viewer", "90s"), await server.RequestedAsync(server.World.Alice, "viewer", "90s"),
        ];
        server.Forget();
        foreach (var card in cards)
        {
            await server.World.Bob.PressAsync(card, "Approve");
        }

        await OpenAsync(server, objects: 2 + 1 + 1 + 3);
        await server.DiesAtAsync(knock => knock.IsWrite && knock.Method is "DELETE" or "PATCH", 1, done: false, () => Task.CompletedTask, whileDead: async () =>
        {
            await PassAsync(server);
            Assert.NotEmpty(await server.ObjectsAsync());
            await janitor(server.World.Shop);
            Assert.Empty(await server.ObjectsAsync());
            await UntilAsync(async () => await CarolAsksAsync(server, "/api/v1/namespaces/shop/pods") == HttpStatusCode.Forbidden); // the authorizer learns of it a moment later
            await UntilAsync(async () => await CarolAsksAsync(server, "/api/v1/nodes") == HttpStatusCode.Forbidden);
        });

        await server.World.Slack.WaitForAsync(() => server.New().Count(message => Reading.Shows(message, "is ended")) == 4 ? "" : null, "four ends", default, ScenarioWorld.Patience);
        await server.World.Slack.WaitForAsync(() => server.New().Count(message => Reading.Shows(message, "allows no more than before") || Reading.Shows(message, "holds neither the role nor a token of it")) == 4 ? "" : null, "four proofs", default, ScenarioWorld.Patience);
        var numbers = await server.Server.NumbersAsync();
        var grants = await server.ReckonAsync();
        Assert.Equal(4, grants.Count);
        Assert.All(grants, grant => Assert.True(grant.EndedAt >= grant.EndsAt));

        // The one call under way when it died may have come through; whatever is there no more was gone.
        Assert.All(grants, grant => Assert.True(grant.WasGone));
        Assert.Equal(4, server.New().Count(message => Reading.Shows(message, "was gone when I looked", "s after its moment")));
        Assert.Contains("chatops_grant_end_lateness_seconds_count 0", numbers, StringComparison.Ordinal);
        Assert.Contains("chatops_grant_denied_seconds_count 0", numbers, StringComparison.Ordinal);
    }

    [StoryFact]
    public async Task Of_what_it_did_not_know_to_be_given_it_does_not_say_that_nothing_was_changed()
    {
        await using var server = await MortalServer.StartAsync(cluster);
        foreach (var (who, role, gives, ended) in ((Sandbox.Slack.Scripting.SlackActor, string, int, bool)[])[(server.World.Carol, "deployer", 1, true), (server.World.Alice, "viewer", 3, false)])
        {
            var card = await server.RequestedAsync(who, role, "20s");
            await server.DiesAtAsync(knock => knock.IsWrite, gives, done: true, () => server.World.Bob.PressAsync(card, "Approve"), whileDead: async () =>
            {
                await PassAsync(server);
                if (ended)
                {
                    await janitor(server.World.Shop);
                }

                Assert.Equal(ended, (await server.ObjectsAsync()).Count == 0);
            });
            await server.SaysAsync("is ended");
        }

        var grants = await server.ReckonAsync();
        Assert.Equal([true, false], grants.OrderBy(grant => grant.StartedAt).Select(grant => grant.WasGone));
        using var records = LiteDbRecords.Open(server.World.Store, TimeProvider.System);
        var timeline = await records.TimelineAsync(1, default);
        Assert.DoesNotContain(timeline, entry => entry.Kind == TimelineKind.Granted || entry.Text.Contains("nothing was changed", StringComparison.Ordinal));
    }

    /// <summary>Before, between and after the calls that end it; the janitor does not come, and it starts again at once.</summary>
    [StoryFact]
    public async Task Killed_in_a_call_of_its_end_it_has_ended_it_once_it_is_back()
    {
        (bool ByAlice, string Role, int Gives, int Nth, bool Done, bool IsLast)[] deaths =
        [
            (false, "viewer", 0, 1, true, false), (true, "viewer", 0, 3, true, true),
            (false, "viewer", 0, 2, true, true), (false, "deployer", 1, 1, true, true), (false, "node-viewer", 0, 1, true, true), (true, "viewer", 0, 2, false, false),
        ];
        await using var server = await MortalServer.StartAsync(cluster);
        foreach (var (byAlice, role, gives, nth, done, isLast) in all ? deaths : deaths[..2])
        {
            var card = await server.RequestedAsync(byAlice ? server.World.Alice : server.World.Carol, role, "10s");
            server.Forget();

            // What a role in Argo CD is given by is a patch of its project, as its end is.
            await server.DiesAtAsync(knock => knock.IsWrite && knock.Method is "DELETE" or "PATCH", gives + nth, done, () => server.World.Bob.PressAsync(card, "Approve"));

            await server.SaysAsync("is ended", "after its moment");
            await server.SaysAsync(role == "deployer" ? "holds neither the role nor a token of it" : "allows no more than before");
            Assert.Empty(await server.ObjectsAsync());
            foreach (var path in (string[])["/api/v1/namespaces/shop/pods", $"/api/v1/namespaces/{SeveralNamespaces.Second}/pods", "/api/v1/nodes"])
            {
                Assert.Equal(HttpStatusCode.Forbidden, await CarolAsksAsync(server, path));
            }

            // Who took the last of it nobody wrote down; what it took itself after that it may say.
            Assert.Equal(isLast ? 1 : 0, server.New().Count(message => Reading.Shows(message, "was gone when I looked")));
        }

        var grants = await server.ReckonAsync();
        Assert.All(grants, grant => Assert.True(grant.EndedAt >= grant.EndsAt));
        Assert.All(grants, grant => Assert.Equal(GrantProof.NoMoreThanBefore, grant.Proof));
    }

    private static Task OpenAsync(MortalServer server, int objects) => UntilAsync(async () => (await server.ObjectsAsync()).Count == objects && server.New().Count(message => Reading.Shows(message, "is open until")) == 4);

    /// <summary>Until the end of everything that is there.</summary>
    private static async Task PassAsync(MortalServer server)
    {
        var end = (await server.ObjectsAsync()).Max(one => one.EndsAt);
        await UntilAsync(() => Task.FromResult(DateTimeOffset.UtcNow > end));
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(ScenarioWorld.Patience);
        while (!await holds())
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task<HttpStatusCode> CarolAsksAsync(MortalServer server, string path)
    {
        using var answer = await server.World.Shop.Carol.GetAsync(path);
        return answer.StatusCode;
    }
}

/// <summary>Here somebody with all rights does what the janitor does; its script needs a real API server.</summary>
public sealed class DeadAtItsMomentSimulatedTests() : DeadAtItsMomentTests(SimulatedShopCluster.StartAsync, TakeAllAsync, all: true)
{
    private static async Task TakeAllAsync(ShopCluster shop)
    {
        foreach (var kind in (string[])["/apis/rbac.authorization.k8s.io/v1/rolebindings", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", $"/api/v1/namespaces/{MortalServer.AccountsIn}/serviceaccounts"])
        {
            foreach (var one in (await shop.FindAsync($"{kind}?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dchatops%2Cchatops.dev%2Fgrant"))!["items"]!.AsArray())
            {
                var (ns, name) = ((string?)one!["metadata"]!["namespace"], (string)one["metadata"]!["name"]!);
                using var deleted = await shop.Admin.DeleteAsync(ns is null ? $"{kind}/{name}" : $"{kind[..kind.LastIndexOf('/')].Replace($"/namespaces/{MortalServer.AccountsIn}", "", StringComparison.Ordinal)}/namespaces/{ns}{kind[kind.LastIndexOf('/')..]}/{name}");
                Assert.True(deleted.IsSuccessStatusCode, name);
            }
        }

        await shop.AdminPatchesAsync("/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop", """{ "spec": { "roles": null } }""");
    }
}

[OnARealCluster]
[Collection(RealShopOfAccess.Name)]
public sealed class DeadAtItsMomentOnARealClusterTests(RealShopServer real) : DeadAtItsMomentTests(real.StartShopAsync, _ => JanitorRun.OnceAsync(real.Server), all: false);
