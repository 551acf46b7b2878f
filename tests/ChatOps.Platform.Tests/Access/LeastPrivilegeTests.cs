using System.Net;
using ChatOps.Peers;

namespace ChatOps.Platform.Tests.Access;

/// <summary>
/// What the API server refuses the bot that has exactly what <c>rbac</c> writes, whatever its code would do. Subjects,
/// labels and times are the admission policies' to refuse (tests/admission/grants.yaml), and the Role that the bot's user has
/// itself: RBAC lets everybody pass on what they hold.
/// </summary>
public sealed class LeastPrivilegeTests(GrantCluster cluster) : IClassFixture<GrantCluster>
{
    private const string Root = "/apis/rbac.authorization.k8s.io/v1";
    private static readonly (string, string) Grants = ("Impersonate-User", "chatops:grants");
    private static readonly (string, string) ClusterGrants = ("Impersonate-User", "chatops:cluster-grants");
    private static readonly (string, string) Person = ("Impersonate-Extra-chatops-user", "alice");

    [RealClusterTheory]
    [InlineData("shop", "cluster-admin")]
    [InlineData("shop", "system:kube-scheduler")] // not edit: without a controller to aggregate it that one allows nothing here
    [InlineData("shop", "system:node")]
    [InlineData("payments", "chatops-breakglass-viewer")]
    [InlineData("argocd", "chatops-breakglass-viewer")]
    [InlineData("chatops", "chatops-breakglass-viewer")]
    [InlineData("kube-system", "chatops-breakglass-viewer")]
    public async Task Another_role_or_another_namespace_is_not_bound(string ns, string role)
    {
        using var bot = new ApiCaller(cluster.Server, KubeUser.Bot);

        var answer = await bot.CreateAsync($"{Root}/namespaces/{ns}/rolebindings", Binding(role), Grants, Person);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [RealClusterFact]
    public async Task Nothing_is_bound_everywhere_edited_or_done_as_itself()
    {
        using var bot = new ApiCaller(cluster.Server, KubeUser.Bot);
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        await admin.CreateAsync($"{Root}/namespaces/shop/rolebindings", Binding("chatops-breakglass-viewer", "there"));

        ApiAnswer[] tried =
        [
            await bot.CreateAsync($"{Root}/clusterrolebindings", Binding("chatops-breakglass-viewer"), Grants, Person),
            await bot.MergePatchAsync($"{Root}/namespaces/shop/rolebindings/there", """{"metadata":{"annotations":{"chatops.dev/expires-at":"2099-01-01T00:00:00Z"}}}""", Grants, Person),
            await bot.MergePatchAsync($"{Root}/namespaces/shop/rolebindings/there", """{"metadata":{"labels":{"chatops.dev/grant":null}}}""", Grants, Person),
            await bot.MergePatchAsync($"{Root}/clusterroles/chatops-breakglass-viewer", """{"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""", Grants, Person),
            await bot.CreateAsync($"{Root}/namespaces/shop/rolebindings", Binding("chatops-breakglass-viewer")),
            await bot.DeleteAsync($"{Root}/namespaces/shop/rolebindings/there"),
            await bot.GetAsync("/api/v1/namespaces/shop/secrets", Grants, Person),
            await bot.GetAsync("/api/v1/namespaces/shop/pods", Grants, Person),
        ];

        Assert.All(tried, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Status));
    }

    /// <summary>What it may bind for the whole cluster it may bind nowhere else, and nothing of namespaces may it bind at all.</summary>
    [RealClusterFact]
    public async Task The_user_for_the_whole_cluster_binds_its_own_ClusterRoles_there_and_nothing_else()
    {
        using var bot = new ApiCaller(cluster.Server, KubeUser.Bot);
        using var admin = new ApiCaller(cluster.Server, KubeUser.Admin);
        await admin.CreateAsync($"{Root}/clusterrolebindings", Binding("chatops-breakglass-cluster-viewer", "there"));

        ApiAnswer[] tried =
        [
            await bot.CreateAsync($"{Root}/clusterrolebindings", Binding("cluster-admin"), ClusterGrants, Person),
            await bot.CreateAsync($"{Root}/clusterrolebindings", Binding("chatops-breakglass-viewer"), ClusterGrants, Person),
            await bot.CreateAsync($"{Root}/clusterrolebindings", Binding("chatops-breakglass-cluster-editor"), ClusterGrants, Person), // no rule of this policy gives it
            await bot.CreateAsync($"{Root}/clusterrolebindings", Binding("chatops-janitor-cluster"), ClusterGrants, Person),
            await bot.CreateAsync($"{Root}/clusterrolebindings", Binding("chatops-breakglass-cluster-viewer"), Grants, Person),
            await bot.CreateAsync($"{Root}/clusterrolebindings", Binding("chatops-breakglass-cluster-viewer")),
            await bot.CreateAsync($"{Root}/namespaces/shop/rolebindings", Binding("chatops-breakglass-viewer"), ClusterGrants, Person),
            await bot.MergePatchAsync($"{Root}/clusterrolebindings/there", """{"metadata":{"annotations":{"chatops.dev/expires-at":"2099-01-01T00:00:00Z"}}}""", ClusterGrants, Person),
            await bot.DeleteAsync($"{Root}/clusterrolebindings/there"),
            await bot.DeleteAsync($"{Root}/clusterrolebindings/there", Grants, Person),
            await bot.GetAsync("/api/v1/nodes", ClusterGrants, Person),
        ];

        Assert.All(tried, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Status));
        Assert.Equal(HttpStatusCode.Created, (await bot.CreateAsync($"{Root}/clusterrolebindings", Binding("chatops-breakglass-cluster-viewer"), ClusterGrants, Person)).Status);
    }

    private static string Binding(string role, string name = "mine") => $$"""
        { "metadata": { "name": "{{name}}" }, "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "{{role}}" },
          "subjects": [ { "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "mallory" } ] }
        """;
}
