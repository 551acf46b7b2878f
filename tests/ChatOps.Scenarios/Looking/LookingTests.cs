using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Looking;

/// <summary>What people see before they act: what is there, what is deployed, and why nothing happens to it.</summary>
public abstract class LookingTests(Func<MovableClock, Task<ShopCluster>> cluster)
{
    private const string Incidents = SampleWorkspace.IncidentChannel;

    [StoryFact]
    public async Task Apps_and_status_say_what_is_deployed_and_why_nothing_happens()
    {
        await using var world = await ScenarioWorld.StartAsync(cluster, socketMode: false);

        await world.Alice.CommandAsync("/gitops", "apps check", Incidents);
        await world.PersonIsToldAsync(world.Alice, "1 application with", "checkout", "Synced");
        await world.Alice.CommandAsync("/gitops", "status checkout", Incidents);
        await world.PersonIsToldAsync(world.Alice, "checkout: Synced", "Nothing to do", "deploy.git", "main", "by auto-sync", "self-heal on");
        await world.Alice.CommandAsync("/gitops", "status chekout", Incidents);
        await world.PersonIsToldAsync(world.Alice, "no application");

        await SomebodySwitchesItOffAsync(world);
        await world.Alice.CommandAsync("/gitops", "status checkout", Incidents);
        await world.PersonIsToldAsync(world.Alice, "written by kubectl-patch", "not by an override of ours", "automated/enabled");
        Assert.Empty(world.Shop.PatchesOfCheckout());
    }

    [StoryFact]
    public async Task A_commit_that_cannot_be_applied_is_named_when_the_incident_is_declared_and_in_its_thread()
    {
        await using var world = await ScenarioWorld.StartAsync(cluster, socketMode: false);
        await world.Shop.AdminPatchesCheckoutAsync("""{ "spec": { "source": { "targetRevision": "gone" } } }""", "kubectl-patch");
        await world.Shop.WaitForAsync(ShopCluster.Checkout, checkout => (string?)checkout["status"]?["sync"]?["status"] == "Unknown", "Argo CD to miss the branch");

        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", Incidents);
        var card = await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience);
        await world.ThreadSaysAsync(card.Ts, "does not reconcile although nobody paused it", "cannot work out what Git wants", "refresh");
        await world.Alice.MentionAsync(Incidents, card.Ts, "status checkout");
        await world.ThreadSaysAsync(card.Ts, "checkout: Unknown", "cannot work out what Git wants", "could not be resolved");
    }

    [StoryFact]
    public async Task A_diff_shows_what_hands_did_and_which_tool_and_what_git_says()
    {
        await using var world = await ScenarioWorld.StartAsync(cluster, socketMode: false);
        await world.Alice.CommandAsync("/gitops", "diff checkout", Incidents);
        await world.PersonIsToldAsync(world.Alice, "checkout: nothing differs from Git");

        await SomebodySwitchesItOffAsync(world);
        await world.Shop.HandFixAsync();
        await world.Shop.WaitForAsync(ShopCluster.Checkout, checkout => (string?)checkout["status"]?["sync"]?["status"] == "OutOfSync", "Argo CD to see the hand fix");
        await world.Alice.CommandAsync("/gitops", "diff checkout", Incidents);
        await world.PersonIsToldAsync(world.Alice, "1 field is not as Git says", "ConfigMap/checkout in shop", $"/data/PAYMENT_MODE: Git {SampleShop.BrokenMode} | live {SampleShop.GoodMode}", "kubectl-edit", "what Argo CD applied last");

        await world.Shop.AdminPatchesCheckoutAsync("""{ "metadata": { "annotations": { "argocd.argoproj.io/skip-reconcile": "true" } } }""", "kubectl-annotate");
        await world.Alice.CommandAsync("/gitops", "diff checkout", Incidents);
        await world.PersonIsToldAsync(world.Alice, "Nothing can be said about what differs", "skip-reconcile-");
    }

    [StoryFact]
    public async Task A_plan_does_nothing_and_a_runbook_in_the_thread_is_pressed_step_by_step()
    {
        await using var world = await ScenarioWorld.StartAsync(cluster, socketMode: false);
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", Incidents);
        var card = await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience);

        await world.Alice.MentionAsync(Incidents, card.Ts, "plan pause checkout for 45m because rollback of payment config");
        await world.PersonIsToldAsync(world.Alice, "Plan: Pause checkout for 45 minutes", "Nothing was asked for", "one approval by", "automated/enabled", "(not set) -> false");
        await world.Alice.MentionAsync(Incidents, card.Ts, "runbook sync-suspension");
        var runbook = await world.ThreadSaysAsync(card.Ts, "Suspend the sync of an application", "/gitops extend checkout by 30m");
        await world.Bob.PressAsync(runbook, "/gitops status checkout");
        await world.ThreadSaysAsync(card.Ts, "checkout: Synced", "Nothing to do");

        Assert.Empty(world.Shop.PatchesOfCheckout());
        Assert.DoesNotContain(world.Channel.Thread(card.Ts), message => Reading.Shows(message, "asked to pause"));

        await world.Alice.CommandAsync("/gitops", "runbook rollback checkout", Incidents);
        await world.PersonIsToldAsync(world.Alice, "Roll back a release", "What is mine are buttons there");
        await world.Alice.PressAsync(await world.ThreadSaysAsync(card.Ts, "Roll back a release", "Asked by", "/gitops runbook rollback checkout"), "/incident note …");
        await world.Alice.Dialogs.WaitAsync(CancellationToken.None);
        await world.Alice.Dialogs.SubmitAsync(new Dictionary<string, string> { ["What shall the record say?"] = "the payment mode must stay" });
        await world.ThreadSaysAsync(card.Ts, "the payment mode must stay");
    }

    private static Task SomebodySwitchesItOffAsync(ScenarioWorld world) =>
        world.Shop.AdminPatchesCheckoutAsync("""{ "spec": { "syncPolicy": { "automated": { "enabled": false } } } }""", "kubectl-patch");
}

public sealed class LookingInTheSimulationTests() : LookingTests(SimulatedShopCluster.StartAsync)
{
    [Fact]
    public async Task A_diff_without_the_right_to_read_says_what_it_may_not_read_and_who_writes_that_right()
    {
        await using var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false);
        using var taken = await world.Shop.Admin.DeleteAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/chatops-diff");
        Assert.True(taken.IsSuccessStatusCode);

        await world.Alice.CommandAsync("/gitops", "diff checkout", SampleWorkspace.IncidentChannel);

        await world.PersonIsToldAsync(
            world.Alice, "checkout: no difference seen, but not everything could be",
            "I may not read ConfigMap", "in namespace shop of shop", "ChatOps.Server rbac writes that right", "or set ArgoCd:Token");
    }
}

[OnARealCluster]
[Collection(RealShopOfOwners.Name)]
public sealed class LookingOnARealClusterTests(RealShopServer real) : LookingTests(real.StartShopAsync);
