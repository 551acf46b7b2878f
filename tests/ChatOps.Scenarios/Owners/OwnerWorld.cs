using System.Text.Json.Nodes;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;
using ChatOps.Scenarios.World;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Scenarios.Owners;

/// <summary>The shop, its Argo CD under a clock that only the test moves, and the product's reconciler as its bot.</summary>
internal sealed class OwnerWorld : IAsyncDisposable
{
    public const string Argo = "/apis/argoproj.io/v1alpha1/namespaces/argocd";
    private const string Cluster = "shop";
    private readonly ClusterApi connection;
    private readonly ArgoCdReconciler reconciler;

    private OwnerWorld(FakeTimeProvider time, ShopCluster shop)
    {
        Time = time;
        Shop = shop;
        var bot = new ClusterOptions { Name = Cluster, KubeConfig = shop.BotKubeConfig };
        var engine = new ArgoCdOptions { Name = "argocd", Cluster = Cluster };
        connection = new ClusterApi(Cluster, ClusterCredentials.For(bot), bot.RequestTimeout, time);
        reconciler = new(engine, connection, new(engine, connection, new([bot]), time), time);
    }

    public FakeTimeProvider Time { get; }

    public ShopCluster Shop { get; }

    public IReconciler Reconciler => reconciler;

    public static async Task<OwnerWorld> StartAsync(Func<TimeProvider, Task<ShopCluster>> shop)
    {
        // A real API server writes its own times: the fake ones begin near them.
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(-1));
        var world = new OwnerWorld(time, await shop(time));
        await world.PassAsync(TimeSpan.FromSeconds(10));
        return world;
    }

    /// <summary>Lets time pass, stopping wherever the controller has something to do.</summary>
    public async Task PassAsync(TimeSpan span)
    {
        var end = Time.GetUtcNow() + span;
        while (await Shop.Argo.SettleAsync(CancellationToken.None) is { } next && next <= end)
        {
            Time.SetUtcNow(next > Time.GetUtcNow() ? next : Time.GetUtcNow());
        }

        Time.SetUtcNow(end);
        await Shop.Argo.SettleAsync(CancellationToken.None);
    }

    public async Task<JsonObject> ReadAsync(string kind, string name) =>
        await Shop.FindAsync($"{Argo}/{kind}/{name}") ?? throw new InvalidOperationException($"There is no {name} among {kind}.");

    public async Task<bool> IsFixedByHandAsync(string name) =>
        (string?)(await Shop.FindAsync(ConfigMap(name)))!["data"]!["BY_HAND"] == "yes";

    public Task FixByHandAsync(string name) => Shop.AdminPatchesAsync(ConfigMap(name), """{"data":{"BY_HAND":"yes","CACHE_SECONDS":"1","PAYMENT_MODE":"by-hand"}}""");

    public async Task<ApplicationFacts> FactsAsync(string name)
    {
        var (answer, facts) = await reconciler.InspectAsync(Ref(name), CancellationToken.None);
        return facts ?? throw new InvalidOperationException(answer.Sentence);
    }

    /// <summary>Approved and begun, as the product would; its lease is written.</summary>
    public (AuthorizedOperation Running, Lease Lease) Begin(ApplicationFacts facts)
    {
        var now = Time.GetUtcNow();
        var running = new Operation
        {
            Id = Guid.CreateVersion7(now),
            Kind = OperationKind.Pause,
            Incident = 7,
            RequestedBy = "alice",
            RequestedByKubernetesName = "alice@example.com",
            RequestedAt = now,
            Reason = "the payment gateway",
            Duration = TimeSpan.FromHours(1),
            Plan = PausePlan.Of(facts, "1"),
            Authority = new("pause-shop", "1", "on-call", "chatops:on-call", 0, null, TimeSpan.FromHours(4), false, [], null),
            State = OperationState.Approved,
            StateSince = now,
            RequestExpiresAt = now.AddMinutes(5),
            Lease = Guid.CreateVersion7(now),
        }.Start(now);
        return (running, Lease.Written(running.Operation, now).Stored(now));
    }

    /// <summary>Until the cluster has it: an older refresh is waited for.</summary>
    public async Task<ClusterAnswer> PauseAsync(AuthorizedOperation running)
    {
        for (var tried = 1; ; tried++)
        {
            var answer = await reconciler.PauseAsync(running, CancellationToken.None);
            if (answer.Kind != ClusterAnswerKind.FenceBusy || tried == 10)
            {
                return answer;
            }

            await PassAsync(TimeSpan.FromMilliseconds(500));
        }
    }

    public Task<ClusterAnswer> EndAsync(Lease lease) => reconciler.EndPauseAsync(lease.End("alice@example.com"), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        connection.Dispose();
        await Shop.DisposeAsync();
    }

    private static ApplicationRef Ref(string name) => new("argocd", "argocd", name);

    private static string ConfigMap(string name) => $"/api/v1/namespaces/shop/configmaps/{name}";
}
