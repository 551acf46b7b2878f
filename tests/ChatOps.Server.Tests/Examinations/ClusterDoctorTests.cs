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

    [Fact]
    public async Task Rights_to_read_that_are_missing_are_found() =>
        Expect(await DoctorAsync(setUp.KubeConfigOf("blind", manifest => manifest.Replace("\"watch\"", "\"list\"", StringComparison.Ordinal))),
            "The bot may not watch applications in argocd on shop", "Apply manifests/base");

    [Fact]
    public async Task A_role_that_the_bot_may_not_act_as_is_found() =>
        Expect(await DoctorAsync(setUp.KubeConfigOf("nobody", manifest => manifest.Replace("\"chatops:commander\"", "\"chatops:somebody\"", StringComparison.Ordinal))),
            "The bot may not act as chatops:commander on shop", "ChatOps.Server rbac");

    [Fact]
    public async Task More_impersonation_than_it_needs_is_found() =>
        Expect(await DoctorAsync(setUp.KubeConfigOf("mighty", manifest => manifest.Replace(",\"resourceNames\":[\"chatops:on-call\",\"chatops:commander\",\"chatops:grants\"]", "", StringComparison.Ordinal))),
            "The bot may act as any user on shop, and should not", "Take it away");

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
