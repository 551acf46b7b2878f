using System.Globalization;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Cluster;

namespace ChatOps.Server.Tests.Examinations;

/// <summary>What can be wrong between the bot and a cluster.</summary>
public sealed class ClusterDoctorTests(SetUp setUp) : IClassFixture<SetUp>, IDisposable
{
    public void Dispose() => setUp.Shop.Server.Faults.Clear();

    [Fact]
    public async Task A_cluster_that_is_not_reachable_is_found() =>
        Expect(await DoctorAsync(setUp.KubeConfig(good => good.Replace(setUp.Shop.Server.TlsUrl.Port.ToString(CultureInfo.InvariantCulture), "1", StringComparison.Ordinal))), "shop", "Check address, certificate and credentials of shop");

    [Fact]
    public async Task A_certificate_of_somebody_else_is_found()
    {
        await using var other = await SimulatedApiServer.StartAsync(TimeProvider.System, new(), CancellationToken.None);

        Expect(await DoctorAsync(setUp.KubeConfig(good => good.Replace(Authority(good), Authority(other.KubeConfig("any")), StringComparison.Ordinal))), "certificate", "Check address, certificate and credentials of shop");
    }

    [Fact]
    public async Task A_token_that_the_cluster_does_not_know_is_found() =>
        Expect(await DoctorAsync(setUp.KubeConfig(token: "expired")), "credentials", "Check address, certificate and credentials of shop");

    [Fact]
    public async Task A_cluster_without_Argo_CD_is_found()
    {
        setUp.Shop.Server.Faults.Answer(request => request.Path.StartsWith("/apis/argoproj.io", StringComparison.Ordinal), 404);

        Expect(await DoctorAsync(setUp.KubeConfig()), "Cluster shop has no Argo CD", "install Argo CD");
    }

    [Theory]
    [InlineData("blind", "\"watch\"", "\"list\"", "The bot may not watch applications in argocd on shop", "Apply manifests/base")]
    [InlineData("forgetful", "[\"get\",\"list\",\"watch\"]", "[\"get\",\"watch\"]", "The applications of argocd cannot be listed", "ChatOps.Server doctor")]
    [InlineData("lister", "[\"get\",\"list\",\"watch\"]", "[\"get\",\"watch\"]", "The bot may not list applications in argocd on shop", "Apply manifests/base")]
    [InlineData("narrow", "\"appprojects\",", "", "The bot may not get appprojects in argocd on shop", "Apply manifests/base")]
    [InlineData("no-diff", "\"deployments\",\"statefulsets\",", "", "The bot may not read Deployment, StatefulSet in namespace shop on shop, so `diff` cannot show them", "ChatOps.Server rbac")]
    [InlineData("nosy", "[\"argoproj.io\"],\"resources\":[\"applications\",", "[\"argoproj.io\",\"\"],\"resources\":[\"secrets\",\"applications\",", "The bot may get Secrets of every namespace on shop, and should not", "Take that right away")]
    [InlineData("wide", "[\"argoproj.io\"],\"resources\":[\"applications\",", "[\"argoproj.io\",\"\"],\"resources\":[\"configmaps\",\"applications\",", "The bot may get ConfigMaps of every namespace on shop, and should not", "Apply manifests/base")]
    public async Task Rights_that_are_missing_or_too_wide_are_found(string bot, string right, string instead, string what, string fix) =>
        Expect(await DoctorAsync(setUp.KubeConfigOf(bot, manifest => manifest.Replace(right, instead, StringComparison.Ordinal))), what, fix);

    [Theory]
    [InlineData("/apis/admissionregistration.k8s.io/v1", "Cluster shop has no ValidatingAdmissionPolicy", "Upgrade the cluster")]
    [InlineData("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/chatops-application-fields", "Admission policy chatops-application-fields is not there", "Apply manifests/admission")]
    [InlineData("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/chatops-applications-kept", "Admission policy chatops-applications-kept is not there", "Apply manifests/admission")]
    [InlineData("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/applications.argoproj.io", "Whether argocd knows automated.enabled cannot be read", "reads.yaml")]
    public async Task What_the_cluster_does_not_have_is_found(string path, string what, string fix)
    {
        setUp.Shop.Server.Faults.Answer(request => request.Path == path, 404);

        Expect(await DoctorAsync(setUp.KubeConfig()), what, fix);
    }

    [Fact]
    public async Task With_a_token_for_Argo_CD_no_object_need_be_read()
    {
        var (_, said) = await setUp.DoctorAsync(
            ("Clusters:0:KubeConfig", setUp.KubeConfigOf("by-token", manifest => manifest.Replace("\"deployments\",\"statefulsets\",", "", StringComparison.Ordinal))),
            ("ArgoCd:0:ServerUrl", "https://argocd.example.org"), ("ArgoCd:0:Token", "a-token"));

        Assert.DoesNotContain("diff", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_the_bot_may_not_act_as_is_found() =>
        Expect(await DoctorAsync(setUp.KubeConfigOf("nobody", manifest => manifest.Replace("\"chatops:commander\"", "\"chatops:somebody\"", StringComparison.Ordinal))),
            "The bot may not act as chatops:commander on shop", "ChatOps.Server rbac");

    [Fact]
    public async Task More_impersonation_than_it_needs_is_found() =>
        Expect(await DoctorAsync(setUp.KubeConfigOf("mighty", manifest => manifest.Replace(",\"resourceNames\":[\"chatops:on-call\",\"chatops:commander\",\"chatops:grants\",\"chatops:cluster-grants\",\"chatops:projects\"]", "", StringComparison.Ordinal))),
            "The bot may act as any user on shop, and should not", "Take it away");

    [Fact]
    public async Task Access_to_the_whole_cluster_that_cannot_be_given_is_found() =>
        Expect(await DoctorAsync(setUp.KubeConfigOf("low", manifest => manifest.Replace(",\"chatops:cluster-grants\"", "", StringComparison.Ordinal))),
            "On shop the bot may not act as chatops:cluster-grants, so break-glass access does not work as the policy says", "ChatOps.Server rbac");

    [Theory]
    [InlineData("no-look", "\"resources\":[\"roles\"],\"verbs\":[\"list\"]", "On shop the bot may not list roles in shop to see what access was used for and what outlives it")]
    [InlineData("no-webhooks", "\"mutatingwebhookconfigurations\",", "On shop the bot may not list mutatingwebhookconfigurations to see what access was used for and what outlives it")]
    public async Task That_what_access_was_used_for_cannot_be_looked_at_is_found(string bot, string right, string what) =>
        Expect(await DoctorAsync(setUp.KubeConfigOf(bot, manifest => manifest.Replace(right, right.Contains("roles", StringComparison.Ordinal) ? "\"resources\":[\"roles\"],\"verbs\":[\"get\"]" : "", StringComparison.Ordinal))), what, "ChatOps.Server rbac");

    [Fact]
    public async Task A_project_whose_windows_it_may_not_write_is_found() =>
        Expect(await DoctorAsync(setUp.KubeConfigOf("windowless", manifest => manifest.Replace(",\"chatops:projects\"]", "]", StringComparison.Ordinal))),
            "cannot be held by a window on shop: the bot may not act as chatops:projects", "ChatOps.Server rbac");

    [Fact]
    public async Task A_bot_that_may_write_as_itself_is_found() =>
        Expect(await DoctorAsync(setUp.KubeConfigOf("writer", manifest => manifest.Replace("[\"get\",\"list\",\"watch\"]", "[\"get\",\"list\",\"watch\",\"patch\"]", StringComparison.Ordinal))),
            "The bot may patch applications in argocd as itself on shop, and should not", "Take that right from the bot's own account");

    [Fact]
    public async Task An_application_that_RBAC_does_not_cover_is_found()
    {
        setUp.Shop.Server.Create(JsonNode.Parse("""
            {
              "apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": { "name": "brand-new", "namespace": "argocd" },
              "spec": {
                "project": "shop", "source": { "repoURL": "https://git.example.com/shop/deploy.git", "path": "checkout" },
                "destination": { "server": "https://kubernetes.default.svc", "namespace": "shop" }
              }
            }
            """)!.AsObject());

        Expect(await DoctorAsync(setUp.KubeConfig()), "may not patch brand-new in argocd on shop, which the policy covers", "ChatOps.Server rbac");
    }

    private Task<(int Exit, string Said)> DoctorAsync(string kubeConfig) => setUp.DoctorAsync(("Clusters:0:KubeConfig", kubeConfig));

    private static void Expect((int Exit, string Said) doctor, string what, string fix) => DoctorTests.Expect(doctor, what, fix);

    private static string Authority(string kubeConfig) =>
        kubeConfig.Split('\n').Single(line => line.Contains("certificate-authority-data:", StringComparison.Ordinal)).Split(':')[1].Trim();
}
