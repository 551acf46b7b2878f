using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>The audit webhook with events written by hand, so that they can be forged, repeated, bent and lost.</summary>
public sealed class AuditDoorTests
{
    private const string Incidents = SampleWorkspace.IncidentChannel;
    private const string Token = "audit-of-the-shop-0123456789";
    private const string TokenOfAnother = "audit-of-another-0123456789";

    [Fact]
    public async Task What_was_taken_is_told_once_whatever_happens_to_the_server()
    {
        await using var world = await StartAsync();
        var thread = await GivenAsync(world);
        var patch = Event(world, "/spec/replicas", 3);

        Assert.Equal(200, await TellAsync(world, Token, patch));
        await world.StopProductAsync();
        await world.StartProductAsync();
        Assert.Equal(200, await TellAsync(world, Token, patch));
        Assert.Equal(200, await TellAsync(world, Token, patch, Event(world, "/spec/replicas", 5)));

        await world.ThreadSaysAsync(thread, "Done with access", "2 changes", "/spec/replicas = 3", "/spec/replicas = 5");
    }

    [Fact]
    public async Task The_token_says_whose_events_they_are()
    {
        await using var world = await StartAsync();
        var thread = await GivenAsync(world);

        Assert.Equal(200, await TellAsync(world, TokenOfAnother, Event(world, "/spec/replicas", 99)));
        Assert.Equal(200, await TellAsync(world, Token, Event(world, "/spec/replicas", 3)));

        var told = await world.ThreadSaysAsync(thread, "Done with access", "1 change", "/spec/replicas = 3");
        Assert.False(Reading.Shows(told, "/spec/replicas = 99"));
    }

    [Fact]
    public async Task What_is_no_API_server_is_not_believed_and_a_flood_waits()
    {
        await using var world = await StartAsync();
        var good = Batch();

        Assert.Equal(401, await PostAsync(world, good, null));
        Assert.Equal(401, await PostAsync(world, good, "Bearer " + Token[..^1]));
        Assert.Equal(401, await PostAsync(world, good, "Basic " + Token));
        Assert.Equal(413, await PostAsync(world, new string(' ', 12 << 20), "Bearer " + Token));
        Assert.Equal(400, await PostAsync(world, "not json", "Bearer " + Token));
        Assert.Equal(400, await PostAsync(world, """{ "kind": "PodList", "apiVersion": "v1", "items": [] }""", "Bearer " + Token));
        var statuses = new List<int>();
        for (var post = 0; post < 610; post++)
        {
            statuses.Add(await PostAsync(world, good, "Bearer " + Token));
        }

        Assert.Equal((200, 429), (statuses[0], statuses[^1]));
        Assert.Equal(200, await PostAsync(world, good, "Bearer " + TokenOfAnother));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, await PostAsync(world, good, "Bearer " + Token));
    }

    [Fact]
    public async Task Without_a_token_in_the_settings_there_is_no_door()
    {
        await using var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false);

        Assert.Equal(404, await PostAsync(world, Batch(), "Bearer "));
    }

    private static Task<ScenarioWorld> StartAsync() => ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false, new Dictionary<string, string?>
    {
        ["Clusters:0:AuditToken"] = Token,
        ["Clusters:1:Name"] = "another",
        ["Clusters:1:Server"] = "https://127.0.0.1:1",
        ["Clusters:1:Token"] = "none",
        ["Clusters:1:AuditToken"] = TokenOfAnother,
    });

    private static async Task<string> GivenAsync(ScenarioWorld world)
    {
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", Incidents);
        var thread = (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", default, ScenarioWorld.Patience)).Ts;
        await world.Carol.MentionAsync(Incidents, thread, "breakglass request checkout as editor for 30m because pods crashloop on config");
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, "Access as editor to checkout", "needs one approval"), "Approve");
        await world.ThreadSaysAsync(thread, "is open until");
        return thread;
    }

    private static JsonObject Event(ScenarioWorld world, string path, int value) => new()
    {
        ["level"] = "Request",
        ["auditID"] = "the-same",
        ["stage"] = "ResponseComplete",
        ["requestURI"] = "/apis/apps/v1/namespaces/shop/deployments/checkout",
        ["verb"] = "patch",
        ["user"] = new JsonObject { ["username"] = "carol@example.com" },
        ["objectRef"] = new JsonObject { ["resource"] = "deployments", ["namespace"] = "shop", ["name"] = "checkout", ["apiGroup"] = "apps" },
        ["responseStatus"] = new JsonObject { ["code"] = 200 },
        ["requestObject"] = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value }),
        ["requestReceivedTimestamp"] = world.Clock.GetUtcNow().UtcDateTime.ToString("o"),
    };

    private static Task<int> TellAsync(ScenarioWorld world, string token, params JsonObject[] events) => PostAsync(world, Batch(events), "Bearer " + token);

    private static string Batch(params JsonObject[] events) =>
        new JsonObject { ["kind"] = "EventList", ["apiVersion"] = "audit.k8s.io/v1", ["items"] = new JsonArray([.. events.Select(one => one.DeepClone())]) }.ToJsonString();

    private static async Task<int> PostAsync(ScenarioWorld world, string body, string? authorization)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(world.Product.Url, "webhooks/kubernetes/audit")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (authorization is not null)
        {
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        }

        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
