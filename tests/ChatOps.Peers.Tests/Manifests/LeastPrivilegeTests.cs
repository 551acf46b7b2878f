using System.Net;
using static ChatOps.Peers.Tests.Manifests.DeployedBot;

namespace ChatOps.Peers.Tests.Manifests;

/// <summary>With the manifests applied: what the API server lets the bot do, and everything else it might try.</summary>
public sealed class LeastPrivilegeTests(DeployedBot deployed) : IClassFixture<DeployedBot>
{
    private const string Pause = """{"metadata":{"annotations":{"chatops.dev/incident":"1"} } }""";
    private const string Bindings = "/apis/rbac.authorization.k8s.io/v1";

    private static readonly (string, string) OnCall = ("Impersonate-User", "chatops:on-call");
    private static readonly (string, string) Person = ("Impersonate-Extra-chatops-user", "alice@example.com");

    [RealClusterFact]
    public async Task The_role_patches_the_application_in_its_scope_and_the_audit_log_has_bot_role_and_person()
    {
        using var bot = await deployed.BotAsync();

        Assert.Equal(HttpStatusCode.OK, (await bot.MergePatchAsync($"{Applications}/checkout", Pause, OnCall, Person)).Status);

        var entry = Assert.Single(
            deployed.Cluster.AuditLog(), line => line.Contains("\"patch\"", StringComparison.Ordinal)
                && line.Contains("\"code\":200", StringComparison.Ordinal) && line.Contains("argocd/applications/checkout", StringComparison.Ordinal));
        Assert.Contains("system:serviceaccount:chatops:chatops", entry, StringComparison.Ordinal);
        Assert.Contains("chatops:on-call", entry, StringComparison.Ordinal);
        Assert.Contains("alice@example.com", entry, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task The_bot_reads_what_it_needs_and_asks_who_may_what()
    {
        using var bot = await deployed.BotAsync();

        foreach (var kind in (string[])["applications", "appprojects", "applicationsets"])
        {
            Assert.Equal(HttpStatusCode.OK, (await bot.GetAsync($"/apis/argoproj.io/v1alpha1/{kind}")).Status);
        }

        Assert.Equal(
            HttpStatusCode.OK,
            (await bot.GetAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/applications.argoproj.io")).Status);
        Assert.Equal(HttpStatusCode.OK, (await bot.GetAsync("/api/v1/namespaces/argocd/configmaps/argocd-cm")).Status);
        const string cronJobs = "/apis/batch/v1/namespaces/chatops/cronjobs";
        Assert.Equal(
            [HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden],
            [(await bot.GetAsync($"{cronJobs}/chatops-janitor")).Status, (await bot.GetAsync($"{cronJobs}/another")).Status, (await bot.GetAsync(cronJobs)).Status]);
        var review = await bot.CreateAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", """
            {"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"user":"chatops:on-call","resourceAttributes":
             {"group":"argoproj.io","resource":"applications","namespace":"argocd","name":"checkout","verb":"patch"} } }
            """);
        Assert.Contains("\"allowed\":true", review.Body, StringComparison.Ordinal);
    }

    [RealClusterTheory]
    [InlineData("shop", "/api/v1/namespaces/{0}/configmaps/checkout", true)]
    [InlineData("shop", "/api/v1/namespaces/{0}/services/checkout", true)]
    [InlineData("shop", "/apis/apps/v1/namespaces/{0}/deployments/checkout", true)]
    [InlineData("shop", "/apis/networking.k8s.io/v1/namespaces/{0}/ingresses/checkout", true)]
    [InlineData("shop", "/api/v1/namespaces/{0}/configmaps", false)] // by name, never all of them
    [InlineData("shop", "/api/v1/namespaces/{0}/secrets/checkout", false)]
    [InlineData("shop", "/api/v1/namespaces/{0}/pods/checkout", false)]
    [InlineData("elsewhere", "/api/v1/namespaces/{0}/configmaps/checkout", false)]
    [InlineData("elsewhere", "/apis/apps/v1/namespaces/{0}/deployments/checkout", false)]
    [InlineData("kube-system", "/api/v1/namespaces/{0}/configmaps/extension-apiserver-authentication", false)]
    [InlineData("argocd", "/api/v1/namespaces/{0}/configmaps/argocd-rbac-cm", false)]
    public async Task Objects_are_read_by_name_where_applications_of_the_policy_live_and_nowhere_else(string ns, string path, bool may)
    {
        using var bot = await deployed.BotAsync();

        var answer = await bot.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, ns));

        Assert.Equal(may ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden, answer.Status);
    }

    [RealClusterTheory]
    [InlineData("payments", "chatops:on-call", null, null)] // outside the role's scope
    [InlineData("checkout", null, null, null)] // as itself
    [InlineData("checkout", "chatops:somebody-else", null, null)]
    [InlineData("checkout", "admin", null, null)]
    [InlineData("checkout", "system:serviceaccount:argocd:argocd-application-controller", null, null)]
    [InlineData("checkout", "chatops:on-call", "Impersonate-Group", "system:masters")]
    [InlineData("checkout", "chatops:on-call", "Impersonate-Extra-scopes", "everything")]
    public async Task An_application_is_patched_as_its_role_or_not_at_all(string application, string? user, string? header, string? value)
    {
        using var bot = await deployed.BotAsync();
        List<(string, string)> headers = user is null ? [] : [("Impersonate-User", user), Person];
        if (header is not null)
        {
            headers.Add((header, value!));
        }

        var answer = await bot.MergePatchAsync($"{Applications}/{application}", Pause, [.. headers]);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [RealClusterTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Neither_the_bot_nor_its_role_can_grant_itself_anything(bool asRole)
    {
        using var bot = await deployed.BotAsync();
        (string, string)[] headers = asRole ? [OnCall, Person] : [];
        var user = asRole ? "chatops:on-call" : "system:serviceaccount:chatops:chatops";
        var binding = $$"""
            {"metadata":{"name":"mine"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{user}}"}]}
            """;
        var rules = """{"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""";
        var role = """{"metadata":{"name":"mine"},"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""";

        ApiAnswer[] tried =
        [
            await bot.CreateAsync($"{Bindings}/clusterrolebindings", binding, headers),
            await bot.CreateAsync($"{Bindings}/namespaces/argocd/rolebindings", binding, headers),
            await bot.CreateAsync($"{Bindings}/namespaces/chatops/rolebindings", binding, headers),
            await bot.CreateAsync($"{Bindings}/clusterroles", role, headers),
            await bot.CreateAsync($"{Bindings}/namespaces/argocd/roles", role, headers),
            await bot.MergePatchAsync($"{Bindings}/clusterroles/chatops-acts-as", rules, headers),
            await bot.MergePatchAsync($"{Bindings}/clusterroles/chatops-reads", rules, headers),
            await bot.MergePatchAsync($"{Bindings}/namespaces/argocd/roles/chatops-on-call", rules, headers),
            await bot.DeleteAsync($"{Bindings}/namespaces/argocd/rolebindings/chatops-on-call", headers),
            await bot.CreateAsync("/api/v1/namespaces/chatops/serviceaccounts/chatops/token", "{}", headers),
            await bot.CreateAsync("/apis/certificates.k8s.io/v1/certificatesigningrequests", """{"metadata":{"name":"mine"}}""", headers),
        ];

        Assert.All(tried, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Status));
    }

    [RealClusterTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everything_else_is_closed(bool asRole)
    {
        using var bot = await deployed.BotAsync();
        (string, string)[] headers = asRole ? [OnCall, Person] : [];

        ApiAnswer[] tried =
        [
            await bot.GetAsync("/api/v1/secrets", headers),
            await bot.GetAsync("/api/v1/namespaces/chatops/secrets/chatops", headers),
            await bot.GetAsync("/api/v1/namespaces/argocd/secrets/argocd-secret", headers),
            await bot.MergePatchAsync("/api/v1/namespaces/argocd/configmaps/argocd-rbac-cm", """{"data":{"policy.csv":""}}""", headers),
            await bot.CreateAsync("/api/v1/namespaces/chatops/pods", """{"metadata":{"name":"mine"}}""", headers),
            await bot.CreateAsync(Applications, """{"metadata":{"name":"mine"}}""", headers),
            await bot.DeleteAsync($"{Applications}/checkout", headers),
            await bot.DeleteAsync(Applications, headers),
            await bot.MergePatchAsync("/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/default", Pause, headers),
            await bot.MergePatchAsync("/apis/argoproj.io/v1alpha1/namespaces/argocd/applicationsets/shop", Pause, headers),
            await bot.MergePatchAsync("/apis/apps/v1/namespaces/chatops/deployments/chatops", Pause, headers),
            await bot.MergePatchAsync("/api/v1/namespaces/argocd", Pause, headers),
        ];

        Assert.All(tried, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Status));
    }
}
