using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Scripting;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>Break-glass access from the request to its end, tried with the person's own credentials all along.</summary>
public abstract class TheAccessStory(Func<MovableClock, Task<ShopCluster>> cluster)
{
    private const string Incidents = SampleWorkspace.IncidentChannel;
    private const string Bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings";
    private const string Project = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop";
    private const string Pods = "/api/v1/namespaces/shop/pods";
    private const string Nodes = "/api/v1/nodes";

    [StoryFact]
    public async Task It_is_approved_by_somebody_else_lasts_until_its_moment_and_is_proved_to_be_gone()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        Assert.Equal(HttpStatusCode.Forbidden, await CarolListsPodsAsync(world));

        var card = await RequestAsync(world, thread);
        await world.Carol.PressAsync(card, "Approve");
        await world.PersonIsToldAsync(world.Carol, "your own request");
        Assert.Empty(await GrantsAsync(world));
        await world.Bob.PressAsync(card, "Approve");
        await world.ThreadSaysAsync(thread, "is open until", "chatops-breakglass-editor", "namespace shop");
        await UntilAsync(world, HttpStatusCode.OK);
        using var secrets = await world.Shop.Carol.GetAsync("/api/v1/namespaces/shop/secrets");
        Assert.Equal(HttpStatusCode.Forbidden, secrets.StatusCode);
        await world.Carol.CommandAsync("/breakglass", "list", Incidents);
        await world.PersonIsToldAsync(world.Carol, "Carol Chiba", "as editor", "pods crashloop");

        world.Clock.Advance(TimeSpan.FromMinutes(26));
        await world.PersonIsToldAsync(world.Carol, "is about to end");
        world.Clock.Advance(TimeSpan.FromMinutes(4));

        await world.ThreadSaysAsync(thread, "Carol Chiba", "is ended", "after its moment", "allows no more than before");
        Assert.Equal(HttpStatusCode.Forbidden, await CarolListsPodsAsync(world));
        Assert.Empty(await GrantsAsync(world));
    }

    [StoryFact]
    public async Task It_is_given_back_early_with_done_and_ended_by_a_commander_with_revoke()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        await GivenAsync(world, thread);
        await world.Carol.CommandAsync("/breakglass", "done", Incidents);
        await world.ThreadSaysAsync(thread, "is ended", "Carol Chiba gave it back", "allows no more than before");
        Assert.Equal(HttpStatusCode.Forbidden, await CarolListsPodsAsync(world));

        var id = await GivenAsync(world, thread);
        await world.Alice.CommandAsync("/breakglass", $"revoke {id}", Incidents);
        await world.PersonIsToldAsync(world.Alice, "None of your roles may revoke");
        await world.Bob.CommandAsync("/breakglass", $"revoke {id}", Incidents);
        await world.ThreadSaysAsync(thread, id, "Bob Brown revoked it", "allows no more than before");
        Assert.Equal(HttpStatusCode.Forbidden, await CarolListsPodsAsync(world));
    }

    [StoryFact]
    public async Task It_is_ended_from_the_Home_tab_by_whoever_may()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        await GivenAsync(world, thread);

        await world.Alice.OpenHomeAsync();
        await HomeShowsAsync(world, world.Alice, "Carol Chiba", "editor");
        await Assert.ThrowsAsync<ArgumentException>(() => world.Alice.PressAtHomeAsync("Revoke"));
        await world.Bob.OpenHomeAsync();
        await HomeShowsAsync(world, world.Bob, "Carol Chiba", "editor");
        await world.Bob.PressAtHomeAsync("Revoke");

        await world.ThreadSaysAsync(thread, "Bob Brown revoked it", "allows no more than before");
        Assert.Equal(HttpStatusCode.Forbidden, await CarolListsPodsAsync(world));
        await HomeShowsAsync(world, world.Bob, "being ended");
        await world.Bob.OpenHomeAsync();
        await HomeShowsAsync(world, world.Bob, "Nobody has break-glass access at this moment.");
    }

    private static async Task HomeShowsAsync(ScenarioWorld world, SlackActor person, params string[] words) => await world.Slack.WaitForAsync(
        () => person.Home is { } home && words.All(word => MessageText.Of(home).Contains(word, StringComparison.Ordinal)) ? home : null,
        $"'{string.Join("', '", words)}' on the Home tab",
        CancellationToken.None,
        ScenarioWorld.Patience);

    [StoryFact]
    public async Task Longer_access_is_approved_again_and_is_an_object_beside_the_old_one()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        var first = await GivenAsync(world, thread);

        await world.Carol.CommandAsync("/breakglass", $"extend {first} by 30m", Incidents);
        var card = await world.ThreadSaysAsync(thread, "Longer access as editor to checkout", "needs one approval");
        await world.Bob.PressAsync(card, "Approve");
        await world.Slack.WaitForAsync(() => world.Channel.Thread(thread).Count(message => Reading.Shows(message, "is open until")) == 2 ? "" : null, "the second grant", default, ScenarioWorld.Patience);
        Assert.Equal(2, (await GrantsAsync(world)).Count);

        world.Clock.Advance(TimeSpan.FromMinutes(30));
        await world.ThreadSaysAsync(thread, first, "is ended", "Access goes on until");
        Assert.Single(await GrantsAsync(world));
        Assert.Equal(HttpStatusCode.OK, await CarolListsPodsAsync(world));

        world.Clock.Advance(TimeSpan.FromMinutes(30));
        await world.ThreadSaysAsync(thread, "is ended", "allows no more than before");
        Assert.Equal(HttpStatusCode.Forbidden, await CarolListsPodsAsync(world));
    }

    [StoryFact]
    public async Task The_start_ends_what_the_books_do_not_know_and_what_ended_while_nobody_was_there()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        var id = await GivenAsync(world, thread);
        await world.StopProductAsync();
        using var stray = new StringContent($$"""
            { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
              "metadata": { "name": "stray", "labels": { "app.kubernetes.io/managed-by": "chatops", "chatops.dev/grant": "{{Guid.NewGuid():N}}", "chatops.dev/incident": "1" },
                            "annotations": { "chatops.dev/expires-at": "2099-01-01T00:00:00Z" } },
              "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "chatops-breakglass-viewer" },
              "subjects": [ { "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "mallory@example.com" } ] }
            """, Encoding.UTF8, "application/json");
        using var made = await world.Shop.Admin.PostAsync(Bindings, stray);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        world.Clock.Advance(TimeSpan.FromMinutes(31));

        await world.StartProductAsync();

        await world.ThreadSaysAsync(thread, id, "is ended", "after its moment");
        await world.ThreadSaysAsync(thread, "mallory@example.com", "the books know of no grant behind it", "took it away");
        Assert.Empty(await GrantsAsync(world));
        Assert.Equal(HttpStatusCode.Forbidden, await CarolListsPodsAsync(world));
    }

    [StoryFact]
    public async Task In_Argo_CD_it_is_a_role_of_the_project_until_its_moment_with_the_tokens_that_were_made_of_it()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        var before = await ProjectAsync(world);

        await world.Carol.MentionAsync(Incidents, thread, "breakglass request checkout as deployer for 30m because the rollout hangs");
        var card = await world.ThreadSaysAsync(thread, "Access as deployer to checkout", "needs one approval", "carol@example.com", "Argo CD project shop", "sync", "chatops:projects");
        await world.Bob.PressAsync(card, "Approve");
        await world.ThreadSaysAsync(thread, "is open until", "carol@example.com has get, sync", "in Argo CD, by role chatops-");
        var role = Assert.Single((await ProjectAsync(world))["spec"]!["roles"]!.AsArray())!;
        Assert.Contains($"p, proj:shop:{role["name"]}, applications, sync, shop/checkout, allow", role["policies"]!.AsArray().Select(line => (string)line!));
        using var token = new StringContent($$"""{ "status": { "jwtTokensByRole": { "{{role["name"]}}": { "items": [{ "iat": 1 }] } } } }""", Encoding.UTF8, "application/merge-patch+json");
        using var minted = await world.Shop.Admin.PatchAsync(Project, token);
        Assert.Equal(HttpStatusCode.OK, minted.StatusCode);

        world.Clock.Advance(TimeSpan.FromMinutes(30));

        await world.ThreadSaysAsync(thread, "Carol Chiba", "is ended", "after its moment", "holds neither the role nor a token of it");
        var after = await ProjectAsync(world);
        Assert.Equal(before["spec"]!.ToJsonString(), after["spec"]!.ToJsonString());
        Assert.Empty(after["status"]!["jwtTokensByRole"]!.AsObject());
    }

    [StoryFact]
    public async Task What_lives_in_no_namespace_is_given_by_its_own_rule_for_as_long_as_the_approver_said()
    {
        await using var world = await StartAsync();
        var thread = await DeclareAsync(world);
        Assert.Equal(HttpStatusCode.Forbidden, await CarolAsksAsync(world, Nodes));
        await world.Carol.MentionAsync(Incidents, thread, "breakglass request checkout as node-viewer for 30m because a node is full");
        var card = await world.ThreadSaysAsync(thread, "Access as node-viewer to checkout", "the whole of cluster shop", "access-to-nodes", "chatops:cluster-grants");

        await world.Bob.PressAsync(card, "For less time …");
        await world.Bob.Dialogs.WaitAsync(CancellationToken.None);
        await world.Bob.Dialogs.SubmitAsync(new Dictionary<string, string> { ["For how long at most?"] = "10m" });

        await world.ThreadSaysAsync(thread, "Bob Brown approved", "10 minutes at most, shorter than asked", "Known by configured id.");
        await world.ThreadSaysAsync(thread, "is open until", "the whole of cluster shop");
        await UntilAsync(world, HttpStatusCode.OK, Nodes);
        Assert.Equal(HttpStatusCode.Forbidden, await CarolAsksAsync(world, Pods));

        world.Clock.Advance(TimeSpan.FromMinutes(10));
        await world.ThreadSaysAsync(thread, "Carol Chiba", "is ended", "after its moment", "allows no more than before");
        Assert.Equal(HttpStatusCode.Forbidden, await CarolAsksAsync(world, Nodes));
    }

    private static async Task<JsonObject> ProjectAsync(ScenarioWorld world) => (await world.Shop.FindAsync(Project))!.AsObject();

    private Task<ScenarioWorld> StartAsync() => ScenarioWorld.StartAsync(cluster, socketMode: false);

    private static async Task<string> DeclareAsync(ScenarioWorld world)
    {
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", Incidents);
        return (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", default, ScenarioWorld.Patience)).Ts;
    }

    private static async Task<SlackMessage> RequestAsync(ScenarioWorld world, string thread)
    {
        var known = world.Channel.Thread(thread).Select(message => message.Ts).ToHashSet();
        await world.Carol.MentionAsync(Incidents, thread, "breakglass request checkout as editor for 30m because pods crashloop on config");
        return await world.Slack.WaitForAsync(
            () => world.Channel.Thread(thread).LastOrDefault(message => !known.Contains(message.Ts) && Reading.Shows(message, "Access as editor to checkout", "needs one approval", "carol@example.com", "namespace shop", "pods/exec", "chatops:grants")),
            "the card with the plan", default, ScenarioWorld.Patience);
    }

    /// <summary>Returns its id.</summary>
    private static async Task<string> GivenAsync(ScenarioWorld world, string thread)
    {
        await world.Bob.PressAsync(await RequestAsync(world, thread), "Approve");
        await UntilAsync(world, HttpStatusCode.OK);
        var name = Assert.Single(await GrantsAsync(world));
        await world.ThreadSaysAsync(thread, "is open until", name[^8..]);
        return name[^8..];
    }

    private static Task<HttpStatusCode> CarolListsPodsAsync(ScenarioWorld world) => CarolAsksAsync(world, Pods);

    private static async Task<HttpStatusCode> CarolAsksAsync(ScenarioWorld world, string path)
    {
        using var answer = await world.Shop.Carol.GetAsync(path);
        return answer.StatusCode;
    }

    private static async Task<IReadOnlyList<string>> GrantsAsync(ScenarioWorld world) =>
        [.. (await world.Shop.FindAsync($"{Bindings}?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dchatops"))!["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!)];

    /// <summary>The authorizer learns of a binding a moment after it is stored.</summary>
    private static async Task UntilAsync(ScenarioWorld world, HttpStatusCode wanted, string path = Pods)
    {
        using var limit = new CancellationTokenSource(ScenarioWorld.Patience);
        while (await CarolAsksAsync(world, path) != wanted)
        {
            await Task.Delay(20, limit.Token);
        }
    }
}

public sealed class TheAccessStorySimulated() : TheAccessStory(SimulatedShopCluster.StartAsync);

[OnARealCluster]
[Collection(RealShopOfAccess.Name)]
public sealed class TheAccessStoryOnARealCluster(RealShopServer real) : TheAccessStory(real.StartShopAsync);
