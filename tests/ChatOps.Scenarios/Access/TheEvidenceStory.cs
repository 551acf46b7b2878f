using System.Net;
using System.Text;
using ChatOps.Peers;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Access;

/// <summary>What people read of what somebody did with access, from the real audit log of a real API server.</summary>
[OnARealCluster]
[Collection(RealShopOfAccess.Name)]
public sealed class TheEvidenceStory(RealShopServer real)
{
    private const string Incidents = SampleWorkspace.IncidentChannel;
    private const string Deployment = "/apis/apps/v1/namespaces/shop/deployments/checkout";
    private const string Shell = "/api/v1/namespaces/shop/pods/of-evidence/exec?command=sh&container=app&stdin=true";

    [StoryFact]
    public async Task The_audit_log_tells_what_access_was_used_for_and_what_outlives_it()
    {
        await using var world = await StartAsync();
        using var kubelet = new OpenKubelet();
        await PodAsync(world, kubelet.Port);
        var (thread, id) = await GivenAsync(world);
        real.Audit.Repeats = true;
        real.Audit.Fail(1);

        await PatchAsync(world, ShopCluster.CheckoutConfig, """{ "data": { "LOG_LEVEL": "debug", "DB_PASSWORD": "hunter2" } }""", HttpStatusCode.OK);
        await PatchAsync(world, Deployment, """{ "spec": { "replicas": 3 } }""", HttpStatusCode.OK, "the-same");
        await PatchAsync(world, Deployment + "?x=dryRun=All", """{ "spec": { "replicas": 4 } }""", HttpStatusCode.OK, "the-same");
        await PatchAsync(world, Deployment + "?dryRun=All", """{ "spec": { "replicas": 99 } }""", HttpStatusCode.OK);
        await PatchAsync(world, "/api/v1/namespaces/shop/services/none", """{ "metadata": { "labels": { "a": "b" } } }""", HttpStatusCode.NotFound);
        // An API server as old as this one tells no body of a scale, although its policy asks for it.
        using (var scaled = await world.Shop.Carol.PutAsync(Deployment + "/scale", new StringContent("""{ "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": { "name": "checkout", "namespace": "shop" }, "spec": { "replicas": 5 } }""", Encoding.UTF8, "application/json")))
        {
            Assert.Equal(HttpStatusCode.OK, scaled.StatusCode);
        }

        using var shell = await OpenShellAsync(world);

        await world.ThreadSaysAsync(thread, $"Done with access {id}", "4 changes and 1 stream", "configmaps/checkout", "/data/LOG_LEVEL = debug", "/data/DB_PASSWORD = (secret, not shown)", "/spec/replicas = 3", "/spec/replicas = 4", "replaced", "deployments.apps/checkout/scale", "as a whole", "pods/of-evidence/exec", "not known to be closed");
        await world.Bob.CommandAsync("/breakglass", "list", Incidents);
        await world.PersonIsToldAsync(world.Bob, id, "Used so far: 4 changes and 1 stream.");

        world.Clock.Advance(TimeSpan.FromMinutes(30));
        await world.ThreadSaysAsync(thread, id, "is ended", "allows no more than before");
        await world.ThreadSaysAsync(thread, id, "was used for", "4 changes and 1 stream", "patched", "configmaps/checkout");
        await world.ThreadSaysAsync(thread, id, "outlive it", "pods/of-evidence/exec", "kubectl delete pod of-evidence -n shop");
        Assert.DoesNotContain(world.Channel.Thread(thread), message => Reading.Shows(message, "replicas = 99") || Reading.Shows(message, "hunter2") || Reading.Shows(message, "services/none"));

        shell.Dispose();
        await world.ThreadSaysAsync(thread, $"Done with access {id}", "pods/of-evidence/exec", ", closed");
        await world.Alice.CommandAsync("/incident", "timeline", Incidents);
        await world.PersonIsToldAsync(world.Alice, "patched configmaps/checkout in shop", $"with access {id}");
    }

    /// <summary>Git does not mention what is added here, so that nothing but the object itself tells of it.</summary>
    [StoryFact]
    public async Task Without_an_audit_log_live_objects_name_tools_and_what_was_not_looked_at_is_said()
    {
        await using var world = await ScenarioWorld.StartAsync(real.StartShopAsync, socketMode: false);
        using var old = await world.Shop.Admin.DeleteAsync("/api/v1/namespaces/shop/serviceaccounts/of-evidence");
        var (thread, id) = await GivenAsync(world);

        await PatchAsync(world, ShopCluster.CheckoutConfig + "?fieldManager=kubectl-edit", """{ "data": { "ADDED_PASSWORD": "hunter2" } }""", HttpStatusCode.OK);
        await world.Shop.AdminCreatesAsync("/api/v1/namespaces/shop/serviceaccounts", """{ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "name": "of-evidence" } }""");
        world.Clock.Advance(TimeSpan.FromMinutes(30));

        await world.ThreadSaysAsync(thread, id, "is ended", "allows no more than before");
        world.Clock.Advance(TimeSpan.FromMinutes(1)); // so long the audit log is waited for
        await world.ThreadSaysAsync(thread, id, "told us nothing of it", "as live objects in namespace", "kubectl-edit wrote", "configmaps/checkout", "/data/ADDED_PASSWORD", "is a guess as to who", "What was deleted");
        await world.ThreadSaysAsync(thread, id, "outlive it", "serviceaccounts/of-evidence in shop", "by whom is not known", "Not looked at: Secrets; tokens issued for service accounts", "argocd account get");
        Assert.DoesNotContain(world.Channel.Thread(thread), message => Reading.Shows(message, "hunter2"));
    }

    [StoryFact]
    public async Task Access_that_changes_nothing_is_pointed_out_given_back_and_said_to_have_changed_nothing()
    {
        await using var world = await StartAsync();
        var (thread, id) = await GivenAsync(world);

        world.Clock.Advance(TimeSpan.FromMinutes(16));
        var hint = await world.PersonIsToldAsync(world.Carol, "No change was made with your access to checkout", "tells of no change and no shell by");
        await world.Carol.PressAsync(hint, "Give back");

        await world.ThreadSaysAsync(thread, id, "Carol Chiba gave it back");
        await world.ThreadSaysAsync(thread, id, "was used for no change", "told of its beginning and of its end");
        await world.PersonIsToldAsync(world.Carol, "Your access to checkout has ended");
    }

    [StoryFact]
    public async Task A_token_of_another_cluster_or_of_nobody_tells_nothing()
    {
        await using var world = await StartAsync();
        using var client = new HttpClient();
        foreach (var authorization in (string?[])[null, "Bearer ", "Bearer forged-forged-forged-forged", $"Basic {AuditRelay.Token}"])
        {
            using var post = new HttpRequestMessage(HttpMethod.Post, Door(world)) { Content = new StringContent("""{ "kind": "EventList", "apiVersion": "audit.k8s.io/v1", "items": [] }""") };
            post.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var answer = await client.SendAsync(post);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    private static Uri Door(ScenarioWorld world) => new(world.Product.Url, "webhooks/kubernetes/audit");

    private async Task<ScenarioWorld> StartAsync()
    {
        var world = await ScenarioWorld.StartAsync(real.StartShopAsync, socketMode: false, new Dictionary<string, string?> { ["Clusters:0:AuditToken"] = AuditRelay.Token });
        (real.Audit.Target, real.Audit.Repeats) = (Door(world), false);
        return world;
    }

    private static async Task<(string Thread, string Id)> GivenAsync(ScenarioWorld world)
    {
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout", Incidents);
        var thread = (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", default, ScenarioWorld.Patience)).Ts;
        await world.Carol.MentionAsync(Incidents, thread, "breakglass request checkout as editor for 30m because pods crashloop on config");
        await world.Bob.PressAsync(await world.ThreadSaysAsync(thread, "Access as editor to checkout", "needs one approval"), "Approve");
        await world.ThreadSaysAsync(thread, "is open until");
        var bindings = (await world.Shop.FindAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dchatops"))!["items"]!.AsArray();
        using var limit = new CancellationTokenSource(ScenarioWorld.Patience);
        while (true)
        {
            using var pods = await world.Shop.Carol.GetAsync("/api/v1/namespaces/shop/pods", limit.Token);
            if (pods.IsSuccessStatusCode)
            {
                return (thread, ((string)Assert.Single(bindings)!["metadata"]!["name"]!)[^8..]);
            }

            await Task.Delay(20, limit.Token);
        }
    }

    private static async Task PatchAsync(ScenarioWorld world, string path, string json, HttpStatusCode expected, string? auditId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = new StringContent(json, Encoding.UTF8, "application/merge-patch+json") };
        if (auditId is not null)
        {
            request.Headers.Add("Audit-ID", auditId);
        }

        using var answer = await world.Shop.Carol.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> OpenShellAsync(ScenarioWorld world)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Shell);
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("SPDY/3.1");
        request.Headers.Add("X-Stream-Protocol-Version", "v4.channel.k8s.io");
        var answer = await world.Shop.Carol.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, answer.StatusCode);
        return answer;
    }

    /// <summary>A pod on a node whose kubelet answers.</summary>
    private static async Task PodAsync(ScenarioWorld world, int kubelet)
    {
        using var oldPod = await world.Shop.Admin.DeleteAsync("/api/v1/namespaces/shop/pods/of-evidence?gracePeriodSeconds=0");
        using var oldNode = await world.Shop.Admin.DeleteAsync("/api/v1/nodes/of-evidence");
        await world.Shop.AdminCreatesAsync("/api/v1/nodes", """{ "apiVersion": "v1", "kind": "Node", "metadata": { "name": "of-evidence" } }""");
        await world.Shop.AdminPatchesAsync("/api/v1/nodes/of-evidence/status", $$"""{ "status": { "addresses": [{ "type": "InternalIP", "address": "127.0.0.1" }], "daemonEndpoints": { "kubeletEndpoint": { "Port": {{kubelet}} } } } }""");
        await world.Shop.AdminCreatesAsync("/api/v1/namespaces/shop/pods", """{ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "of-evidence" }, "spec": { "nodeName": "of-evidence", "containers": [{ "name": "app", "image": "shop" }] } }""");
    }
}
