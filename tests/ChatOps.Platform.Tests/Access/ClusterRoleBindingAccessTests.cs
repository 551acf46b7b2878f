using System.Net;
using ChatOps.Core.Grants;
using ChatOps.Core.Reconciliation;
using ChatOps.Peers;
using ChatOps.Platform.Access;
using ChatOps.Platform.Kubernetes;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Platform.Tests.Access;

/// <summary>Against a real API server with RBAC, the bot with what <c>rbac</c> writes; what people can do is tried as them.</summary>
public sealed class ClusterRoleBindingAccessTests(GrantCluster cluster) : IClassFixture<GrantCluster>
{
    private const string Bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";

    [RealClusterFact]
    public async Task The_person_sees_nodes_while_it_lasts_and_neither_before_nor_after_and_never_what_lives_in_namespaces()
    {
        using var alice = new ApiCaller(cluster.Server, GrantCluster.Alice);
        var (answer, terms) = await cluster.WholeCluster.TermsAsync(GrantCluster.WishForNodes(), default);
        Assert.True(answer.IsOk, answer.Sentence);
        Assert.True(terms!.Scope.IsClusterWide);
        Assert.NotEmpty(terms.Probes);
        Assert.Equal(HttpStatusCode.Forbidden, (await alice.GetAsync("/api/v1/nodes")).Status);

        var grant = GrantCluster.Approved(terms);
        var given = await cluster.WholeCluster.GiveAsync(grant, default);

        Assert.True(given.IsOk, given.Sentence);
        await UntilAsync(async () => (await cluster.WholeCluster.AllowedNowAsync(grant.Grant, [], default))!.Count == grant.Grant.Probes.Count);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("/api/v1/nodes")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await alice.GetAsync("/api/v1/pods")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await alice.GetAsync("/api/v1/namespaces/shop/pods")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await alice.DeleteAsync($"{Bindings}/{grant.Grant.ObjectName}")).Status);

        var ended = await cluster.WholeCluster.TakeBackAsync(grant.Grant.Revoke(), default);

        Assert.True(ended.IsOk, ended.Sentence);
        await UntilAsync(async () => (await cluster.WholeCluster.AllowedNowAsync(grant.Grant, [], default))!.Count == 0);
        Assert.Equal(HttpStatusCode.Forbidden, (await alice.GetAsync("/api/v1/nodes")).Status);
    }

    [RealClusterFact]
    public async Task Doing_it_twice_is_doing_it_once_both_ways_and_its_label_is_enough_to_end_it()
    {
        var terms = (await cluster.WholeCluster.TermsAsync(GrantCluster.WishForNodes(), default)).Terms!;
        var grant = GrantCluster.Approved(terms);
        Assert.True((await cluster.WholeCluster.GiveAsync(grant, default)).IsOk);
        Assert.True((await cluster.WholeCluster.GiveAsync(grant, default)).IsOk);

        var found = Assert.Single(await FoundAsync(grant.Grant));
        Assert.Equal(
            (GrantKind.ClusterRoleBinding, "", grant.Grant.ObjectName, 7, grant.Grant.EndsAt, "alice@example.com"),
            (found.Kind, found.Namespace, found.ObjectName, found.Incident, found.ExpiresAt, found.Subject));

        Assert.True((await cluster.WholeCluster.TakeBackAsync(found.Revoke(), default)).IsOk);
        Assert.Equal(ClusterAnswerKind.Gone, (await cluster.WholeCluster.TakeBackAsync(grant.Grant.Revoke(), default)).Kind);
        Assert.Empty(await FoundAsync(grant.Grant));
    }

    [RealClusterFact]
    public async Task Something_else_under_its_name_is_not_called_given()
    {
        var terms = (await cluster.WholeCluster.TermsAsync(GrantCluster.WishForNodes(), default)).Terms!;
        var grant = GrantCluster.Approved(terms);
        await cluster.Server.RunAsync(KubeUser.Admin, "create", "clusterrolebinding", grant.Grant.ObjectName, "--clusterrole=chatops-breakglass-cluster-viewer", "--user=mallory");

        Assert.Equal(ClusterAnswerKind.Moved, (await cluster.WholeCluster.GiveAsync(grant, default)).Kind);
    }

    [RealClusterTheory]
    [InlineData("""{"apiGroups":[""],"resources":["nodes"],"verbs":["get"]}""", null)]
    [InlineData("""{"apiGroups":["apps"],"resources":["deployments"],"verbs":["get"]}""", "deployments.apps, which lives in namespaces")]
    [InlineData("""{"apiGroups":[""],"resources":["nodes","pods/log"],"verbs":["get"]}""", "pods/log, which lives in namespaces")]
    [InlineData("""{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}""", "everything of a kind")]
    [InlineData("""{"apiGroups":[""],"resources":["nodes/*"],"verbs":["get"]}""", "everything of a kind")]
    [InlineData("""{"apiGroups":[""],"resources":["nodes/proxy"],"verbs":["get"]}""", "reaches into every pod")]
    [InlineData("""{"apiGroups":[""],"resources":["nodes"],"verbs":["*"]}""", "it allows to * nodes")]
    [InlineData("""{"apiGroups":[""],"resources":["users"],"verbs":["impersonate"]}""", "does not tell where users lives")]
    [InlineData("""{"apiGroups":["example.org"],"resources":["widgets"],"verbs":["get"]}""", "does not tell where widgets.example.org lives")]
    [InlineData("""{"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"verbs":["bind"]}""", "it allows to bind clusterroles")]
    [InlineData("""{"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"verbs":["patch"]}""", "could keep access beyond its end")]
    [InlineData("""{"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"verbs":["get"]}""", null)]
    [InlineData("""{"apiGroups":["certificates.k8s.io"],"resources":["certificatesigningrequests/approval"],"verbs":["update"]}""", "could keep access beyond its end")]
    [InlineData("""{"apiGroups":["admissionregistration.k8s.io"],"resources":["validatingwebhookconfigurations"],"verbs":["delete"]}""", "could keep access beyond its end")]
    [InlineData("""{"nonResourceURLs":["/metrics"],"verbs":["get"]}""", "paths that are no resources")]
    public async Task A_ClusterRole_is_bound_for_the_whole_cluster_only_when_it_reaches_nothing_else(string rule, string? wrong)
    {
        using var admin = new ClusterConnections([new ClusterOptions { Name = "production", KubeConfig = cluster.Server.KubeconfigFor(KubeUser.Admin) }], new FakeTimeProvider(GrantCluster.Now));
        using var role = System.Text.Json.JsonDocument.Parse($$"""{"rules":[{"apiGroups":[""],"resources":["namespaces"],"verbs":["get"]},{{rule}}]}""");

        var found = await ClusterWideRules.WhatIsWrongAsync(admin.Of("production"), role.RootElement, default);

        Assert.True(wrong is null ? found is null : found?.Contains(wrong, StringComparison.Ordinal) == true, found);
    }

    [RealClusterFact]
    public async Task The_ClusterRoles_that_we_ship_reach_nothing_else()
    {
        using var admin = new ClusterConnections([new ClusterOptions { Name = "production", KubeConfig = cluster.Server.KubeconfigFor(KubeUser.Admin) }], new FakeTimeProvider(GrantCluster.Now));
        foreach (var (role, right) in new[] { ("chatops-breakglass-cluster-viewer", true), ("chatops-breakglass-cluster-editor", true), ("chatops-breakglass-viewer", false), ("chatops-breakglass-editor", false) })
        {
            var read = await admin.Of("production").GetAsync($"apis/rbac.authorization.k8s.io/v1/clusterroles/{role}", default);
            Assert.True(read.IsOk);
            Assert.Equal(right, await ClusterWideRules.WhatIsWrongAsync(admin.Of("production"), read.Body, default) is null);
        }
    }

    private async Task<IReadOnlyList<FoundGrant>> FoundAsync(Grant grant)
    {
        var (answer, found) = await cluster.WholeCluster.FindAsync("production", [], default);
        Assert.True(answer.IsOk, answer.Sentence);
        return [.. found.Where(one => one.Grant == grant.Id)];
    }

    /// <summary>The authorizer learns of a binding a moment after the answer.</summary>
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
