using System.Text.Json.Nodes;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Story;

/// <content>A sync that fails is tried again and again, pause or no pause, and each try overwrites what people changed by hand.</content>
public abstract partial class TheStory
{
    private const string Worker = "/apis/apps/v1/namespaces/shop/deployments/checkout-worker";

    [StoryFact]
    public async Task A_sync_that_is_tried_again_and_again_is_ended_by_the_pause_and_overwrites_nothing_more()
    {
        await using var world = await StartAsync();
        await GitBreaksAsync(world);
        var thread = await DeclareAsync(world);
        var asked = await AskForPauseAsync(world, thread);
        Shows(asked, "operationState/phase", "Terminating", "The pause ends it");

        await world.Bob.PressAsync(asked, "Approve");
        await world.ThreadSaysAsync(thread, "is holding");
        await world.Shop.HandFixAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        await world.Shop.Argo.SettleAsync(CancellationToken.None);

        Assert.True(ShopCluster.Works((await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!));
        Assert.DoesNotContain(world.Channel.Thread(thread), message => Reading.Shows(message, "already on its way"));
        await ResumingSyncsAgain(world, thread);
    }

    /// <summary>Left alone, Argo CD would never act again: for it the last sync of this revision failed.</summary>
    private static async Task ResumingSyncsAgain(ScenarioWorld world, string thread)
    {
        using var deleted = await world.Shop.Admin.DeleteAsync(Worker); // so that the same commit can be applied
        Assert.True(deleted.IsSuccessStatusCode);
        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");
        await world.Alice.PressAsync(await world.ThreadSaysAsync(thread, "Argo CD would then make"), "Resume and overwrite");
        await world.ThreadSaysAsync(thread, "checkout", "is resumed by Alice Adler");
        await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, config => !ShopCluster.Works(config), "Git to rule again");
        world.Clock.Advance(TimeSpan.FromSeconds(5));
        await world.ThreadSaysAsync(thread, "is as Git says", "Synced");
    }

    /// <summary>A commit that cannot be applied: the selector of a Deployment never changes.</summary>
    private static async Task GitBreaksAsync(ScenarioWorld world)
    {
        await DeployWorkerAsync(world, "one");
        await world.Shop.WaitForAsync(Worker, _ => true, "the worker");
        await world.Shop.WaitForAsync(ShopCluster.Checkout, checkout => checkout["operation"] is null, "the sync to be over");
        await DeployWorkerAsync(world, "two");
        await world.Shop.WaitForAsync(ShopCluster.Checkout, checkout => checkout["status"]?["operationState"] is { } state && (string?)state["phase"] == "Running" && state["finishedAt"] is not null, "a sync that waits to be tried again");
    }

    private static async Task DeployWorkerAsync(ScenarioWorld world, string tier)
    {
        var worker = JsonNode.Parse($$$"""
            { "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "checkout-worker" }, "spec": {
              "selector": { "matchLabels": { "tier": "{{{tier}}}" } },
              "template": { "metadata": { "labels": { "tier": "{{{tier}}}" } }, "spec": { "containers": [{ "name": "web", "image": "registry.example.com/worker:1" }] } } } }
            """)!;
        await world.Shop.Repository.CommitAsync("main", $"checkout: worker of tier {tier}", new Dictionary<string, string?> { ["checkout/worker.yaml"] = worker.ToJsonString() }, CancellationToken.None);
        await world.Shop.AdminPatchesCheckoutAsync("""{ "metadata": { "annotations": { "argocd.argoproj.io/refresh": "normal" } } }""", "kubectl");
    }
}
