using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Acting;

/// <summary>What Argo CD is asked to do in an incident, on a simulated cluster and on a real API server.</summary>
public abstract class ActingTests(Func<MovableClock, Task<ShopCluster>> cluster)
{
    private const string Incidents = SampleWorkspace.IncidentChannel;
    private const string CheckoutService = "/api/v1/namespaces/shop/services/checkout";
    private const string Config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: checkout\ndata:\n  PAYMENT_MODE: none\n";
    private const string Project = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop";

    [StoryFact]
    public async Task While_paused_an_older_commit_is_synced_with_approval_and_stays()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        await ApprovedAsync(world, thread, "pause checkout for 45m because the gateway is wrong", "Pause checkout");
        await world.ThreadSaysAsync(thread, "is holding");
        var older = (await world.Shop.Repository.ResolveAsync("main~1", CancellationToken.None))!;

        await ApprovedAsync(world, thread, $"sync checkout at {older} because it worked yesterday", "Sync checkout", older);

        await world.ThreadSaysAsync(thread, "Sync of checkout", $"Succeeded at {older[..8]}");
        await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, ShopCluster.Works, "the older commit to be applied");
        var checkout = (await world.Shop.FindAsync(ShopCluster.Checkout))!;
        Assert.False(checkout["spec"]!["syncPolicy"]!["automated"]!["enabled"]!.GetValue<bool>());
        Assert.StartsWith("alice@example.com", (string?)checkout["status"]!["operationState"]!["operation"]!["initiatedBy"]!["username"], StringComparison.Ordinal);
    }

    [StoryFact]
    public async Task A_refresh_and_a_plain_sync_need_nobody_and_say_how_they_ended()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);

        await world.Alice.MentionAsync(Incidents, thread, "refresh checkout hard");
        await world.ThreadSaysAsync(thread, "Refresh of checkout", "compared: Synced");
        await world.Alice.MentionAsync(Incidents, thread, "sync checkout");
        await world.ThreadSaysAsync(thread, "Sync of checkout", "Succeeded");
    }

    [StoryFact]
    public async Task A_strict_window_is_found_before_and_what_waits_behind_one_can_be_ended()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        await world.Shop.AdminPatchesAsync(Project, """{"spec":{"syncWindows":[{"kind":"deny","schedule":"* * * * *","duration":"1h","applications":["checkout"]}]}}""");
        await world.Alice.MentionAsync(Incidents, thread, "sync checkout");
        await world.PersonIsToldAsync(world.Alice, "deny window", "start by itself when the window goes");

        await world.Shop.AdminPatchesCheckoutAsync("""{"operation":{"initiatedBy":{"username":"kim"},"sync":{}}}""", "argocd-server");
        await world.Shop.WaitForAsync(ShopCluster.Checkout, Blocked, "kim's operation to wait behind the window");
        await world.Alice.MentionAsync(Incidents, thread, "status checkout");
        await world.ThreadSaysAsync(thread, "A sync by kim since", "waits behind a sync window", "A deny window of project shop", "/gitops terminate checkout");
        await world.Alice.MentionAsync(Incidents, thread, "terminate checkout");

        await world.ThreadSaysAsync(thread, "Terminate of checkout", "the operation of kim is");
        await world.ThreadSaysAsync(thread, "Terminate the operation of checkout", "the operation of kim is");
        Assert.Null((await world.Shop.FindAsync(ShopCluster.Checkout))!["operation"]);
    }

    [StoryFact]
    public async Task A_window_that_comes_after_the_look_is_explained_and_what_waits_behind_it_is_taken_back_when_the_approval_lapses()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        await world.Shop.Argo.FreezeAsync(CancellationToken.None);
        await world.Alice.MentionAsync(Incidents, thread, "sync checkout");
        await world.Shop.WaitForAsync(ShopCluster.Checkout, checkout => checkout["operation"] is not null, "the sync to be written");
        await world.Shop.AdminPatchesAsync(Project, """{"spec":{"syncWindows":[{"kind":"deny","schedule":"* * * * *","duration":"1h","applications":["checkout"]}]}}""");
        world.Shop.Argo.Thaw();
        var card = await world.ThreadSaysAsync(thread, "Sync checkout", "A deny window of project", "It goes no further while that is so");

        world.Clock.Advance(TimeSpan.FromMinutes(6));

        await world.ThreadSaysAsync(thread, "Sync of checkout failed", "its approval lapsed while it waited", "it is taken back, and nothing more of it starts later");
        Assert.Equal(card.Ts, (await world.ThreadSaysAsync(thread, "Sync checkout", "Asked by", "failed", "it is taken back")).Ts);
        await world.Shop.AdminPatchesAsync(Project, """{"spec":{"syncWindows":null}}""");
        await world.Alice.MentionAsync(Incidents, thread, "refresh checkout");
        await world.ThreadSaysAsync(thread, "Refresh of checkout", "compared");
        var checkout = (await world.Shop.FindAsync(ShopCluster.Checkout))!;
        Assert.Null(checkout["operation"]);
        Assert.DoesNotContain("chatops", checkout["status"]!["operationState"]?.ToJsonString() ?? "", StringComparison.Ordinal);
    }

    [StoryFact]
    public async Task A_failing_sync_names_its_resources_in_the_message_that_it_began_with_and_pruning_waits_for_a_yes()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        await ApprovedAsync(world, thread, "pause checkout for 45m because the service is wrong", "Pause checkout");
        await world.ThreadSaysAsync(thread, "is holding");
        var broken = await CommitAsync(world, Config + Service("http", "http"));
        await world.Alice.MentionAsync(Incidents, thread, "refresh checkout");
        await world.ThreadSaysAsync(thread, "Refresh of checkout", $"OutOfSync at {broken[..8]}");

        await world.Alice.MentionAsync(Incidents, thread, "sync checkout only service/checkout,configmap/checkout");

        await world.ThreadSaysAsync(thread, "Sync of checkout failed", $"Failed at {broken[..8]}", "Service/checkout", "Duplicate value");
        var card = await world.ThreadSaysAsync(thread, "Sync checkout", "Service/checkout, ConfigMap/checkout", "Failed at");
        Assert.Equal(card.Ts, Assert.Single(world.Channel.Thread(thread), message => Reading.Shows(message, "Sync checkout", "Asked by")).Ts);

        var without = await CommitAsync(world, Config);
        await world.Alice.MentionAsync(Incidents, thread, "refresh checkout hard");
        await world.ThreadSaysAsync(thread, "Refresh of checkout", $"OutOfSync at {without[..8]}");
        await world.Alice.MentionAsync(Incidents, thread, "sync checkout");
        await world.ThreadSaysAsync(thread, "Sync of checkout", $"Succeeded at {without[..8]}");
        Assert.NotNull(await world.Shop.FindAsync(CheckoutService));

        await ApprovedAsync(world, thread, "sync checkout prune because the service is not wanted", "Sync checkout", "deletes what that does not have");

        await world.ThreadSaysAsync(thread, "Sync checkout", "deletes what that does not have", $"Succeeded at {without[..8]}");
        Assert.Null(await world.Shop.FindAsync(CheckoutService));
    }

    [StoryFact]
    [Trait("Bug", "16")]
    public async Task A_bad_release_is_rolled_back_behind_a_pause_and_comes_back_with_the_resume()
    {
        await using var world = await StartAsync();
        var (thread, bad, _) = await RolledBackAsync(world);
        var checkout = (await world.Shop.FindAsync(ShopCluster.Checkout))!;
        Assert.False(checkout["spec"]!["syncPolicy"]!["automated"]!["enabled"]!.GetValue<bool>());
        Assert.False(IsTypo((await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!));

        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");
        var asked = await world.ThreadSaysAsync(thread, "What was rolled back from comes back", $"Git still says {bad[..8]}", "1 commit more", "checkout, changed", "Resume and deploy it");
        Assert.False(IsTypo((await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!));
        await world.Alice.PressAsync(asked, "Resume and deploy it");

        await world.ThreadSaysAsync(thread, "is resumed by");
        await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, IsTypo, "Git to rule again, which still has the bad release");
    }

    [StoryFact]
    public async Task A_rollback_whose_revert_is_in_Git_is_resumed_without_a_question()
    {
        await using var world = await StartAsync();
        var (thread, _, good) = await RolledBackAsync(world);
        var revert = await CommitAsync(world, good);
        world.Clock.Advance(TimeSpan.FromSeconds(5));
        await world.Alice.MentionAsync(Incidents, thread, "refresh checkout");
        await world.Shop.WaitForAsync(ShopCluster.Checkout, checkout => (string?)checkout["status"]?["sync"]?["revision"] == revert, "Argo CD to see the revert");

        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");

        await world.ThreadSaysAsync(thread, "checkout", "is resumed by Alice Adler");
        await world.ThreadSaysAsync(thread, "checkout", "is as Git says");
        Assert.False(IsTypo((await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!));
        Assert.DoesNotContain(world.Channel.Thread(thread), message => Reading.Shows(message, "Not resumed yet"));
    }

    /// <summary>The usual order of a night: pause, try by hand, and roll back under that pause.</summary>
    [StoryFact]
    public async Task A_rollback_under_the_pause_that_is_there_stays_and_the_resume_says_first_what_comes_back()
    {
        await using var world = await StartAsync();
        var (thread, bad, good) = await ReleasedAsync(world);
        await ApprovedAsync(world, thread, "pause checkout for 30m because I try it by hand", "Pause checkout");
        await world.ThreadSaysAsync(thread, "is holding");

        await ApprovedAsync(world, thread, "rollback checkout because the hand fix did not help", "Roll back checkout", "It is paused, and stays so until its end");
        await world.ThreadSaysAsync(thread, "Rollback to entry", "Succeeded at", "revert the change in Git before that");

        await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, config => !IsTypo(config), "what was deployed before the release");
        var checkout = (await world.Shop.FindAsync(ShopCluster.Checkout))!;
        Assert.False(checkout["spec"]!["syncPolicy"]!["automated"]!["enabled"]!.GetValue<bool>());
        await world.Alice.MentionAsync(Incidents, thread, "resume checkout");
        await world.ThreadSaysAsync(thread, "What was rolled back from comes back", $"Git still says {bad[..8]}", "Resume and deploy it");
        Assert.False(IsTypo((await world.Shop.FindAsync(ShopCluster.CheckoutConfig))!));
        Assert.NotEqual(bad, good);
    }

    /// <summary>A bad release was deployed and rolled back from, and Git still has it.</summary>
    private static async Task<(string Thread, string Bad, string Good)> RolledBackAsync(ScenarioWorld world)
    {
        var (thread, bad, good) = await ReleasedAsync(world);
        await ApprovedAsync(world, thread, "rollback checkout because the release is bad", "checkout", "Auto-sync is switched off before");
        await world.ThreadSaysAsync(thread, "is rolled back", "follows Git no more");
        await world.ThreadSaysAsync(thread, "is holding");
        return (thread, bad, good);
    }

    private static async Task<(string Thread, string Bad, string Good)> ReleasedAsync(ScenarioWorld world)
    {
        var thread = await DeclareAsync(world);
        var good = await world.Shop.Repository.ReadAsync("main", "checkout/app.yaml", CancellationToken.None) + "\n";
        var bad = await CommitAsync(world, Config.Replace("none", "typo", StringComparison.Ordinal));
        await world.Alice.MentionAsync(Incidents, thread, "refresh checkout hard");
        await world.ThreadSaysAsync(thread, "Refresh of checkout: compared");
        await world.Shop.WaitForAsync(ShopCluster.CheckoutConfig, IsTypo, "Argo CD to deploy the bad release");
        await world.Shop.WaitForAsync(ShopCluster.Checkout, checkout => checkout["status"]!["history"]!.AsArray().Any(entry => (string?)entry!["revision"] == bad), "the bad release in the history");
        return (thread, bad, good);
    }

    private static bool IsTypo(JsonObject config) => (string?)config["data"]!["PAYMENT_MODE"] == "typo";

    private static string Service(params string[] ports) =>
        $"---\napiVersion: v1\nkind: Service\nmetadata:\n  name: checkout\nspec:\n  selector:\n    app: checkout\n  ports:\n{string.Concat(ports.Select((name, at) => $"    - name: {name}\n      port: {80 + at}\n"))}";

    private static Task<string> CommitAsync(ScenarioWorld world, string manifests) =>
        world.Shop.Repository.CommitAsync("main", "checkout, changed", new Dictionary<string, string?> { ["checkout/app.yaml"] = manifests }, CancellationToken.None);

    private static bool Blocked(JsonObject checkout) =>
        ((string?)checkout["status"]?["operationState"]?["message"])?.Contains("blocked by sync window", StringComparison.Ordinal) == true && checkout["operation"] is not null;

    private static async Task ApprovedAsync(ScenarioWorld world, string thread, string command, params string[] card)
    {
        await world.Alice.MentionAsync(Incidents, thread, command);
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, [.. card, "needs one approval"]), "Approve");
    }

    private static async Task<string> DeclareAsync(ScenarioWorld world)
    {
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 commander @bob apps checkout", Incidents);
        var card = await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience);
        return card.Ts;
    }

    private Task<ScenarioWorld> StartAsync() => ScenarioWorld.StartAsync(cluster, socketMode: false);
}

public sealed class ActingOnASimulatedCluster() : ActingTests(SimulatedShopCluster.StartAsync);

[OnARealCluster]
[Collection(RealShopCollection.Name)]
public sealed class ActingOnARealCluster(RealShopServer real) : ActingTests(real.StartShopAsync);
