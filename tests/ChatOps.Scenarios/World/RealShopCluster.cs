using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Peers;
using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Git;

namespace ChatOps.Scenarios.World;

/// <summary>The shop on the real API server, with the simulated Argo CD as a client of it like any other.</summary>
public sealed class RealShopCluster : ShopCluster
{
    private readonly string folder = Directory.CreateTempSubdirectory("chatops-shop-").FullName;
    private readonly RealShopServer real;
    private readonly DateTimeOffset since = TimeProvider.System.GetUtcNow();
    private GitRepository? repository;
    private SimulatedArgoCd? argo;

    private RealShopCluster(RealShopServer real)
    {
        this.real = real;
        Admin = real.AdminClient();
        Alice = real.AliceClient();
        Carol = real.CarolClient();
    }

    public override SimulatedArgoCd Argo => argo!;

    public override GitRepository Repository => repository!;

    public override string BotKubeConfig => real.BotKubeConfig;

    public override HttpClient Admin { get; }

    public override HttpClient Alice { get; }

    public override HttpClient Carol { get; }

    internal static async Task<RealShopCluster> StartAsync(RealShopServer real, TimeProvider time, bool byHand = false)
    {
        var shop = new RealShopCluster(real);
        await shop.ClearAsync();
        shop.repository = await SampleShop.CreateRepositoryAsync(shop.folder, time, CancellationToken.None);
        var cluster = shop.Options(time) with { ByHand = byHand };
        await SampleShop.SeedAsync(cluster, CancellationToken.None);
        shop.argo = await SimulatedArgoCd.StartAsync(cluster, CancellationToken.None);
        return shop;
    }

    /// <summary>From the audit log, which is written before the answer.</summary>
    public override IReadOnlyList<ActedAs> PatchesOfCheckout() =>
    [
        .. real.Server.AuditLog().Select(line => JsonNode.Parse(line)!)
            .Where(entry => (string?)entry["verb"] == "patch" && (string?)entry["objectRef"]?["resource"] == "applications" && (string?)entry["objectRef"]?["name"] == "checkout")
            .Where(entry => entry["impersonatedUser"] is not null && entry["requestReceivedTimestamp"]!.GetValue<DateTimeOffset>() >= since)
            .Select(entry => new ActedAs((string)entry["user"]!["username"]!, (string?)entry["impersonatedUser"]!["username"], (string?)entry["impersonatedUser"]!["extra"]?["chatops-user"]?[0])),
    ];

    public override Task<SimulatedArgoCd> LookAfterAsync(string ns, TimeProvider time) =>
        SimulatedArgoCd.StartAsync(Options(time) with { Namespace = ns, ProjectNamespace = "argocd", ByHand = true }, CancellationToken.None);

    public override Task ApplyRightsAsync(string yaml) => real.ApplyRightsAsync(yaml);

    public override async ValueTask DisposeAsync()
    {
        if (argo is not null)
        {
            await argo.DisposeAsync();
        }

        Admin.Dispose();
        Alice.Dispose();
        Carol.Dispose();
        repository?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private ArgoCdSimulationOptions Options(TimeProvider time) => new()
    {
        ApiServer = real.Server.Url,
        Token = KubeUser.Admin.Token,
        Handler = real.TrustingHandler,
        Repositories = new Dictionary<string, string> { [SampleShop.RepoUrl] = Repository.Path },
        Time = time,
    };

    /// <summary>What the scenario before left: nobody is there to finalize or collect it.</summary>
    private async Task ClearAsync()
    {
        foreach (var collection in (string[])
            ["/apis/argoproj.io/v1alpha1/namespaces/argocd/applicationsets", "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications", "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects",
             "/apis/apps/v1/namespaces/shop/deployments", "/api/v1/namespaces/shop/services", "/api/v1/namespaces/shop/configmaps",
             $"/api/v1/namespaces/{Access.SeveralNamespaces.Second}/configmaps"])
        {
            foreach (var item in (await FindAsync(collection))!["items"]!.AsArray())
            {
                var path = $"{collection}/{item!["metadata"]!["name"]}";
                using var free = new StringContent("""{ "metadata": { "finalizers": null } }""", Encoding.UTF8, "application/merge-patch+json");
                using var freed = await Admin.PatchAsync(path, free);
                using var deleted = await Admin.DeleteAsync(path);
                Assert.True(deleted.IsSuccessStatusCode || deleted.StatusCode == HttpStatusCode.NotFound, await deleted.Content.ReadAsStringAsync());
            }
        }
    }
}
