using System.Text.Json.Nodes;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Acting;

/// <summary>Pauses of less and of more than an application, on a simulated cluster and on a real API server.</summary>
public abstract class ScopeTests(Func<MovableClock, Task<ShopCluster>> cluster)
{
    protected const string Incidents = SampleWorkspace.IncidentChannel;
    private const string Deployment = "/apis/apps/v1/namespaces/shop/deployments/checkout";
    private const string Applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
    protected const string Project = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop";

    [StoryFact]
    public async Task Only_the_one_object_is_left_to_hands_and_what_they_did_is_shown_although_Argo_CD_does_not_see_it()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world, "checkout");
        var before = (await world.Shop.FindAsync(ShopCluster.Checkout))!["spec"]!;
        await world.Alice.MentionAsync(Incidents, thread, "plan pause checkout only configmap/checkout for 45m because the gateway is wrong");
        await world.PersonIsToldAsync(world.Alice, "Pause a part of checkout", "managedFieldsManagers", "RespectIgnoreDifferences=true", "Self-heal goes on everywhere else");

        await ApprovedAsync(world, thread, "pause checkout only configmap/checkout for 45m because the gateway is wrong", "Pause a part of checkout");
        await world.ThreadSaysAsync(thread, "is holding", "Hand changes to ConfigMap/checkout stand");
        await world.Shop.HandFixAsync();
        await world.Shop.AdminPatchesAsync(Deployment, """{"spec":{"replicas":5}}""");
        await world.Shop.WaitForAsync(Deployment, deployment => (int)deployment["spec"]!["replicas"]! == 2, "self-heal to put the replicas back");
        Assert.True(ShopCluster.Works((await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!));

        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");
        var shown = await world.ThreadSaysAsync(thread, "Not resumed yet", "PAYMENT_MODE");
        await world.Alice.PressAsync(shown, "Resume and overwrite");
        await world.ThreadSaysAsync(thread, "is resumed by");
        await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, config => (string?)config["data"]!["PAYMENT_MODE"] == SampleShop.BrokenMode, "Git to rule again");
        Assert.True(JsonNode.DeepEquals(before, (await world.Shop.FindAsync(ShopCluster.Checkout))!["spec"]));
    }

    /// <summary>Among them a child of a set, which a window holds, and of a parent: one decision, each by its own way, one end.</summary>
    [StoryFact]
    public async Task A_namespace_is_paused_with_all_that_own_something_there_and_resumed_with_one_command()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world, "checkout");
        await world.Alice.MentionAsync(Incidents, thread, "pause ns:shop for 45m because the network is down");
        await world.PersonIsToldAsync(world.Alice, "not in the scope", "apps add");
        var others = (await OwnersAsync(world)).Except(["checkout"]).ToList();
        await world.Alice.MentionAsync(Incidents, thread, $"apps add {string.Join(' ', others)}");
        await world.ThreadSaysAsync(thread, others[^1]);

        await ApprovedAsync(world, thread, "pause ns:shop for 45m because the network is down", "Pause ns:shop/shop", "all of them, or none", "So a deny window in project shop holds it", "The parent application platform");

        await world.ThreadSaysAsync(thread, "ns:shop/shop is paused until");
        foreach (var name in others.Append("checkout"))
        {
            await world.ThreadSaysAsync(thread, $"{name} is holding");
        }

        Assert.NotNull((await world.Shop.FindAsync(Project))!["spec"]!["syncWindows"]);
        await world.Alice.MentionAsync(Incidents, thread, "resume ns:shop");
        foreach (var name in others.Append("checkout"))
        {
            await world.ThreadSaysAsync(thread, $"{name} is resumed by");
        }

        Assert.Null((await world.Shop.FindAsync(Project))!["spec"]!["syncWindows"]);
        Assert.Null((await world.Shop.FindAsync(ShopCluster.Checkout))!["spec"]!["syncPolicy"]!["automated"]!["enabled"]);
    }

    /// <summary>By a field it is one override that both count on, in a project each has a window of its own; the last to go lets Argo CD act.</summary>
    [StoryFact]
    public async Task Two_incidents_hold_the_same_applications_and_the_last_lets_them_go()
    {
        await using var world = await StartAsync();
        await OwnersAsync(world);
        const string both = "checkout,search";
        var before = (await world.Shop.FindAsync(ShopCluster.Checkout))!["spec"]!;
        var (first, second) = (await DeclareAsync(world, both), await DeclareAsync(world, both, incident: 2));
        await ApprovedAsync(world, first, "pause checkout for 45m because the network is down", "Pause checkout");
        await ApprovedAsync(world, first, "pause search for 45m because the network is down", "Pause search", "So a deny window in project shop holds it");
        await world.ThreadSaysAsync(first, "checkout is holding");
        await world.ThreadSaysAsync(first, "search is holding");

        await ApprovedAsync(world, second, "pause checkout for 60m because the gateway is wrong too", "Pause checkout", "It is paused already, by incident 1");
        await ApprovedAsync(world, second, "pause search for 60m because the gateway is wrong too", "Pause search", "A window of incident 1 holds it already");
        foreach (var name in new[] { "checkout", "search" })
        {
            await world.ThreadSaysAsync(second, $"{name} is holding");
            await world.ThreadSaysAsync(first, $"{name} is held by incident 2 as well");
            await world.Alice.MentionAsync(Incidents, first, $"resume {name}");
            await world.ThreadSaysAsync(first, $"{name} stays paused", "incident 2 holds it until");
            await world.ThreadSaysAsync(second, $"{name} was let go by incident 1");
        }

        Assert.Single((await world.Shop.FindAsync(Project))!["spec"]!["syncWindows"]!.AsArray());
        Assert.False((bool)(await world.Shop.FindAsync(ShopCluster.Checkout))!["spec"]!["syncPolicy"]!["automated"]!["enabled"]!);
        foreach (var name in new[] { "checkout", "search" })
        {
            await world.Alice.MentionAsync(Incidents, second, $"resume {name}");
            await world.ThreadSaysAsync(second, $"{name} is resumed by");
        }

        Assert.Null((await world.Shop.FindAsync(Project))!["spec"]!["syncWindows"]);
        Assert.True(JsonNode.DeepEquals(before, (await world.Shop.FindAsync(ShopCluster.Checkout))!["spec"]));
    }

    protected static async Task<IReadOnlyList<string>> OwnersAsync(ScenarioWorld world)
    {
        foreach (var name in new[] { "catalogue", "payments", "reports", "search" })
        {
            await world.Shop.WaitForAsync($"{Applications}/{name}", Owns, $"{name} to own something");
        }

        return [.. (await world.Shop.FindAsync(Applications))!["items"]!.AsArray().Where(item => Owns(item!.AsObject())).Select(item => (string)item!["metadata"]!["name"]!)];
    }

    private static bool Owns(JsonObject application) =>
        application["status"]?["resources"]?.AsArray().Any(resource => (string?)resource!["namespace"] == "shop") == true;

    protected static async Task ApprovedAsync(ScenarioWorld world, string thread, string command, params string[] card)
    {
        await world.Alice.MentionAsync(Incidents, thread, command);
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, [.. card, "needs one approval"]), "Approve");
    }

    protected static async Task<string> DeclareAsync(ScenarioWorld world, string apps, int incident = 1)
    {
        await world.Alice.CommandAsync("/incident", $"declare \"Checkout 500s\" sev1 commander @bob apps {apps}", Incidents);
        var card = await world.Slack.WaitForAsync(() => world.Channel.Pinned.FirstOrDefault(pinned => Reading.Shows(pinned, $"Incident {incident}")), "a pinned card", CancellationToken.None, ScenarioWorld.Patience);
        return card.Ts;
    }

    private Task<ScenarioWorld> StartAsync() => ScenarioWorld.StartAsync(cluster, socketMode: false);
}

public sealed class ScopeOnASimulatedCluster() : ScopeTests(SimulatedShopCluster.StartCoveredAsync)
{
    /// <summary>RBAC lags behind the policy for the last of them: what the cluster took before it said no is undone.</summary>
    [StoryFact]
    public async Task A_namespace_of_which_one_application_is_forbidden_is_not_paused_at_all()
    {
        await using var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false);
        var thread = await DeclareAsync(world, string.Join(',', await OwnersAsync(world)));
        var before = (await world.Shop.FindAsync(ShopCluster.Checkout))!["spec"]!;

        await ApprovedAsync(world, thread, "pause ns:shop for 45m because the network is down", "Pause ns:shop/shop", "does not let", "reports", "and be undone");

        await world.ThreadSaysAsync(thread, "ns:shop/shop is not paused", "reports", "All of it, or none");
        foreach (var name in await OwnersAsync(world))
        {
            await world.ThreadSaysAsync(thread, $"{name} is not paused: nothing of the pause that failed is left there");
        }

        Assert.True(JsonNode.DeepEquals(before, (await world.Shop.FindAsync(ShopCluster.Checkout))!["spec"]));
        Assert.Null((await world.Shop.FindAsync(Project))!["spec"]!["syncWindows"]);
    }
}

[OnARealCluster]
[Collection(RealShopCollection.Name)]
public sealed class ScopeOnARealCluster(RealShopServer real) : ScopeTests(real.StartShopCoveredAsync);
