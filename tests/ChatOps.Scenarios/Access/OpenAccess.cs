using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>Carol has access of three kinds for half an hour: a RoleBinding, a ClusterRoleBinding, and a role in Argo CD of which a token was made.</summary>
internal static class OpenAccess
{
    private const string Incidents = SampleWorkspace.IncidentChannel;
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private const string Ours = "labelSelector=app.kubernetes.io%2Fmanaged-by%3Dchatops%2Cchatops.dev%2Fgrant";
    private const string Project = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop";

    /// <summary>Returns the incident's thread.</summary>
    public static async Task<string> GiveAsync(ScenarioWorld world)
    {
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", Incidents);
        var thread = (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", default, ScenarioWorld.Patience)).Ts;
        foreach (var role in (string[])["viewer", "node-viewer", "deployer"])
        {
            await world.Carol.MentionAsync(Incidents, thread, $"breakglass request checkout as {role} for 30m because pods crashloop on config");
            await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, $"Access as {role} to checkout", "needs one approval"), "Approve");
            await world.ThreadSaysAsync(thread, $"as {role}", "is open until");
        }

        var name = (await ProjectAsync(world))["spec"]!["roles"]!.AsArray().Select(role => (string)role!["name"]!).Single(role => role.StartsWith("chatops-", StringComparison.Ordinal));
        using var token = new StringContent($$"""{ "status": { "jwtTokensByRole": { "{{name}}": { "items": [{ "iat": 1 }] } } } }""", Encoding.UTF8, "application/merge-patch+json");
        using var minted = await world.Shop.Admin.PatchAsync(Project, token);
        Assert.Equal(HttpStatusCode.OK, minted.StatusCode);
        return thread;
    }

    /// <summary>How many objects, roles and entries of tokens there are.</summary>
    public static async Task<int> LeftAsync(ScenarioWorld world)
    {
        var project = await ProjectAsync(world);
        var names = (project["spec"]!["roles"] as JsonArray ?? []).Select(role => (string)role!["name"]!).Concat((project["status"]?["jwtTokensByRole"] as JsonObject ?? []).Select(entry => entry.Key));
        return await CountAsync(world, "namespaces/shop/rolebindings") + await CountAsync(world, "clusterrolebindings") + names.Count(name => name.StartsWith("chatops-", StringComparison.Ordinal));
    }

    /// <summary>The authorizer learns that a binding is gone a moment after it is.</summary>
    public static async Task NothingIsLeftAsync(ScenarioWorld world)
    {
        Assert.Equal(0, await LeftAsync(world));
        using var limit = new CancellationTokenSource(ScenarioWorld.Patience);
        foreach (var path in (string[])["/api/v1/namespaces/shop/pods", "/api/v1/nodes"])
        {
            while (await CarolAsksAsync(world, path) != HttpStatusCode.Forbidden)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }

    /// <summary>Each end in the thread, with its proof.</summary>
    public static async Task EndsAreToldAsync(ScenarioWorld world, string thread, string who)
    {
        await world.ThreadSaysAsync(thread, $"{who} to checkout as viewer", "is ended", "after its moment", "allows no more than before");
        await world.ThreadSaysAsync(thread, $"{who} to checkout as node-viewer", "is ended", "after its moment", "allows no more than before");
        await world.ThreadSaysAsync(thread, $"{who} to checkout as deployer", "is ended", "after its moment", "holds neither the role nor a token of it");
    }

    private static async Task<HttpStatusCode> CarolAsksAsync(ScenarioWorld world, string path)
    {
        using var answer = await world.Shop.Carol.GetAsync(path);
        return answer.StatusCode;
    }

    private static async Task<JsonObject> ProjectAsync(ScenarioWorld world) => (await world.Shop.FindAsync(Project))!;

    private static async Task<int> CountAsync(ScenarioWorld world, string kind) => (await world.Shop.FindAsync($"{Rbac}/{kind}?{Ours}"))!["items"]!.AsArray().Count;
}
