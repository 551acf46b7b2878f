using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.OthersBugs;

/// <summary>Bug 12: access did not end, because the template was gone or nobody could be told.</summary>
public sealed class EndOfAccessTests
{
    private const string Incidents = SampleWorkspace.IncidentChannel;
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    [Fact]
    public async Task Bug12_Access_ends_at_its_moment_though_its_role_is_gone_and_the_chat_refuses_every_call()
    {
        await using var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false);
        await GivenAsync(world);
        using var gone = await world.Shop.Admin.DeleteAsync($"{Rbac}/clusterroles/chatops-breakglass-editor");
        Assert.True(gone.IsSuccessStatusCode, await gone.Content.ReadAsStringAsync());
        world.Slack.Faults.Plan("*", Fault.ServerError(), times: int.MaxValue);

        world.Clock.Advance(TimeSpan.FromMinutes(30));

        using var patience = new CancellationTokenSource(ScenarioWorld.Patience);
        while ((await BindingsAsync(world)).Count > 0)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task GivenAsync(ScenarioWorld world)
    {
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", Incidents);
        var pinned = await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var card, ..] ? card : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience);
        await world.Carol.MentionAsync(Incidents, pinned.Ts, "breakglass request checkout as editor for 30m because pods crashloop on config");
        await world.Bob.PressAsync(await world.ThreadSaysAsync(pinned.Ts, "Access as editor to checkout", "needs one approval"), "Approve");
        await world.ThreadSaysAsync(pinned.Ts, "is open until");
        Assert.Single(await BindingsAsync(world));
    }

    private static async Task<JsonArray> BindingsAsync(ScenarioWorld world) =>
        (await world.Shop.FindAsync($"{Rbac}/namespaces/shop/rolebindings?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dchatops"))!["items"]!.AsArray();
}
