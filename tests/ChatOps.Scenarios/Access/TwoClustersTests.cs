using System.Net;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>
/// One Argo CD, applications in two clusters and one in a third that nobody mapped: access is in the application's own
/// cluster, as the configuration maps it, and in no other.
/// </summary>
public sealed class TwoClustersTests
{
    private const string Incidents = SampleWorkspace.IncidentChannel;
    private const string Applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
    private const string Bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dchatops";
    private const string Pods = "/api/v1/namespaces/shop/pods";

    [Fact]
    public async Task Access_is_in_the_applications_own_cluster_and_in_no_other_until_its_moment()
    {
        await using var east = await East.StartAsync();
        await using var world = await StartAsync(east);
        var thread = await DeclareAsync(world, "checkout,remote");
        using var carol = Client(east, "carol-in-the-east");
        using var admin = Client(east, east.Server.AdminToken);

        await GivenAsync(world, thread, "remote", "namespace shop of cluster east");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (await StatusAsync(carol), await StatusAsync(world.Shop.Carol)));
        Assert.Equal((1, 0), (await CountAsync(admin), await CountAsync(world.Shop.Admin)));

        await GivenAsync(world, thread, "checkout", "namespace shop of cluster shop");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(carol), await StatusAsync(world.Shop.Carol)));
        Assert.Equal((1, 1), (await CountAsync(admin), await CountAsync(world.Shop.Admin)));

        world.Clock.Advance(TimeSpan.FromMinutes(30));
        foreach (var name in (string[])["remote", "checkout"])
        {
            await world.ThreadSaysAsync(thread, $"Carol Chiba to {name}", "is ended", "after its moment", "allows no more than before");
        }

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (await StatusAsync(carol), await StatusAsync(world.Shop.Carol)));
        Assert.Equal((0, 0), (await CountAsync(admin), await CountAsync(world.Shop.Admin)));
    }

    [Fact]
    public async Task A_cluster_that_nobody_mapped_an_application_without_resources_and_a_closed_namespace_are_refused_with_what_to_do()
    {
        await using var east = await East.StartAsync();
        await using var world = await StartAsync(east);
        var thread = await DeclareAsync(world, "unmapped,empty,closed");

        foreach (var (name, says) in new (string, string[])[]
        {
            ("unmapped", ["runs in cluster https://10.9.9.9:6443, in which no access is given", "map it in Clusters and open its namespaces in Policy:BreakGlass:Namespaces"]),
            ("empty", ["Argo CD lists no resources of empty", "Once it was synced, ask again"]),
            ("closed", ["has resources in namespace jobs of cluster east, which did not opt in to break-glass access", "open it in Policy:BreakGlass:Namespaces and apply ChatOps.Server rbac"]),
        })
        {
            await world.Carol.MentionAsync(Incidents, thread, $"breakglass request {name} as viewer for 30m because pods crashloop on config");
            await world.PersonIsToldAsync(world.Carol, says);
        }

        Assert.DoesNotContain(world.Channel.Thread(thread), message => Reading.Shows(message, "Access as viewer"));
    }

    /// <summary>The cluster that is not answering keeps nobody's end in the other one.</summary>
    [Fact]
    public async Task An_end_in_one_cluster_does_not_wait_for_the_other()
    {
        await using var east = await East.StartAsync();
        await using var world = await StartAsync(east);
        var thread = await DeclareAsync(world, "checkout,remote");
        await GivenAsync(world, thread, "remote", "of cluster east");
        await GivenAsync(world, thread, "checkout", "of cluster shop");
        east.Server.Faults.Answer(request => request.Method == "DELETE", 503);

        world.Clock.Advance(TimeSpan.FromMinutes(30));

        await world.ThreadSaysAsync(thread, "Carol Chiba to remote", "not ended yet");
        await world.ThreadSaysAsync(thread, "Carol Chiba to checkout", "is ended", "allows no more than before");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(world.Shop.Carol));
        east.Server.Faults.Clear();
        world.Clock.Advance(TimeSpan.FromMinutes(5)); // longer than it waits between two tries
        await world.ThreadSaysAsync(thread, "Carol Chiba to remote", "is ended", "allows no more than before");
    }

    private static async Task<ScenarioWorld> StartAsync(East east)
    {
        var world = await ScenarioWorld.StartAsync(DeployedOnceAsync, socketMode: false, new Dictionary<string, string?>
        {
            ["Clusters:1:Name"] = "east",
            ["Clusters:1:Server"] = "https://east.example.com:6443",
            ["Clusters:1:KubeConfig"] = east.KubeConfig,
            ["Policy:BreakGlass:Namespaces:1:Cluster"] = "east",
            ["Policy:BreakGlass:Namespaces:1:Names:0"] = "shop",
            ["Policy:Rules:0:Clusters:1"] = "east",
            ["Policy:Rules:0:Namespaces:1"] = "jobs",
        });
        await DeployedAsync(world, "remote", "https://east.example.com:6443", "shop");
        await DeployedAsync(world, "unmapped", "https://10.9.9.9:6443", "shop");
        await DeployedAsync(world, "closed", "https://east.example.com:6443", "jobs");
        await DeployedAsync(world, "empty", "https://east.example.com:6443", null);
        return world;
    }

    /// <summary>Its Argo CD does nothing afterwards: it knows nothing of the applications that are written here.</summary>
    private static async Task<ShopCluster> DeployedOnceAsync(MovableClock clock)
    {
        var shop = await SimulatedShopCluster.StartByHandAsync(clock);
        while (!await shop.IsDeployedAsync())
        {
            var due = await shop.Argo.SettleAsync(CancellationToken.None) ?? throw new InvalidOperationException("Argo CD has nothing more to do, and the shop is not deployed.");
            clock.Advance(due > clock.GetUtcNow() ? due - clock.GetUtcNow() : TimeSpan.Zero);
        }

        return shop;
    }

    /// <summary>As Argo CD would write an application that it deployed there.</summary>
    private static Task DeployedAsync(ScenarioWorld world, string name, string server, string? ns) => world.Shop.AdminCreatesAsync(Applications, $$"""
        { "apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": { "name": "{{name}}", "namespace": "argocd" },
          "spec": { "project": "shop", "source": { "repoURL": "https://git.example.com/shop/deploy.git", "path": "{{name}}", "targetRevision": "main" },
                    "destination": { "server": "{{server}}", "namespace": "{{ns ?? "shop"}}" } },
          "status": { "sync": { "status": "Synced", "revision": "1111111111111111111111111111111111111111" }, "health": { "status": "Healthy" },
                      "resources": [{{(ns is null ? "" : $$"""{ "group": "apps", "version": "v1", "kind": "Deployment", "namespace": "{{ns}}", "name": "{{name}}", "status": "Synced" }""")}}] } }
        """);

    private static async Task<string> DeclareAsync(ScenarioWorld world, string applications)
    {
        await world.Alice.CommandAsync("/incident", $"declare \"Checkout 500s\" sev1 apps {applications}", Incidents);
        return (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", default, ScenarioWorld.Patience)).Ts;
    }

    private static async Task GivenAsync(ScenarioWorld world, string thread, string application, string where)
    {
        await world.Carol.MentionAsync(Incidents, thread, $"breakglass request {application} as viewer for 30m because pods crashloop on config");
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, $"Access as viewer to {application}", where, "needs one approval"), "Approve");
        await world.ThreadSaysAsync(thread, $"Carol Chiba to {application}", "is open until", where);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient person)
    {
        using var answer = await person.GetAsync(Pods);
        return answer.StatusCode;
    }

    private static async Task<int> CountAsync(HttpClient admin) => JsonNode.Parse(await admin.GetStringAsync(Bindings))!["items"]!.AsArray().Count;

    private static HttpClient Client(East east, string token)
    {
        var client = new HttpClient(east.Server.CreateHandler()) { BaseAddress = east.Server.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>A second API server, in which Argo CD deploys and does not run.</summary>
    private sealed class East : IAsyncDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("chatops-east-").FullName;

        private East(SimulatedApiServer server) => Server = server;

        public SimulatedApiServer Server { get; }

        public string KubeConfig => Path.Combine(folder, "kubeconfig");

        public static async Task<East> StartAsync()
        {
            var server = await SimulatedApiServer.StartAsync(TimeProvider.System, new SimulatedApiServerOptions(), CancellationToken.None);
            server.AddUser("bot-in-the-east", BotRights.BotUser, "system:serviceaccounts", "system:serviceaccounts:chatops", "system:authenticated");
            server.AddUser("carol-in-the-east", "carol@example.com", "system:authenticated");
            server.Create(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = "shop" } });
            foreach (var manifest in BotRights.For("nothing"))
            {
                server.Create(manifest);
            }

            var east = new East(server);
            await File.WriteAllTextAsync(east.KubeConfig, server.KubeConfig("bot-in-the-east"));
            return east;
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
