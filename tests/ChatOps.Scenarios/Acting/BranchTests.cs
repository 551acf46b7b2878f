using System.Text.Json.Nodes;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Acting;

/// <summary>A fix that is on a branch: from the push to the restore, on a simulated cluster and on a real API server.</summary>
public abstract class BranchTests(Func<MovableClock, Task<ShopCluster>> cluster)
{
    private const string Incidents = SampleWorkspace.IncidentChannel;
    private const string Fix = "fix/payment-config";
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(31);

    [StoryFact]
    public async Task The_fix_is_deployed_from_its_branch_a_new_commit_is_announced_and_all_goes_back()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        var fix = (await world.Shop.Repository.ResolveAsync(Fix, CancellationToken.None))!;

        await ApprovedAsync(world, thread, $"branch checkout {Fix} for 1h because the release takes too long", "Switch the branch of checkout", fix[..8], "back to the new gateway", "by dev");

        await world.ThreadSaysAsync(thread, "checkout is deployed", $"Argo CD has synced commit {fix[..8]} of {Fix}");
        await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, ShopCluster.Works, "the fix to be live");
        await world.ThreadSaysAsync(thread, "is holding", $"follows commit {fix[..8]}");
        Assert.Equal((fix, true), Followed((await world.Shop.FindAsync(ShopCluster.Checkout))!));
        await world.Slack.WaitForAsync(() => Reading.Shows(world.Channel.Pinned.Single(), "switched to commit", Fix) ? world.Channel.Pinned.Single() : null, "the pinned card to show it", CancellationToken.None, ScenarioWorld.Patience);
        await world.Bob.MentionAsync(Incidents, thread, "close");
        await world.PersonIsToldAsync(world.Bob, "cannot close yet", "restore checkout");

        var better = await PushAsync(world, "none", "no payments at all for now");
        world.Clock.Advance(BetweenLooks);
        await world.ThreadSaysAsync(thread, $"{Fix} has a new commit {better[..8]}, by dev", "no payments at all for now", $"stays at {fix[..8]}");
        Assert.Equal((fix, true), Followed((await world.Shop.FindAsync(ShopCluster.Checkout))!));
        Assert.True(ShopCluster.Works((await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!));

        await ApprovedAsync(world, thread, $"branch checkout {Fix} for 1h because that one is needed", "Switch the branch of checkout", better[..8], "needs one approval");
        await world.ThreadSaysAsync(thread, "checkout is deployed", $"synced commit {better[..8]}");

        await world.Alice.MentionAsync(Incidents, thread, "restore checkout");
        await world.ThreadSaysAsync(thread, "checkout is restored by");
        await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, config => (string?)config["data"]!["PAYMENT_MODE"] == SampleShop.BrokenMode, "Git to rule again");
        var checkout = (await world.Shop.FindAsync(ShopCluster.Checkout))!;
        Assert.Equal(("main", false), Followed(checkout));
        Assert.All(world.Shop.PatchesOfCheckout(), patch => Assert.Equal(("chatops:on-call", "alice@example.com"), (patch.As, patch.Person)));
    }

    [StoryFact]
    public async Task What_cannot_be_switched_is_refused_and_a_branch_deleted_in_use_is_an_alarm()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        await world.Alice.MentionAsync(Incidents, thread, "branch checkout fix/nothing for 1h because of it");
        await world.PersonIsToldAsync(world.Alice, "There is no branch fix/nothing");
        world.Git.IsDown = true;
        await world.Alice.MentionAsync(Incidents, thread, $"branch checkout {Fix} for 1h because of it");
        await world.PersonIsToldAsync(world.Alice, "The Git host does not answer", "503");
        world.Git.IsDown = false;
        await ApprovedAsync(world, thread, $"branch checkout {Fix} for 1h because of it", "Switch the branch of checkout", "needs one approval");
        await world.ThreadSaysAsync(thread, "checkout is deployed");

        await world.Shop.Repository.DeleteBranchAsync(Fix, CancellationToken.None);
        var alarm = world.ThreadSaysAsync(thread, "deleted while in use");
        while (!alarm.IsCompleted)
        {
            // A look that was under way saw the branch still; the next one comes when it is time again.
            world.Clock.Advance(BetweenLooks);
            await Task.WhenAny(alarm, Task.Delay(TimeSpan.FromSeconds(2)));
        }

        await alarm;

        await world.Shop.AdminPatchesCheckoutAsync("""{"spec":{"source":{"targetRevision":"main"}}}""", "kubectl-edit");
        await world.ThreadSaysAsync(thread, "does not follow commit", "kubectl-edit changed its revision");
    }

    [StoryFact]
    public async Task A_branch_that_is_followed_deploys_what_is_pushed_on_top_and_nothing_that_replaces_it()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        var fix = (await world.Shop.Repository.ResolveAsync(Fix, CancellationToken.None))!;
        await ApprovedAsync(world, thread, $"branch checkout {Fix} follow for 1h because we fix it as we go", "Follow a branch with checkout", "Approved is the branch, not a commit", "follow-a-branch");
        await world.ThreadSaysAsync(thread, "checkout is deployed", $"synced commit {fix[..8]}");

        var better = await PushAsync(world, "none", "no payments at all for now");
        world.Clock.Advance(BetweenLooks);
        await world.ThreadSaysAsync(thread, $"{better[..8]} by dev", "no payments at all for now", "as Bob Brown approved");
        await world.ThreadSaysAsync(thread, "checkout is deployed", $"synced commit {better[..8]}");
        Assert.Equal((better, true), Followed((await world.Shop.FindAsync(ShopCluster.Checkout))!));

        await world.Shop.Repository.DeleteBranchAsync(Fix, CancellationToken.None);
        var replaced = await PushAsync(world, "everything", "from the beginning");
        world.Clock.Advance(BetweenLooks);
        await world.ThreadSaysAsync(thread, "was rewritten", replaced[..8], $"stays at {better[..8]}");

        await world.Alice.MentionAsync(Incidents, thread, "restore checkout");
        await world.ThreadSaysAsync(thread, "checkout is restored by");
        Assert.Equal(("main", false), Followed((await world.Shop.FindAsync(ShopCluster.Checkout))!));
        Assert.All(world.Shop.PatchesOfCheckout(), patch => Assert.Equal(("chatops:on-call", "alice@example.com"), (patch.As, patch.Person)));
    }

    [StoryFact]
    public async Task A_process_that_stops_after_the_switch_goes_on_with_it()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        await world.Shop.Argo.FreezeAsync(CancellationToken.None);
        await ApprovedAsync(world, thread, $"branch checkout {Fix} for 1h because of it", "Switch the branch of checkout", "needs one approval");
        await world.Shop.WaitForAsync(ShopCluster.Checkout, checkout => Followed(checkout).Marked, "the switch to be stored");

        await world.StopProductAsync();
        world.Shop.Argo.Thaw();
        await world.StartProductAsync();

        await world.ThreadSaysAsync(thread, "checkout is deployed");
        Assert.Single(world.Shop.PatchesOfCheckout());
    }

    /// <summary>The set would put another revision back at once, so nothing is written into the application.</summary>
    [StoryFact]
    public async Task A_sets_application_runs_the_fix_behind_a_window_until_somebody_syncs_over_it_or_it_is_restored()
    {
        const string search = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/search";
        const string config = "/api/v1/namespaces/shop/configmaps/search";
        const string project = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop";
        await using var world = await StartAsync();
        await world.Shop.WaitForAsync(search, app => (string?)app["status"]?["sync"]?["status"] == "Synced", "search to be deployed");
        var (spec, windows) = ((await world.Shop.FindAsync(search))!["spec"]!.ToJsonString(), (await world.Shop.FindAsync(project))!["spec"]!.ToJsonString());
        var fix = await world.Shop.Repository.CommitAsync("fix/search", "search: cache less", new Dictionary<string, string?> { ["search/app.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: search\ndata:\n  CACHE_SECONDS: \"5\"\n" }, CancellationToken.None);
        var thread = await DeclareAsync(world, "search");

        await ApprovedAsync(world, thread, "branch search fix/search for 1h because the cache is stale", "Switch the branch of search", "tools takes another revision back", "a deny window in project shop", $"/operation/sync/revision: (not set) -> {fix}");

        await world.ThreadSaysAsync(thread, "search is held by a deny window in project shop");
        await world.ThreadSaysAsync(thread, "search is deployed", fix[..8]);
        await world.ThreadSaysAsync(thread, "search is holding", $"commit {fix[..8]} of fix/search is deployed");
        Assert.Equal("5", Cached((await world.Shop.FindAsync(config))!));
        Assert.Equal(spec, (await world.Shop.FindAsync(search))!["spec"]!.ToJsonString());

        await world.Shop.AdminPatchesAsync(search, """{"operation":{"initiatedBy":{"username":"kim"},"sync":{}},"status":{"operationState":null}}""");
        await world.ThreadSaysAsync(thread, "search is switched to commit", "not known to hold", "kim has synced it by hand since");

        await world.Alice.MentionAsync(Incidents, thread, "restore search");
        await world.ThreadSaysAsync(thread, "search is restored by");
        await world.Shop.WaitForAsync(config, live => Cached(live) == "60", "Git to rule again");
        Assert.Equal(spec, (await world.Shop.FindAsync(search))!["spec"]!.ToJsonString());
        Assert.Equal(windows, (await world.Shop.FindAsync(project))!["spec"]!.ToJsonString());
    }

    private static string? Cached(JsonObject config) => (string?)config["data"]!["CACHE_SECONDS"];

    private static (string? Revision, bool Marked) Followed(JsonObject checkout) =>
        ((string?)checkout["spec"]!["source"]!["targetRevision"], checkout["metadata"]!["annotations"]?["chatops.dev/operation"] is not null);

    private static Task<string> PushAsync(ScenarioWorld world, string mode, string message) => world.Shop.Repository.CommitAsync(
        Fix, message, new Dictionary<string, string?> { ["checkout/app.yaml"] = $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: checkout\ndata:\n  PAYMENT_MODE: {mode}\n" }, CancellationToken.None);

    private static async Task ApprovedAsync(ScenarioWorld world, string thread, string command, params string[] card)
    {
        await world.Alice.MentionAsync(Incidents, thread, command);
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, [.. card, "needs one approval"]), "Approve");
    }

    private static async Task<string> DeclareAsync(ScenarioWorld world, string application = "checkout")
    {
        await world.Alice.CommandAsync("/incident", $"declare \"It returns 500s\" sev1 commander @bob apps {application}", Incidents);
        var card = await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience);
        return card.Ts;
    }

    private Task<ScenarioWorld> StartAsync() => ScenarioWorld.StartAsync(cluster, socketMode: false);
}

public sealed class BranchOnASimulatedCluster() : BranchTests(SimulatedShopCluster.StartAsync);

[OnARealCluster]
[Collection(RealShopCollection.Name)]
public sealed class BranchOnARealCluster(RealShopServer real) : BranchTests(real.StartShopAsync);
