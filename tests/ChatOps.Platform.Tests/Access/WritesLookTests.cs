using System.Text.Json;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Peers;
using ChatOps.Platform.Access;

namespace ChatOps.Platform.Tests.Access;

/// <summary>What live objects say of writes, on a real API server with what <c>rbac</c> lets the bot read.</summary>
public sealed class WritesLookTests(GrantCluster cluster) : IClassFixture<GrantCluster>
{
    private const string Maps = "/api/v1/namespaces/shop/configmaps";

    [RealClusterFact]
    public async Task What_tools_wrote_there_meanwhile_is_told_whatever_Git_says_of_it_and_what_is_gone_is_not()
    {
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        await admin.CreateAsync(Maps + "?fieldManager=argocd-controller", """{ "metadata": { "name": "checkout" }, "data": { "MODE": "slow" } }""");
        await admin.MergePatchAsync(Maps + "/checkout?fieldManager=kubectl-edit", """{ "data": { "MODE": "fast", "DB_PASSWORD": "hunter2" } }""");
        await admin.CreateAsync(Maps + "?fieldManager=argocd-controller", """{ "metadata": { "name": "untouched" }, "data": { "MODE": "slow" } }""");
        await admin.CreateAsync(Maps + "?fieldManager=operator", """{ "metadata": { "name": "election", "annotations": { "control-plane.alpha.kubernetes.io/leader": "me" } } }""");
        await admin.CreateAsync(Maps + "?fieldManager=helm", """{ "metadata": { "name": "by-helm" }, "data": { "a": "b" } }""");
        await admin.CreateAsync(Maps + "?fieldManager=kubectl-create", """{ "metadata": { "name": "gone" } }""");
        await admin.DeleteAsync(Maps + "/gone");
        await admin.CreateAsync("/apis/apps/v1/namespaces/shop-jobs/deployments?fieldManager=kubectl-create", Deployment);
        await admin.MergePatchAsync("/apis/apps/v1/namespaces/shop-jobs/deployments/nightly/status?fieldManager=somebody", """{ "status": { "replicas": 1 } }""");
        await admin.CreateAsync("/api/v1/namespaces/payments/configmaps?fieldManager=kubectl-create", """{ "metadata": { "name": "elsewhere" }, "data": { "a": "b" } }""");
        var now = TimeProvider.System.GetUtcNow();

        var during = await LookAsync(now.AddMinutes(-1), now.AddMinutes(1), "shop", "shop-jobs");
        var before = await LookAsync(now.AddHours(-2), now.AddHours(-1), "shop", "shop-jobs");

        Assert.Equal(
            ["helm: configmaps/by-helm in shop", "kubectl-create: deployments.apps/nightly in shop-jobs", "kubectl-edit: configmaps/checkout in shop"],
            during.Written.Where(deed => deed.Target.Resource is "configmaps" or "deployments" && deed.Target.Name != "kube-root-ca.crt").Select(deed => $"{deed.By}: {deed.Target} in {deed.Target.Namespace}").Order(StringComparer.Ordinal));
        var edit = during.Written.Single(deed => deed.By == "kubectl-edit");
        Assert.Equal(["/data/DB_PASSWORD", "/data/MODE"], edit.Fields.Order(StringComparer.Ordinal));
        Assert.InRange(edit.FirstAt, now.AddMinutes(-1), now.AddSeconds(1));
        Assert.Equal("helm", during.Written.Last(deed => deed.Target.Resource == "configmaps").By); // the tools of people come first
        Assert.Empty(before.Written);
        Assert.Empty(during.NotSeen);
    }

    [RealClusterFact]
    public async Task Of_access_to_the_whole_cluster_it_is_what_lives_in_no_namespace()
    {
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        await admin.CreateAsync("/api/v1/namespaces?fieldManager=argocd-controller", """{ "metadata": { "name": "quarantine" } }""");
        await admin.MergePatchAsync("/api/v1/namespaces/quarantine?fieldManager=kubectl-label", """{ "metadata": { "labels": { "open": "yes" } } }""");
        var now = TimeProvider.System.GetUtcNow();

        var look = await LookAsync(now.AddMinutes(-1), now.AddMinutes(1), "");

        Assert.Empty(look.NotSeen);
        var labelled = Assert.Single(look.Written, deed => deed.Target.Name == "quarantine");
        Assert.Equal(("kubectl-label", "namespaces/quarantine", null), (labelled.By, labelled.Target.ToString(), labelled.Target.Namespace));
        Assert.Equal("/metadata/labels/open", Assert.Single(labelled.Fields));
    }

    [RealClusterFact]
    public async Task Where_the_bot_may_not_look_that_is_said_and_a_Secret_is_nowhere_asked_for()
    {
        var now = TimeProvider.System.GetUtcNow();

        var look = await LookAsync(now.AddMinutes(-1), now, "payments");

        var unseen = Assert.Single(look.NotSeen);
        Assert.StartsWith("configmaps, services, serviceaccounts", unseen, StringComparison.Ordinal);
        Assert.EndsWith(" in payments", unseen, StringComparison.Ordinal);
        Assert.DoesNotContain(ListedKind.InNamespaces.Concat(ListedKind.InNone), kind => kind.Resource.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_scaling_of_which_no_moment_is_kept_is_known_as_that()
    {
        using var deployment = JsonDocument.Parse("""
            { "metadata": { "name": "checkout", "managedFields": [
              { "manager": "kubectl", "operation": "Update", "subresource": "scale", "fieldsV1": { "f:spec": { "f:replicas": {} } } },
              { "manager": "kube-controller-manager", "operation": "Update", "subresource": "scale", "fieldsV1": { "f:spec": { "f:replicas": {} } } } ] } }
            """);

        var writes = Assert.Single(WritesLook.By(deployment.RootElement));

        Assert.Equal(("kubectl", null, "scale"), writes.Key);
    }

    private const string Deployment = """
        { "metadata": { "name": "nightly" }, "spec": { "selector": { "matchLabels": { "a": "b" } }, "template": { "metadata": { "labels": { "a": "b" } }, "spec": { "containers": [{ "name": "a", "image": "a" }] } } } }
        """;

    private Task<Writes> LookAsync(DateTimeOffset from, DateTimeOffset until, params string[] namespaces) => cluster.Writes.LookAsync(
        GrantCluster.Approved(new(new("production", namespaces, "editor", []), [], [])).Grant with { StartedAt = from, EndedAt = until, State = GrantState.Ended }, default);
}
