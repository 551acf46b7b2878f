using System.Net;
using System.Text.RegularExpressions;
using ChatOps.Core.Grants;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>
/// The server as a program of its own, killed in the very moment of each call that gives, ends or proves access, of every
/// kind: once with the call carried out and its answer lost, once without. Then it starts again, and there is one effect.
/// </summary>
/// <param name="bothWays">Each call once either way; else the one way and the other in turn, because each death costs a start.</param>
public abstract partial class KilledInTheMiddleTests(Func<MovableClock, Task<ShopCluster>> cluster, bool bothWays)
{
    private const string InKubernetes = "allows no more than before";
    private const string InArgoCd = "holds neither the role nor a token of it";

    [StoryFact]
    public async Task Access_in_several_namespaces_is_given_once_and_ended_for_good() => await EachCallAsync("carol", "viewer", gives: 2, takes: 2, objects: 2, InKubernetes);

    [StoryFact]
    public async Task An_account_with_its_bindings_is_given_once_and_ended_for_good() => await EachCallAsync("alice", "viewer", gives: 3, takes: 3, objects: 3, InKubernetes);

    [StoryFact]
    public async Task A_role_in_Argo_CD_is_given_once_and_ended_for_good() => await EachCallAsync("carol", "deployer", gives: 1, takes: 1, objects: 1, InArgoCd);

    [StoryFact]
    public async Task Access_to_the_whole_cluster_is_given_once_and_ended_for_good() => await EachCallAsync("carol", "node-viewer", gives: 1, takes: 1, objects: 1, InKubernetes);

    [StoryFact]
    public async Task An_extension_is_an_object_beside_the_old_one_once_and_whoever_ends_the_access_ends_both()
    {
        await using var server = await MortalServer.StartAsync(cluster);
        foreach (var (nth, done) in ((int, bool)[])[(1, true), (2, false)])
        {
            await server.World.Bob.PressAsync(await server.RequestedAsync(server.World.Carol, "viewer", "30m"), "Approve");
            await server.SaysAsync("is open until");
            var first = ShortId(await server.ObjectsAsync());
            server.Forget();
            await server.MentionAsync(server.World.Carol, $"breakglass extend {first} by 30m");
            var card = await server.SaysAsync("Longer access as viewer to checkout", "needs one approval");

            await server.DiesAtAsync(knock => knock.IsWrite, nth, done, () => server.World.Bob.PressAsync(card, "Approve"));

            await server.SaysAsync("is open until");
            Assert.Equal(4, (await server.ObjectsAsync()).Count);
            var second = ShortId([.. (await server.ObjectsAsync()).Where(one => !one.Name.EndsWith(first, StringComparison.Ordinal))]);
            await server.DiesAtAsync(knock => knock.IsWrite, nth + 1, done, () => nth == 1 ? server.MentionAsync(server.World.Bob, $"breakglass revoke {first}") : server.MentionAsync(server.World.Carol, "breakglass done"));
            await EndedAsync(server, first, InKubernetes);
            await EndedAsync(server, second, InKubernetes);
            Assert.DoesNotContain(server.New(), message => Reading.Shows(message, "goes on until"));
        }

        Assert.Equal(4, (await server.ReckonAsync()).Count);
    }

    /// <summary>A sweep takes it away and the server dies before it could say so: it was us, and whoever it let in is told.</summary>
    [StoryFact]
    public async Task What_somebody_turned_to_another_person_is_told_although_the_server_dies_as_it_takes_that_away()
    {
        await using var server = await MortalServer.StartAsync(cluster);
        await server.World.Bob.PressAsync(await server.RequestedAsync(server.World.Carol, "viewer", "30m"), "Approve");
        await server.SaysAsync("is open until");
        var name = (await server.ObjectsAsync())[0].Name;
        await server.DiesAtAsync(knock => knock is { IsWrite: true, Method: "DELETE" }, 1, done: true, async () =>
        {
            await server.Server.KillAsync();
            await server.World.Shop.AdminPatchesAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/{name}", """{ "subjects": [ { "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "mallory" } ] }""");
            await server.Server.StartAsync();
        });

        await server.SaysAsync("access for mallory", "it is for somebody else than was approved");
        await server.SaysAsync("is ended", "it is for somebody else than was approved", "could not write down what became of it");
        var grant = Assert.Single(await server.ReckonAsync());
        Assert.Equal("chatops", grant.EndedBy);
    }

    private async Task EachCallAsync(string person, string role, int gives, int takes, int objects, string proof)
    {
        await using var server = await MortalServer.StartAsync(cluster);
        var (who, cycles) = (person == "alice" ? server.World.Alice : server.World.Carol, 0);
        foreach (var (nth, done) in from nth in Enumerable.Range(1, Math.Max(gives, takes)) from done in (bool[])[true, false] where bothWays || done == (nth % 2 == 1) select (nth, done))
        {
            var card = await server.RequestedAsync(who, role, "30m");
            await server.DiesAtAsync(knock => knock.IsWrite, Math.Min(nth, gives), done, () => server.World.Bob.PressAsync(card, "Approve"));
            await server.SaysAsync("is open until");
            Assert.Equal(objects, (await server.ObjectsAsync()).Count);

            var id = ShortId(await server.ObjectsAsync());
            server.Forget();
            await server.DiesAtAsync(knock => knock.IsWrite, Math.Min(nth, takes), done, () => cycles++ % 2 == 0 ? server.MentionAsync(who, "breakglass done") : server.MentionAsync(server.World.Bob, $"breakglass revoke {id}"));
            await EndedAsync(server, id, proof);
        }

        if (proof == InKubernetes)
        {
            await server.World.Bob.PressAsync(await server.RequestedAsync(who, role, "30m"), "Approve");
            await server.SaysAsync("is open until");
            var id = ShortId(await server.ObjectsAsync());
            server.Forget();
            await server.DiesAtAsync(knock => knock.Asks(person == "alice" ? id : "carol@example.com"), 1, done: false, () => server.MentionAsync(who, "breakglass done"));
            await EndedAsync(server, id, proof);
            cycles++;
        }

        var grants = await server.ReckonAsync();
        Assert.Equal(cycles, grants.Count);
        Assert.All(grants, grant => Assert.Equal((GrantState.Ended, GrantProof.NoMoreThanBefore), (grant.State, grant.Proof)));
    }

    private static async Task EndedAsync(MortalServer server, string id, string proof)
    {
        var told = await server.SaysAsync(id, "is ended");
        Assert.True(Reading.Shows(told, proof) || Reading.Shows(await server.SaysAsync(id, proof), proof));
        Assert.Empty(await server.ObjectsAsync());
        foreach (var path in (string[])["/api/v1/namespaces/shop/pods", $"/api/v1/namespaces/{SeveralNamespaces.Second}/pods", "/api/v1/nodes"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, await CarolAsksAsync(server, path));
        }
    }

    private static async Task<HttpStatusCode> CarolAsksAsync(MortalServer server, string path)
    {
        using var answer = await server.World.Shop.Carol.GetAsync(path);
        return answer.StatusCode;
    }

    /// <summary>What people call the one grant that these are of.</summary>
    private static string ShortId(IReadOnlyList<(string Name, DateTimeOffset EndsAt)> objects) => Assert.Single(objects.Select(one => GrantInName().Match(one.Name).Value[^8..]).Distinct());

    [GeneratedRegex("(?<=chatops-)[0-9a-f]{32}", RegexOptions.None, 1000)]
    private static partial Regex GrantInName();
}

public sealed class KilledInTheMiddleSimulatedTests() : KilledInTheMiddleTests(SimulatedShopCluster.StartAsync, bothWays: true);

[OnARealCluster]
[Collection(RealShopOfAccess.Name)]
public sealed class KilledInTheMiddleOnARealClusterTests(RealShopServer real) : KilledInTheMiddleTests(real.StartShopAsync, bothWays: false);
