using System.Globalization;
using System.Net;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>The cluster does not take the access away when its moment comes: people are told, and it ends as soon as the cluster does.</summary>
public sealed class ClusterInTroubleTests
{
    private const string Bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings";

    [Theory]
    [InlineData("403")]
    [InlineData("409")]
    [InlineData("503")]
    [InlineData("dropped")]
    public async Task It_is_told_and_tried_until_it_is_done(string trouble)
    {
        await using var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false);
        var faults = ((SimulatedShopCluster)world.Shop).Faults;
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", SampleWorkspace.IncidentChannel);
        var thread = (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", default, ScenarioWorld.Patience)).Ts;
        await world.Carol.MentionAsync(SampleWorkspace.IncidentChannel, thread, "breakglass request checkout as viewer for 30m because pods crashloop on config");
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, "Access as viewer to checkout", "needs one approval"), "Approve");
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
        await world.ThreadSaysAsync(thread, "Carol Chiba", "not ended yet", "I keep trying until it is");
        Assert.Single((await world.Shop.FindAsync($"{Bindings}?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dchatops"))!["items"]!.AsArray());

        faults.Clear();
        world.Clock.Advance(TimeSpan.FromMinutes(5)); // longer than it waits between two tries
        await world.ThreadSaysAsync(thread, "is ended", "after its moment", "allows no more than before");
        using var pods = await world.Shop.Carol.GetAsync("/api/v1/namespaces/shop/pods");
        Assert.Equal(HttpStatusCode.Forbidden, pods.StatusCode);
    }

    private static bool Takes(SeenRequest request) => request.Method == "DELETE" && request.Path.StartsWith(Bindings, StringComparison.Ordinal);
}
