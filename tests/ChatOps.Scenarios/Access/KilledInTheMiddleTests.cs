using System.Text.Json.Nodes;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.World;
using ChatOps.Scenarios.Crashes;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>The server as a program of its own, killed in the very moment of each call that gives, ends or proves access.</summary>
public sealed class KilledInTheMiddleTests
{
    private const string Bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings";

    [Fact]
    public async Task Kill_9_at_each_step_gives_once_and_ends_for_good()
    {
        await using var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false);
        await world.StopProductAsync();
        await using var server = new ServerProgram(world.Settings with { MetricsUrl = $"http://127.0.0.1:{Product.FreePort()}" });
        await server.StartAsync();
        await server.ReadyAsync();
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", SampleWorkspace.IncidentChannel);
        var thread = (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", default, ScenarioWorld.Patience)).Ts;

        var id = await GivenAsync(world, server, thread, Before, Gives);
        await EndedAsync(world, server, thread, id, Before, Takes, () => world.Carol.CommandAsync("/breakglass", "done", SampleWorkspace.IncidentChannel));
        id = await GivenAsync(world, server, thread, After, Gives);
        await EndedAsync(world, server, thread, id, After, Takes, () => world.Bob.CommandAsync("/breakglass", $"revoke {id}", SampleWorkspace.IncidentChannel));
        id = await GivenAsync(world, server, thread, After, Gives);
        await EndedAsync(world, server, thread, id, Before, Proves, () => world.Carol.CommandAsync("/breakglass", "done", SampleWorkspace.IncidentChannel));

        await server.StopAsync();
        var (verified, verdict) = await server.RunAsync("audit", "verify");
        Assert.True(verified == 0, verdict);
        var kinds = JsonNode.Parse((await server.RunAsync("incident", "export", "1")).Output)!["timeline"]!["entries"]!.AsArray().Select(entry => (string)entry!["kind"]!).ToList();
        Assert.Equal((3, 3), (kinds.Count(kind => kind == "Granted"), kinds.Count(kind => kind == "GrantEnded")));
    }

    private static bool Gives(SeenRequest request) => request.Method == "POST" && request.Path == Bindings;

    private static bool Takes(SeenRequest request) => request.Method == "DELETE" && request.Path.StartsWith(Bindings, StringComparison.Ordinal);

    private static bool Proves(SeenRequest request) => request.Method == "POST" && request.Path.EndsWith("/subjectaccessreviews", StringComparison.Ordinal) && request.Body.Contains("carol@example.com", StringComparison.Ordinal);

    /// <summary>The call has arrived and nothing came of it.</summary>
    private static void Before(Faults faults, Predicate<SeenRequest> when) => faults.Hang(when);

    /// <summary>It was done, and whoever asked does not hear of it.</summary>
    private static void After(Faults faults, Predicate<SeenRequest> when) => faults.ApplyThenDrop(when);

    private static async Task<string> GivenAsync(ScenarioWorld world, ServerProgram server, string thread, Action<Faults, Predicate<SeenRequest>> fault, Predicate<SeenRequest> call)
    {
        var known = world.Channel.Thread(thread).Select(message => message.Ts).ToHashSet();
        await world.Carol.MentionAsync(SampleWorkspace.IncidentChannel, thread, "breakglass request checkout as viewer for 30m because pods crashloop on config");
        var card = await world.Slack.WaitForAsync(
            () => world.Channel.Thread(thread).LastOrDefault(message => !known.Contains(message.Ts) && Reading.Shows(message, "Access as viewer to checkout", "needs one approval")), "the card with the plan", default, ScenarioWorld.Patience);
        await DiesAtAsync(world, server, fault, call, () => world.Bob.PressAsync(card, "Approve"));
        var opened = await world.Slack.WaitForAsync(
            () => world.Channel.Thread(thread).LastOrDefault(message => !known.Contains(message.Ts) && Reading.Shows(message, "is open until")), "the access that is open", default, ScenarioWorld.Patience);
        var name = Assert.Single((await world.Shop.FindAsync($"{Bindings}?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dchatops"))!["items"]!.AsArray())!["metadata"]!["name"]!.GetValue<string>();
        Assert.True(Reading.Shows(opened, name[^8..]));
        return name[^8..];
    }

    private static async Task EndedAsync(ScenarioWorld world, ServerProgram server, string thread, string id, Action<Faults, Predicate<SeenRequest>> fault, Predicate<SeenRequest> call, Func<Task> end)
    {
        await DiesAtAsync(world, server, fault, call, end);
        await world.ThreadSaysAsync(thread, id, "is ended", "allows no more than before");
        Assert.Empty((await world.Shop.FindAsync($"{Bindings}?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dchatops"))!["items"]!.AsArray());
    }

    /// <summary>Somebody does something, the server makes the call that follows from it, and dies there; then it starts again.</summary>
    private static async Task DiesAtAsync(ScenarioWorld world, ServerProgram server, Action<Faults, Predicate<SeenRequest>> fault, Predicate<SeenRequest> call, Func<Task> act)
    {
        var faults = ((SimulatedShopCluster)world.Shop).Faults;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fault(faults, request => call(request) && (reached.TrySetResult() || true));
        await act();
        await reached.Task.WaitAsync(ScenarioWorld.Patience);
        await server.KillAsync();
        faults.Clear();
        await server.StartAsync();
        await server.ReadyAsync();
    }
}
