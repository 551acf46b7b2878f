using ChatOps.Sandbox.ArgoCd;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Git;
using ChatOps.Sandbox.World;

namespace ChatOps.Scenarios.World;

/// <summary>The shop on the simulated API server.</summary>
public sealed class SimulatedShopCluster : ShopCluster
{
    private const string BotToken = "simulated-bot";
    private readonly string folder = Directory.CreateTempSubdirectory("chatops-scenario-").FullName;
    private readonly SampleShop shop;

    private SimulatedShopCluster(SampleShop shop)
    {
        this.shop = shop;
        Admin = Client(shop.Server.AdminToken);
        Alice = Client(shop.AliceToken);
        Carol = Client(shop.CarolToken);
        File.WriteAllText(BotKubeConfig, shop.Server.KubeConfig(BotToken));
    }

    public override SimulatedArgoCd Argo => shop.Argo;

    public override GitRepository Repository => shop.Repository;

    public Faults Faults => shop.Server.Faults;

    public override string BotKubeConfig => Path.Combine(folder, "kubeconfig");

    public override HttpClient Admin { get; }

    public override HttpClient Alice { get; }

    public override HttpClient Carol { get; }

    public static Task<ShopCluster> StartAsync(TimeProvider time) => StartAsync(time, byHand: false, "checkout", "payments", "catalogue", "search");

    /// <summary>And the bot may act on what the parent makes, too.</summary>
    public static Task<ShopCluster> StartCoveredAsync(TimeProvider time) => StartAsync(time, byHand: false, "checkout", "payments", "catalogue", "search", "reports");

    /// <summary>Its Argo CD does nothing but in its <see cref="SimulatedArgoCd.SettleAsync"/>, and the bot may act on what others own too.</summary>
    public static Task<ShopCluster> StartByHandAsync(TimeProvider time) => StartAsync(time, byHand: true, "checkout", "payments", "search", "reports");

    private static async Task<ShopCluster> StartAsync(TimeProvider time, bool byHand, params string[] applications)
    {
        var started = await SampleShop.StartAsync(time, CancellationToken.None, byHand: byHand);
        started.Server.AddUser(BotToken, BotRights.BotUser, "system:serviceaccounts", "system:serviceaccounts:chatops", "system:authenticated");
        foreach (var manifest in BotRights.For(applications))
        {
            started.Server.Create(manifest);
        }

        return new SimulatedShopCluster(started);
    }

    public override IReadOnlyList<ActedAs> PatchesOfCheckout() =>
    [
        .. shop.Server.Requests.All
            .Where(request => request is { Verb: "patch", ImpersonatedUser: not null } && request.Path.EndsWith("/applications/checkout", StringComparison.Ordinal))
            .Select(request => new ActedAs(request.User, request.ImpersonatedUser, request.Extra.GetValueOrDefault("chatops-user")?.FirstOrDefault())),
    ];

    /// <summary>What <see cref="BotRights"/> holds is enough here; that <c>rbac</c> writes it is seen on the real server.</summary>
    public override Task ApplyRightsAsync(string yaml) => Task.CompletedTask;

    public override Task<SimulatedArgoCd> LookAfterAsync(string ns, TimeProvider time) => SimulatedArgoCd.StartAsync(
        new ArgoCdSimulationOptions
        {
            ApiServer = shop.Server.Url,
            Token = shop.Server.AdminToken,
            Repositories = new Dictionary<string, string> { [SampleShop.RepoUrl] = shop.Repository.Path },
            Namespace = ns,
            ProjectNamespace = "argocd",
            Time = time,
            ByHand = true,
        },
        CancellationToken.None);

    public override async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Alice.Dispose();
        Carol.Dispose();
        await shop.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private HttpClient Client(string token)
    {
        var client = new HttpClient(shop.Server.CreateHandler()) { BaseAddress = shop.Server.Url, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }
}
