using System.Net;
using ChatOps.Core.Grants;
using ChatOps.Core.Reconciliation;
using ChatOps.Peers;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Platform.Tests.Access;

/// <summary>What people do to the objects of access, and around them, on the real API server: the end takes it away all the same.</summary>
[Collection(GrantClusterCollection.Name)]
public sealed class StopsNoEndTests(GrantCluster cluster)
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    [RealClusterTheory]
    [InlineData("""{"metadata":{"annotations":{"chatops.dev/expires-at":"2099-01-01T00:00:00Z"}}}""")]
    [InlineData("""{"metadata":{"annotations":{"chatops.dev/expires-at":null}}}""")]
    [InlineData("""{"metadata":{"labels":{"chatops.dev/grant":null}}}""")]
    [InlineData("""{"metadata":{"labels":{"chatops.dev/grant":"0193d5c0aaaa7000800000000000000a","app.kubernetes.io/managed-by":"helm"}}}""")]
    [InlineData("""{"metadata":{"labels":null,"annotations":null}}""")]
    [InlineData("""{"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"alice@example.com"},{"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"system:authenticated"}]}""")]
    [InlineData("""{"subjects":[{"kind":"ServiceAccount","namespace":"shop","name":"default"}]}""")]
    public async Task A_binding_that_somebody_edited(string edit)
    {
        foreach (var port in (IAccess[])[cluster.Access, cluster.WholeCluster, cluster.Accounts])
        {
            var grant = await GivenAsync(port);
            using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
            Assert.Equal(HttpStatusCode.OK, (await admin.MergePatchAsync(Path(grant), edit)).Status);

            var ended = await port.TakeBackAsync(grant.Revoke(), default);

            Assert.True(ended.IsOk, ended.Sentence);
            Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync(Path(grant))).Status);
        }
    }

    /// <summary>It stays in effect until nothing holds it any more, whatever the API server answers to who deletes it.</summary>
    [RealClusterFact]
    public async Task A_binding_that_is_deleted_in_the_foreground_goes_and_one_with_a_finalizer_is_not_called_gone()
    {
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        foreach (var port in (IAccess[])[cluster.Access, cluster.WholeCluster, cluster.Accounts])
        {
            var grant = await GivenAsync(port);
            await admin.DeleteAsync($"{Path(grant)}?propagationPolicy=Foreground");
            Assert.Contains("foregroundDeletion", (await admin.GetAsync(Path(grant))).Body, StringComparison.Ordinal);
            await GrantCluster.UntilAsync(async () => (await port.AllowedNowAsync(grant, [], default))!.Count > 0);

            var ended = await port.TakeBackAsync(grant.Revoke(), default);
            Assert.True(ended.IsOk, ended.Sentence);
            Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync(Path(grant))).Status);

            var held = await GivenAsync(port);
            await admin.MergePatchAsync(Path(held), """{"metadata":{"finalizers":["example.com/stays"]}}""");
            foreach (var _ in (int[])[1, 2])
            {
                var kept = await port.TakeBackAsync(held.Revoke(), default);
                Assert.Equal(ClusterAnswerKind.Moved, kept.Kind);
                Assert.Contains("is deleted and kept by example.com/stays", kept.Sentence, StringComparison.Ordinal);
            }

            await admin.MergePatchAsync(Path(held), """{"metadata":{"finalizers":null}}""");
            Assert.True((await port.TakeBackAsync(held.Revoke(), default)).IsAway);
        }
    }

    [RealClusterFact]
    public async Task A_ClusterRole_that_is_gone_and_one_that_allows_something_else()
    {
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        var role = (await admin.GetAsync($"{Rbac}/clusterroles/chatops-breakglass-viewer")).Body;
        var grant = await GivenAsync(cluster.Access, "viewer");
        var other = await GivenAsync(cluster.Access, "viewer");
        await admin.MergePatchAsync($"{Rbac}/clusterroles/chatops-breakglass-viewer", """{"rules":[{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}]}""");
        Assert.True((await cluster.Access.TakeBackAsync(grant.Revoke(), default)).IsOk);

        await cluster.Server.RunAsync(KubeUser.Admin, "delete", "clusterrole", "chatops-breakglass-viewer");
        Assert.True((await cluster.Access.TakeBackAsync(other.Revoke(), default)).IsOk);
        await GrantCluster.UntilAsync(async () => (await cluster.Access.AllowedNowAsync(other, [], default))!.Count == 0);

        await cluster.Server.ApplyManifestsAsync("manifests/breakglass-cluster");
        Assert.Contains("pods/log", role, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task A_namespace_that_is_being_deleted_and_one_that_is_gone()
    {
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        var (first, second) = (await GivenAsync(cluster.Access, "editor", "doomed", "shop-jobs"), await GivenAsync(cluster.Access, "editor", "doomed", "shop-jobs"));
        await admin.DeleteAsync("/api/v1/namespaces/doomed");
        Assert.Contains("Terminating", (await admin.GetAsync("/api/v1/namespaces/doomed")).Body, StringComparison.Ordinal);

        Assert.True((await cluster.Access.TakeBackAsync(first.Revoke(), default)) is { IsOk: true }, "while it is being deleted");

        // What the controllers of a whole cluster do, which are not here.
        foreach (var binding in (string[])[second.ObjectName, "chatops-grants"])
        {
            await admin.DeleteAsync($"{Rbac}/namespaces/doomed/rolebindings/{binding}");
        }

        Assert.Equal(HttpStatusCode.OK, (await FinalizeAsync(admin, "doomed")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/api/v1/namespaces/doomed")).Status);
        using var bot = new ApiCaller(cluster.Server, KubeUser.Bot);
        await GrantCluster.UntilAsync(async () => (await bot.DeleteAsync(Path(second), ("Impersonate-User", "chatops:grants"))).Status == HttpStatusCode.Forbidden); // its own right went too
        Assert.True((await cluster.Access.TakeBackAsync(second.Revoke(), default)) is { IsOk: true }, "when it is gone");

        Assert.DoesNotContain((await cluster.Access.FindAsync("production", [], default)).Found, found => found.Grant == second.Id);
        await GrantCluster.UntilAsync(async () => (await cluster.Access.AllowedNowAsync(second, [], default))!.Count == 0);
    }

    /// <summary>The store is damaged and the policy names nothing any more.</summary>
    [RealClusterFact]
    public async Task Neither_books_nor_a_policy()
    {
        var grants = new List<Grant>();
        foreach (var port in (IAccess[])[cluster.Access, cluster.WholeCluster, cluster.Accounts])
        {
            grants.Add(await GivenAsync(port));
        }

        var time = new FakeTimeProvider(GrantCluster.Now.AddMinutes(30).AddMilliseconds(-1));
        var end = new EndByLabel(cluster.WithoutPolicy, time);
        var before = await end.HandleAsync(default);
        Assert.Empty(before.Ended);
        Assert.Empty(before.Troubles);
        Assert.Equal(4, before.Left.Count); // an account and its binding are two

        time.Advance(TimeSpan.FromMilliseconds(1));
        var look = await end.HandleAsync(default);

        Assert.Empty(look.Left);
        Assert.Empty(look.Troubles);
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        Assert.All(grants, grant => Assert.Equal(HttpStatusCode.NotFound, admin.GetAsync(Path(grant)).Result.Status));
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"/api/v1/namespaces/{GrantCluster.AccountsIn}/serviceaccounts/{grants[2].ObjectName}")).Status);
    }

    private async Task<Grant> GivenAsync(IAccess port, string role = "editor", params string[] namespaces)
    {
        var nobody = new KubeUser($"{Guid.NewGuid():N}@example.com", ""); // who had nothing before, whatever another grant gave
        var wish = GrantCluster.WishAs(port.Kind == GrantKind.ClusterRoleBinding ? "node-viewer" : role, nobody) with { Application = GrantCluster.Checkout(namespaces) };
        var authorized = GrantCluster.Approved((await port.TermsAsync(wish, default)).Terms!, nobody.Name, kind: port.Kind);
        var given = await port.GiveAsync(authorized, default);
        Assert.True(given.IsOk, given.Sentence);
        return authorized.Grant;
    }

    private static string Path(Grant grant) => grant.Scope.IsClusterWide ? $"{Rbac}/clusterrolebindings/{grant.ObjectName}" : $"{Rbac}/namespaces/{grant.Scope.Namespaces[0]}/rolebindings/{grant.ObjectName}";

    private static Task<ApiAnswer> FinalizeAsync(ApiCaller admin, string ns) =>
        admin.PutAsync($"/api/v1/namespaces/{ns}/finalize", $$"""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "{{ns}}" }, "spec": { "finalizers": [] } }""");
}
