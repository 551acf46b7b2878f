using System.Net;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>The API server is silent, slow or not there when access ends: people are told, and it ends as soon as there is an answer.</summary>
public sealed class ClusterSilentTests
{
    private const string Incidents = SampleWorkspace.IncidentChannel;
    private const string Payments = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/payments";

    [Theory]
    [InlineData("carol", "viewer", "silent")]
    [InlineData("carol", "viewer", "down")]
    [InlineData("carol", "viewer", "slow")]
    [InlineData("carol", "deployer", "silent")]
    [InlineData("carol", "deployer", "slow")]
    [InlineData("carol", "node-viewer", "down")]
    [InlineData("alice", "viewer", "silent")]
    [InlineData("alice", "viewer", "slow")]
    public async Task It_is_told_and_ends_as_soon_as_it_answers(string person, string role, string trouble)
    {
        var (world, door) = await Behind.StartAsync(SimulatedShopCluster.StartAsync, WithAccounts());
        await using var closesLast = door;
        await using var closes = world;
        await SeveralNamespaces.DeployAsync(world);
        var thread = await DeclareAsync(world, "checkout");
        await (person == "alice" ? world.Alice : world.Carol).MentionAsync(Incidents, thread, $"breakglass request checkout as {role} for 3m because pods crashloop on config");
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, $"Access as {role} to checkout", "needs one approval"), "Approve");
        await world.ThreadSaysAsync(thread, "is open until");
        switch (trouble)
        {
            case "silent": door.Judge = _ => new Passage.Nothing(); break;
            case "slow": door.Judge = knock => knock.IsWrite ? new Passage.Done(() => { }) : Passage.Open; break; // done, and the answer comes too late
            case "down": await door.CloseAsync(); break;
        }

        world.Clock.Advance(TimeSpan.FromSeconds(61));
        world.Clock.Advance(TimeSpan.FromSeconds(61));
        world.Clock.Advance(TimeSpan.FromSeconds(61));
        await HurriedUntilAsync(world, () => Says(world, thread, "not ended yet", "I keep trying until it is"));
        Assert.False(Says(world, thread, "is ended"));
        if ((role, trouble) is ("viewer", "silent" or "down") && person == "carol")
        {
            Assert.Equal(HttpStatusCode.OK, await CarolAsksAsync(world, "/api/v1/namespaces/shop/pods"));
        }

        world.Clock.Hurry(TimeSpan.FromSeconds(11)); // who waits at the door for nothing waits no longer
        door.Judge = _ => Passage.Open;
        await (trouble == "down" ? door.OpenAsync() : Task.CompletedTask);
        await TimePassesUntilAsync(world, () => Says(world, thread, "is ended", "after its moment"));
        await TimePassesUntilAsync(world, () => Says(world, thread, role == "deployer" ? "holds neither the role nor a token of it" : "allows no more than before"));
        Assert.Equal(trouble == "slow", Says(world, thread, "was gone when I looked"));
        Assert.Equal(HttpStatusCode.Forbidden, await CarolAsksAsync(world, role == "node-viewer" ? "/api/v1/nodes" : "/api/v1/namespaces/shop/pods"));
    }

    [Fact]
    public async Task A_silent_cluster_holds_up_no_end_in_another()
    {
        SimulatedApiServer? second = null;
        var folder = Directory.CreateTempSubdirectory("chatops-second-").FullName;
        var overrides = new Dictionary<string, string?>
        {
            ["Clusters:0:RequestTimeout"] = "00:01:00",
            ["Clusters:1:Name"] = "second",
            ["Clusters:1:Server"] = "https://second.example.com",
            ["Clusters:1:KubeConfig"] = Path.Combine(folder, "kubeconfig"),
            ["Policy:BreakGlass:Namespaces:1:Cluster"] = "second",
            ["Policy:BreakGlass:Namespaces:1:Names:0"] = "shop",
            ["Policy:Rules:0:Clusters:0"] = "*",
        };
        var (world, door) = await Behind.StartAsync(
            async clock =>
            {
                second = await SimulatedApiServer.StartAsync(clock, new SimulatedApiServerOptions(), CancellationToken.None);
                second.AddUser("simulated-bot", BotRights.BotUser, "system:serviceaccounts", "system:serviceaccounts:chatops", "system:authenticated");
                second.Create(new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "shop" } });
                foreach (var right in BotRights.For("payments"))
                {
                    second.Create(right);
                }

                await File.WriteAllTextAsync(Path.Combine(folder, "kubeconfig"), second.KubeConfig("simulated-bot"));
                return await SimulatedShopCluster.StartAsync(clock);
            },
            overrides);
        await using var closesLast = door;
        await using var stops = second!;
        await using var closes = world;
        await world.Shop.WaitForAsync(Payments, payments => (string?)payments["status"]?["sync"]?["status"] == "Synced", "payments to be deployed");
        await world.Shop.AdminPatchesAsync(Payments, """{ "spec": { "syncPolicy": null, "destination": { "server": "https://second.example.com" } } }""");
        var thread = await DeclareAsync(world, "checkout,payments");
        foreach (var application in (string[])["checkout", "payments"])
        {
            await world.Carol.MentionAsync(Incidents, thread, $"breakglass request {application} as viewer for 3m because pods crashloop on config");
            await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, $"Access as viewer to {application}", "needs one approval"), "Approve");
            await world.ThreadSaysAsync(thread, $"to {application}", "is open until");
        }

        door.Judge = _ => new Passage.Nothing();
        world.Clock.Advance(TimeSpan.FromSeconds(61));
        world.Clock.Advance(TimeSpan.FromSeconds(61));
        world.Clock.Advance(TimeSpan.FromSeconds(61));

        await world.ThreadSaysAsync(thread, "to payments", "is ended", "after its moment", "allows no more than before");
        Assert.Equal(0, door.GivenUp); // the other end waits for its answer still
        Assert.False(Says(world, thread, "to checkout", "is ended"));
        await HurriedUntilAsync(world, () => door.GivenUp > 0);
        door.Judge = _ => Passage.Open;
        await TimePassesUntilAsync(world, () => Says(world, thread, "to checkout", "is ended"));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>alice is nobody whom the cluster knows; checkout lives in two namespaces.</summary>
    /// <summary>Alice is nobody in the cluster, and gets accounts.</summary>
    internal static Dictionary<string, string?> WithAccounts() => new()
    {
        ["Identity:People:0:KubernetesUser"] = "",
        ["Policy:BreakGlass:AccountsIn"] = MortalServer.AccountsIn,
        ["Policy:BreakGlass:Namespaces:0:Names:1"] = SeveralNamespaces.Second,
        ["Policy:Rules:0:Namespaces:0"] = "*",
        ["Web:Oidc:Authority"] = "https://login.example.com",
        ["Web:Oidc:ClientId"] = "chatops",
        ["Web:Oidc:ClientSecret"] = "not asked for in this story",
        ["Web:Oidc:Claim"] = "preferred_username",
        ["Web:Oidc:Matches"] = "Name",
    };

    private static async Task<string> DeclareAsync(ScenarioWorld world, string applications)
    {
        await world.Bob.CommandAsync("/incident", $"declare \"Checkout 500s\" sev1 apps {applications}", Incidents);
        return (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", default, ScenarioWorld.Patience)).Ts;
    }

    private static bool Says(ScenarioWorld world, string thread, params string[] words) => world.Channel.Thread(thread).Any(message => message.Ts != thread && Reading.Shows(message, words));

    private static async Task<HttpStatusCode> CarolAsksAsync(ScenarioWorld world, string path)
    {
        using var answer = await world.Shop.Carol.GetAsync(path);
        return answer.StatusCode;
    }

    /// <summary>A little at a time, also for whoever waits for an answer that does not come.</summary>
    private static Task HurriedUntilAsync(ScenarioWorld world, Func<bool> holds) => UntilAsync(holds, () => world.Clock.Hurry(TimeSpan.FromSeconds(3)));

    /// <summary>A little at a time, but not for whoever waits for an answer that does come: a slow machine is no silent cluster.</summary>
    private static Task TimePassesUntilAsync(ScenarioWorld world, Func<bool> holds) => UntilAsync(holds, () => world.Clock.Advance(TimeSpan.FromSeconds(3)));

    private static async Task UntilAsync(Func<bool> holds, Action pass)
    {
        using var limit = new CancellationTokenSource(ScenarioWorld.Patience);
        while (!holds())
        {
            pass();
            await Task.Delay(200, limit.Token);
        }
    }
}
