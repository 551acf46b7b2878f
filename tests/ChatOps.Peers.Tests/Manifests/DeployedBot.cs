using System.Net;

namespace ChatOps.Peers.Tests.Manifests;

/// <summary>A cluster with Argo CD's resources, two applications, and ChatOps deployed as the single-node overlay says.</summary>
public sealed class DeployedBot : IAsyncLifetime
{
    public const string Applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";

    private readonly RealCluster real = new();

    public KubeApiServer Cluster => real.Server;

    /// <summary>The bot, by a token of its ServiceAccount.</summary>
    public Task<ApiCaller> BotAsync() => ApiCaller.AsServiceAccountAsync(Cluster, "chatops", "chatops");

    public async Task InitializeAsync()
    {
        await real.InitializeAsync();
        if (!KubeApiServer.IsAvailable)
        {
            return;
        }

        await Cluster.RunAsync(KubeUser.Admin, "create", "namespace", "argocd");
        await Cluster.RunAsync(KubeUser.Admin, "create", "namespace", "shop");
        await Cluster.RunAsync(KubeUser.Admin, "create", "configmap", "argocd-cm", "--namespace=argocd");
        await Cluster.ApplyManifestsAsync("manifests/overlays/single-node");
        using var admin = new ApiCaller(Cluster, KubeUser.Admin);
        foreach (var name in (string[])["checkout", "payments"])
        {
            var answer = await admin.CreateAsync(Applications, $$$"""
                {"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"{{{name}}}"},
                 "spec":{"project":"default","destination":{"namespace":"shop"},"source":{"repoURL":"https://git.example.com/shop.git"} } }
                """);
            Assert.Equal(HttpStatusCode.Created, answer.Status);
        }

        await Cluster.AuthorizerKnowsAsync();
    }

    public Task DisposeAsync() => real.DisposeAsync();
}
