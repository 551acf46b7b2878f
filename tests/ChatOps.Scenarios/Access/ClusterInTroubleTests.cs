using System.Globalization;
using System.Net;
using ChatOps.Core.Operations;
using ChatOps.Core.Records;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;
using ChatOps.Storage.LiteDb;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Scenarios.Access;

/// <summary>The cluster does not take the access away when its moment comes: people are told, and it ends as soon as the cluster does.</summary>
public sealed class ClusterInTroubleTests
{
    private int tries;

    [Theory]
    [InlineData("carol", "viewer", "403")]
    [InlineData("carol", "viewer", "409")]
    [InlineData("carol", "viewer", "503")]
    [InlineData("carol", "viewer", "dropped")]
    [InlineData("carol", "deployer", "403")]
    [InlineData("carol", "deployer", "409")]
    [InlineData("carol", "node-viewer", "503")]
    [InlineData("carol", "node-viewer", "403")]
    [InlineData("carol", "node-viewer", "409")]
    [InlineData("alice", "viewer", "403")]
    [InlineData("alice", "viewer", "409")]
    public async Task It_is_told_and_tried_until_it_is_done(string person, string role, string trouble)
    {
        await using var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false, person == "alice" ? ClusterSilentTests.WithAccounts() : null);
        await (person == "alice" ? SeveralNamespaces.DeployAsync(world) : Task.CompletedTask);
        tries = 0;
        var faults = ((SimulatedShopCluster)world.Shop).Faults;
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", SampleWorkspace.IncidentChannel);
        var thread = (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", default, ScenarioWorld.Patience)).Ts;
        await (person == "alice" ? world.Alice : world.Carol).MentionAsync(SampleWorkspace.IncidentChannel, thread, $"breakglass request checkout as {role} for 30m because pods crashloop on config");
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, $"Access as {role} to checkout", "needs one approval"), "Approve");
        await world.ThreadSaysAsync(thread, "is open until");
        if (trouble == "dropped")
        {
            faults.Drop(Takes);
        }
        else
        {
            faults.Answer(Takes, int.Parse(trouble, CultureInfo.InvariantCulture));
        }

        world.Clock.Advance(TimeSpan.FromMinutes(30));
        await world.ThreadSaysAsync(thread, person == "alice" ? "Alice" : "Carol Chiba", "not ended yet", "I keep trying until it is");
        Assert.Equal((person, role) == ("carol", "viewer") ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await CarolAsksAsync(world, "/api/v1/namespaces/shop/pods"));
        Assert.Equal(role == "node-viewer" ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await CarolAsksAsync(world, "/api/v1/nodes"));

        var longest = Backoff.After(int.MaxValue);
        Assert.Equal(TimeSpan.FromSeconds(30), longest);
        for (var waits = 0; waits < 8; waits++)
        {
            await WaitsAsync(world);
            var before = Volatile.Read(ref tries);
            world.Clock.Advance(longest);
            await world.Slack.WaitForAsync(() => Volatile.Read(ref tries) > before ? "" : null, "another try", default, ScenarioWorld.Patience);
        }

        await WaitsAsync(world);
        faults.Clear();
        var answers = world.Clock.GetUtcNow();
        world.Clock.Advance(longest);
        await world.ThreadSaysAsync(thread, "is ended", "after its moment", role == "deployer" ? "holds neither the role nor a token of it" : "allows no more than before");
        Assert.Equal(HttpStatusCode.Forbidden, await CarolAsksAsync(world, "/api/v1/namespaces/shop/pods"));
        Assert.Equal(HttpStatusCode.Forbidden, await CarolAsksAsync(world, "/api/v1/nodes"));
        await world.StopProductAsync();
        using var records = LiteDbRecords.Open(world.Store, TimeProvider.System);
        Assert.InRange(Assert.Single(await records.GrantsAsync(1, default)).EndedAt!.Value, answers, answers + longest + longest + TimeSpan.FromSeconds(5)); // real seconds too, in which a busy machine gets to it
    }

    /// <summary>Until the last no is in the books, and with it the next moment: time that is moved before then passes over no wait.</summary>
    private static async Task WaitsAsync(ScenarioWorld world)
    {
        var records = world.Product.Services.GetRequiredService<IRecords>();
        using var limit = new CancellationTokenSource(ScenarioWorld.Patience);
        while (!((await records.GrantsAsync(1, limit.Token)).Single().NextAttemptAt > world.Clock.GetUtcNow()))
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private static async Task<HttpStatusCode> CarolAsksAsync(ScenarioWorld world, string path)
    {
        using var answer = await world.Shop.Carol.GetAsync(path);
        return answer.StatusCode;
    }

    private bool Takes(SeenRequest request) => IsTaking(request) && Interlocked.Increment(ref tries) > 0;

    private static bool IsTaking(SeenRequest request) => request is { Method: "DELETE", ImpersonatedUser: "chatops:grants" or "chatops:cluster-grants" } or { Method: "PATCH", ImpersonatedUser: "chatops:projects" };
}
