using System.Net;
using System.Text;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>Somebody makes access under our label, past us and while no incident is open: it is taken away, and people hear of it.</summary>
public abstract class RogueAccessTests(Func<MovableClock, Task<ShopCluster>> cluster)
{
    private const string Bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings";

    [StoryFact]
    public async Task It_is_taken_away_and_told_in_the_channel_of_the_applications_and_counted()
    {
        var numbers = new Uri($"http://127.0.0.1:{Product.FreePort()}");
        await using var world = await ScenarioWorld.StartAsync(cluster, socketMode: false, new Dictionary<string, string?>
        {
            ["Channels:0:Applications:0"] = "*",
            ["Channels:0:Slack"] = SampleWorkspace.IncidentChannel,
            ["Web:MetricsUrl"] = numbers.ToString(),
        });
        using var binding = new StringContent("""
            { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
              "metadata": { "name": "chatops-rogue", "labels": { "app.kubernetes.io/managed-by": "chatops", "chatops.dev/grant": "11111111111111111111111111111111" },
                "annotations": { "chatops.dev/expires-at": "2099-01-01T00:00:00Z" } },
              "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "chatops-breakglass-viewer" },
              "subjects": [ { "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "mallory" } ] }
            """, Encoding.UTF8, "application/json");
        using var made = await world.Shop.Admin.PostAsync(new Uri(Bindings, UriKind.Relative), binding);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);

        // A sweep that had begun before it was made waits its three minutes from its own end on: time passes until one has found it.
        using var found = new CancellationTokenSource();
        var passing = PassAsync(world.Clock, found.Token);
        var told = await world.Slack.WaitForAsync(() => world.Channel.Messages.FirstOrDefault(message => Reading.Shows(message, "chatops-rogue", "mallory", "the books know of no grant behind it", "I took it away")), "the channel to be told", default, ScenarioWorld.Patience);
        await found.CancelAsync();
        await passing;
        Assert.Null(told.ThreadTs);
        Assert.Null(await world.Shop.FindAsync($"{Bindings}/chatops-rogue"));
        using var http = new HttpClient { BaseAddress = numbers };
        Assert.Matches("chatops_grants_found_total\\{kind=\"role_binding\",outcome=\"taken_away\"\\} [1-9]", await http.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
    }

    private static async Task PassAsync(MovableClock clock, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromSeconds(2), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

public sealed class RogueAccessSimulatedTests() : RogueAccessTests(SimulatedShopCluster.StartAsync);

[OnARealCluster]
[Collection(RealShopOfAccess.Name)]
public sealed class RogueAccessOnARealClusterTests(RealShopServer real) : RogueAccessTests(real.StartShopAsync);
