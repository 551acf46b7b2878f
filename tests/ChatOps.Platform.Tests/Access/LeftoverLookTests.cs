using System.Globalization;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Peers;

namespace ChatOps.Platform.Tests.Access;

/// <summary>What can outlive access, looked for on a real API server with what <c>rbac</c> lets the bot read.</summary>
public sealed class LeftoverLookTests(GrantCluster cluster) : IClassFixture<GrantCluster>
{
    [RealClusterFact]
    public async Task What_came_into_being_there_meanwhile_is_found_and_nothing_else_is()
    {
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        await admin.CreateAsync("/api/v1/namespaces/shop/serviceaccounts", """{ "metadata": { "name": "left" } }""");
        await admin.CreateAsync("/api/v1/namespaces/payments/serviceaccounts", """{ "metadata": { "name": "elsewhere" } }""");
        await admin.CreateAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/shop-jobs/rolebindings", Binding("left", ""));
        await admin.CreateAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/shop-jobs/rolebindings", Binding("disguised", """ "chatops.dev/grant": "mine" """));
        await admin.CreateAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/shop-jobs/rolebindings", Binding("ours", """ "app.kubernetes.io/managed-by": "chatops", "chatops.dev/grant": "0193a5f0000070008000000000000001" """));
        await admin.CreateAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles", """{ "metadata": { "name": "left" }, "rules": [] }""");
        await admin.CreateAsync("/apis/batch/v1beta1/namespaces/shop/cronjobs", """
            { "metadata": { "name": "left", "labels": { "app.kubernetes.io/managed-by": "chatops", "chatops.dev/grant": "mine" } }, "spec": { "schedule": "0 0 1 1 *", "jobTemplate": { "spec": { "template": { "spec": { "restartPolicy": "Never", "containers": [{ "name": "a", "image": "a" }] } } } } } }
            """);
        await admin.CreateAsync("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", """{ "metadata": { "name": "left" } }""");
        var now = TimeProvider.System.GetUtcNow();

        var during = await LookAsync(now.AddMinutes(-1), now.AddMinutes(1));
        var before = await LookAsync(now.AddHours(-2), now.AddHours(-1));

        Assert.Equal(
            ["cronjobs.batch/left in shop", "mutatingwebhookconfigurations.admissionregistration.k8s.io/left", "rolebindings.rbac.authorization.k8s.io/disguised in shop-jobs", "rolebindings.rbac.authorization.k8s.io/left in shop-jobs", "roles.rbac.authorization.k8s.io/left in shop", "serviceaccounts/left in shop"],
            during.Found.Select(found => found.What).Where(what => !what.Contains("chatops", StringComparison.Ordinal) && !what.Contains("/default", StringComparison.Ordinal) && !what.StartsWith("cluster", StringComparison.Ordinal) && (what.Contains("left", StringComparison.Ordinal) || what.Contains("else", StringComparison.Ordinal) || what.Contains("disguised", StringComparison.Ordinal))).Order(StringComparer.Ordinal));
        Assert.Empty(before.Found);
        Assert.Empty(during.NotSeen);
        Assert.Contains("kubectl delete cronjobs.batch left -n shop", during.Found.Single(found => found.What.StartsWith("cronjobs", StringComparison.Ordinal)).Remedy, StringComparison.Ordinal);
    }

    /// <summary>Somebody was added to a binding that was there, and a program of the cluster's wrote to another.</summary>
    [RealClusterFact]
    public async Task What_was_there_and_was_changed_meanwhile_is_found_with_the_tool_that_wrote_to_it()
    {
        const string Bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings";
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        await admin.CreateAsync(Bindings + "?fieldManager=argocd-controller", Binding("widened", ""));
        await admin.CreateAsync(Bindings + "?fieldManager=argocd-controller", Binding("synced", ""));
        var from = await NextButOneSecondAfterAsync(admin, $"{Bindings}/synced");
        await admin.MergePatchAsync($"{Bindings}/widened?fieldManager=kubectl-edit", """{ "subjects": [{ "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "mallory" }] }""");
        await admin.MergePatchAsync($"{Bindings}/synced?fieldManager=argocd-controller", """{ "metadata": { "labels": { "a": "b" } } }""");

        var look = await LookAsync(from, from.AddMinutes(1));

        var changed = Assert.Single(look.Found, found => found.Target!.Name is "widened" or "synced");
        Assert.Equal(("rolebindings.rbac.authorization.k8s.io/widened in shop", "kubectl-edit"), (changed.What, changed.ChangedWith));
        Assert.Equal("see whether it is as it should be (kubectl get rolebindings.rbac.authorization.k8s.io widened -n shop -o yaml)", changed.Remedy);
    }

    [RealClusterFact]
    public async Task Of_access_to_the_whole_cluster_bindings_of_it_are_found()
    {
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        await admin.CreateAsync("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", Binding("left-everywhere", ""));
        var now = TimeProvider.System.GetUtcNow();

        var look = await cluster.Leftovers.LookAsync(Grant(now.AddMinutes(-1), now.AddMinutes(1), ""), "", default);

        var found = Assert.Single(look.Found, found => found.What.Contains("left-everywhere", StringComparison.Ordinal));
        Assert.Equal("clusterrolebindings.rbac.authorization.k8s.io/left-everywhere", found.What);
        Assert.EndsWith("left-everywhere)", found.Remedy, StringComparison.Ordinal);
        Assert.Empty(look.NotSeen);
    }

    [RealClusterFact]
    public async Task Where_the_bot_may_not_look_that_is_said()
    {
        var now = TimeProvider.System.GetUtcNow();

        var look = await cluster.Leftovers.LookAsync(Grant(now.AddMinutes(-1), now, "payments"), "", default);

        Assert.Equal(["serviceaccounts, cronjobs, roles in payments"], look.NotSeen);
    }

    /// <summary>A window that begins so long after the object was made that no difference of clocks lets it in.</summary>
    private static async Task<DateTimeOffset> NextButOneSecondAfterAsync(ApiCaller admin, string path)
    {
        using var made = System.Text.Json.JsonDocument.Parse((await admin.GetAsync(path)).Body);
        var from = made.RootElement.GetProperty("metadata").GetProperty("creationTimestamp").GetDateTimeOffset().AddSeconds(3);
        while (TimeProvider.System.GetUtcNow() < from.AddSeconds(-2))
        {
            await Task.Delay(50);
        }

        return from;
    }

    private Task<Leftovers> LookAsync(DateTimeOffset from, DateTimeOffset until) => cluster.Leftovers.LookAsync(Grant(from, until, "shop", "shop-jobs"), "", default);

    private static Grant Grant(DateTimeOffset from, DateTimeOffset until, params string[] namespaces) =>
        GrantCluster.Approved(new(new("production", namespaces, "editor", []), [], [])).Grant with { StartedAt = from, EndedAt = until, State = GrantState.Ended };

    private static string Binding(string name, string labels) => $$"""
        { "metadata": { "name": "{{name}}", "labels": { {{labels}} } }, "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "chatops-breakglass-viewer" } }
        """;
}

/// <summary>The same of tokens that Argo CD made.</summary>
public sealed class LeftoverTokenTests(ProjectCluster cluster) : IClassFixture<ProjectCluster>
{
    [RealClusterFact]
    public async Task A_token_that_a_project_got_meanwhile_is_found_unless_it_dies_with_a_grant()
    {
        var ofAGrant = ArgoCdRoleName.Of(Guid.NewGuid(), ProjectCluster.Now);
        var (old, made) = (Unix(ProjectCluster.Now.AddDays(-1)), Unix(ProjectCluster.Now.AddMinutes(5)));
        await cluster.PatchAsync("alone", $$"""[{ "op": "add", "path": "/status", "value": { "jwtTokensByRole": { "ci": { "items": [{ "iat": {{old}} }, { "iat": {{made}} }] }, "{{ofAGrant}}": { "items": [{ "iat": {{made}} }] } } } }]""");
        var grant = (await cluster.ApprovedAsync("twice")).Grant with { EndedAt = ProjectCluster.Now.AddMinutes(30), State = GrantState.Ended };

        var look = await cluster.Leftovers.LookAsync(grant, "alone", default);

        var found = Assert.Single(look.Found);
        Assert.Equal(("a token of role ci in Argo CD project alone", ProjectCluster.Now.AddMinutes(5)), (found.What, found.At));
        Assert.Contains($"argocd proj role delete-token alone ci {made}", found.Remedy, StringComparison.Ordinal);
        Assert.Equal(["tokens of Argo CD project none"], (await cluster.Leftovers.LookAsync(grant, "none", default)).NotSeen);
    }

    private static string Unix(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
