using System.Text.Json.Nodes;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.Git;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>A small shop whose <c>checkout</c> is broken in Git: cluster, repository and Argo CD, ready to be fixed by hand and reverted.</summary>
public sealed class SampleShop : IAsyncDisposable
{
    public const string RepoUrl = "https://git.example.com/shop/deploy.git";
    public const string BrokenMode = "legacy-gateway";
    public const string GoodMode = "new-gateway";
    private readonly string directory;

    private SampleShop(string directory, SimulatedApiServer server, GitRepository repository, SimulatedArgoCd argo)
    {
        this.directory = directory;
        Server = server;
        Repository = repository;
        Argo = argo;
    }

    public SimulatedApiServer Server { get; }

    public GitRepository Repository { get; }

    public SimulatedArgoCd Argo { get; }

    public string AliceToken => "alice";

    /// <summary>May do nothing in the cluster, unless somebody gives her access.</summary>
    public string CarolToken => "carol";

    public static async Task<SampleShop> StartAsync(TimeProvider time, CancellationToken ct, ArgoCdPace? pace = null, SimulatedApiServerOptions? cluster = null, bool byHand = false, HttpMessageHandler? handler = null)
    {
        var folder = Directory.CreateTempSubdirectory("chatops-shop-").FullName;
        var repository = await CreateRepositoryAsync(folder, time, ct);
        var server = await SimulatedApiServer.StartAsync(time, cluster ?? new SimulatedApiServerOptions(), ct);
        server.AddUser("alice", "alice@example.com", "shop-oncall");
        server.AddUser("carol", "carol@example.com");
        foreach (var manifest in ShopObjects.All())
        {
            server.Create(manifest);
        }

        var argo = await SimulatedArgoCd.StartAsync(
            new ArgoCdSimulationOptions
            {
                ApiServer = server.Url,
                Token = server.AdminToken,
                Handler = handler is null ? null : () => handler,
                Repositories = new Dictionary<string, string> { [RepoUrl] = repository.Path },
                Pace = pace ?? ArgoCdPace.AsRecorded,
                Time = time,
                ByHand = byHand,
            },
            ct);
        return new SampleShop(folder, server, repository, argo);
    }

    /// <summary>The shop's Git, on disk: broken on main, fixed on a branch.</summary>
    public static async Task<GitRepository> CreateRepositoryAsync(string folder, TimeProvider time, CancellationToken ct)
    {
        var repository = await GitRepository.CreateAsync(Path.Combine(folder, "deploy.git"), time, ct);
        await repository.CommitAsync("main", "The shop, as it was deployed", ShopFiles.All(), ct);
        await repository.CommitAsync("main", "checkout: payments through the legacy gateway", ShopFiles.Checkout(BrokenMode), ct);
        await repository.CommitAsync("fix/payment-config", "checkout: back to the new gateway", ShopFiles.Checkout(GoodMode), ct);
        return repository;
    }

    /// <summary>What a Git host of the shop serves, by path.</summary>
    public static IReadOnlyDictionary<string, string> Hosted(GitRepository repository) =>
        new Dictionary<string, string> { [new Uri(RepoUrl).AbsolutePath.TrimStart('/')] = repository.Path };

    /// <summary>Puts the shop's objects into any API server that knows Argo CD's kinds.</summary>
    public static async Task SeedAsync(ArgoCdSimulationOptions cluster, CancellationToken ct)
    {
        using var api = new KubernetesApi(cluster);
        foreach (var manifest in ShopObjects.All())
        {
            var answer = await api.CreateAsync(ResourceId.Of(manifest, cluster.Namespace), manifest, "kubectl-create", ct);
            if (answer.Status != 409)
            {
                answer.Require();
            }
        }
    }

    /// <summary>What alice does with kubectl in the first minutes, and what Argo CD then takes back.</summary>
    public async Task HandFixAsync(CancellationToken ct)
    {
        using var client = new HttpClient(Server.CreateHandler()) { BaseAddress = Server.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", AliceToken);
        var patch = new JsonObject { ["data"] = new JsonObject { ["PAYMENT_MODE"] = GoodMode } };
        using var content = new StringContent(patch.ToJsonString(), new System.Net.Http.Headers.MediaTypeHeaderValue("application/strategic-merge-patch+json"));
        using var answer = await client.PatchAsync("/api/v1/namespaces/shop/configmaps/checkout?fieldManager=kubectl-patch", content, ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Whether customers can pay: the configuration that is live, whoever wrote it.</summary>
    public bool CheckoutWorks => Server.Find("configmaps", "shop", "checkout")?["data"]?["PAYMENT_MODE"]?.GetValue<string>() == GoodMode;

    public async ValueTask DisposeAsync()
    {
        await Argo.DisposeAsync();
        await Server.DisposeAsync();
        Repository.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}
