using System.Net;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;
using ChatOps.Server.Configuration;

namespace ChatOps.Scenarios.Access;

/// <summary>Whatever becomes of the configuration while somebody has access: it ends at its moment, and the record says so.</summary>
public abstract class WithoutItsPolicyTests(Func<MovableClock, Task<ShopCluster>> cluster)
{
    [StoryFact]
    public async Task Access_ends_though_its_person_its_roles_its_rules_and_every_opt_in_are_gone()
    {
        await using var world = await ScenarioWorld.StartAsync(cluster, socketMode: false);
        var thread = await OpenAccess.GiveAsync(world);
        await world.StopProductAsync();

        await using var product = await Product.StartAsync(world.Settings with { Overrides = Another }, CancellationToken.None, time: world.Clock);
        world.Clock.Advance(TimeSpan.FromMinutes(30));

        await OpenAccess.EndsAreToldAsync(world, thread, "carol"); // nobody knows her display name any more
        await OpenAccess.NothingIsLeftAsync(world);
    }

    [StoryFact]
    public async Task Access_ends_by_its_labels_though_the_policy_cannot_be_read_and_the_start_fails_when_none_is_left()
    {
        await using var world = await ScenarioWorld.StartAsync(cluster, socketMode: false);
        var thread = await OpenAccess.GiveAsync(world);
        await world.StopProductAsync();
        var wrong = world.Settings with { Overrides = new Dictionary<string, string?> { ["Policy:Rules:0:LongestDuration"] = "two hours", ["Policy:BreakGlass:NoticeBeforeEnd"] = "soon" } };
        using var http = new HttpClient { BaseAddress = world.Settings.Url };

        var running = Product.RunAsync(wrong, world.Clock, CancellationToken.None);
        await UntilAsync(running, async () => await StatusAsync(http, "/health/live") == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(http, "/health/ready"));
        Assert.Equal(4, await OpenAccess.LeftAsync(world));
        world.Clock.Advance(TimeSpan.FromMinutes(30));
        var refused = await Assert.ThrowsAsync<SettingsException>(() => running.WaitAsync(ScenarioWorld.Patience));

        Assert.Contains("LongestDuration", refused.Message, StringComparison.Ordinal);
        await OpenAccess.NothingIsLeftAsync(world);
        await Assert.ThrowsAsync<SettingsException>(() => Product.RunAsync(wrong, world.Clock, CancellationToken.None)); // at once: nothing is left to stay for
        await world.StartProductAsync();
        await OpenAccess.EndsAreToldAsync(world, thread, "Carol Chiba");
    }

    /// <summary>Other roles, rules and opt-ins stand where those were that gave it, and somebody else where she was.</summary>
    private static Dictionary<string, string?> Another => new()
    {
        ["Identity:People:2:Name"] = "dora",
        ["Identity:People:2:DisplayName"] = "Dora Dunn",
        ["Identity:People:2:Slack:User"] = "U0DORA",
        ["Identity:People:2:KubernetesUser"] = "dora@example.com",
        ["Identity:People:2:ArgoCdUser"] = "dora@example.com",
        ["Policy:BreakGlass:Roles:0:Name"] = "writer",
        ["Policy:BreakGlass:Roles:1:Name"] = "reader",
        ["Policy:BreakGlass:Roles:1:ClusterRole"] = "view",
        ["Policy:BreakGlass:Roles:2:Name"] = "shipper",
        ["Policy:BreakGlass:Roles:2:ArgoCdActions:1"] = "get", // and no sync
        ["Policy:BreakGlass:Roles:3:Name"] = "node-reader",
        ["Policy:BreakGlass:Roles:3:ClusterRole"] = "other-nodes",
        ["Policy:BreakGlass:Namespaces:0:Names:0"] = "elsewhere",
        ["Policy:BreakGlass:ClusterWideIn:0"] = "elsewhere",
        ["Policy:Rules:0:Name"] = "another",
        ["Policy:Rules:0:Applications:0"] = "nothing",
        ["Policy:Rules:0:Access:0"] = "writer",
        ["Policy:Rules:0:Access:1"] = "reader",
        ["Policy:Rules:0:Access:2"] = "shipper",
        ["Policy:Rules:1:Name"] = "another-higher",
        ["Policy:Rules:1:Applications:0"] = "nothing",
        ["Policy:Rules:1:Access:0"] = "node-reader",
    };

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(path);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task UntilAsync(Task running, Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(ScenarioWorld.Patience);
        while (!await holds())
        {
            Assert.False(running.IsCompleted, $"the server ended by itself: {running.Exception?.GetBaseException().Message}");
            await Task.Delay(50, limit.Token);
        }
    }
}

public sealed class WithoutItsPolicySimulatedTests() : WithoutItsPolicyTests(SimulatedShopCluster.StartAsync)
{
    /// <summary>The cluster is none of the configuration's: people are told what keeps the end, and it comes when the cluster is back.</summary>
    [Fact]
    public async Task A_cluster_that_is_not_mapped_any_more_is_named_until_it_is_back()
    {
        await using var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false);
        var thread = await OpenAccess.GiveAsync(world);
        await world.StopProductAsync();
        var elsewhere = world.Settings.All().Where(setting => setting.Value == "shop" && setting.Key.Contains("Cluster", StringComparison.Ordinal)).ToDictionary(setting => setting.Key, _ => (string?)"elsewhere");

        await using (await Product.StartAsync(world.Settings with { Overrides = elsewhere }, CancellationToken.None, time: world.Clock))
        {
            world.Clock.Advance(TimeSpan.FromMinutes(30));
            foreach (var role in (string[])["viewer", "node-viewer", "deployer"])
            {
                await world.ThreadSaysAsync(thread, $"as {role}", "not ended yet", "in the configuration any more: put it back until nothing of ours is left there");
            }
        }

        world.Clock.Advance(TimeSpan.FromMinutes(1)); // longer than it waits between two tries
        await world.StartProductAsync();
        await OpenAccess.EndsAreToldAsync(world, thread, "Carol Chiba");
        await OpenAccess.NothingIsLeftAsync(world);
    }
}

[OnARealCluster]
[Collection(RealShopOfAccess.Name)]
public sealed class WithoutItsPolicyOnARealClusterTests(RealShopServer real) : WithoutItsPolicyTests(real.StartShopAsync);
