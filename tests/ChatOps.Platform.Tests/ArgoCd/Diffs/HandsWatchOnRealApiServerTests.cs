using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Peers;
using ChatOps.Platform.ArgoCd.Diffs;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Tests.ArgoCd.Diffs;

/// <summary>A real API server delivers the version that stood for a moment, with who wrote it as it keeps that itself.</summary>
public sealed class HandsWatchOnRealApiServerTests(RealCluster real) : IClassFixture<RealCluster>
{
    private const string Config = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"fast","namespace":"default"},"data":{"MODE":"slow"}}""";
    private const string Deployment = """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"fast","namespace":"default"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"fast"}},
         "template":{"metadata":{"labels":{"app":"fast"}},"spec":{"containers":[{"name":"app","image":"shop:1"}]}}}}
        """;

    [RealClusterFact]
    public async Task A_change_by_hand_that_is_reverted_at_once_is_told_with_the_value_and_the_command()
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var cluster = new ClusterApi("production", ClusterCredentials.For(new ClusterOptions { Name = "production", KubeConfig = real.Server.KubeconfigFor(KubeUser.Admin) }), TimeSpan.FromSeconds(30), TimeProvider.System);
        await CreateAsync(admin, "/api/v1/namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"argocd"}}""");
        await CreateAsync(admin, "/api/v1/namespaces/default/configmaps", Applied(Config));
        await CreateAsync(admin, "/apis/apps/v1/namespaces/default/deployments", Applied(Deployment));
        var application = Some.Application("fast");
        ((JsonObject)application["metadata"]!).Remove("uid");
        application["status"]!["resources"] = JsonNode.Parse("""
            [{"version":"v1","kind":"ConfigMap","namespace":"default","name":"fast"},{"group":"apps","version":"v1","kind":"Deployment","namespace":"default","name":"fast"}]
            """);
        await CreateAsync(admin, "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications", application.ToJsonString());

        // Once the watch is open; until then each try is one that nobody saw.
        var told = new Dictionary<string, HandsTaken>();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        var hands = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await ChangeAsync(admin, "/api/v1/namespaces/default/configmaps/fast", """{"data":{"MODE":"fast"}}""", """{"data":{"MODE":"slow"}}""");
                await ChangeAsync(admin, "/apis/apps/v1/namespaces/default/deployments/fast", """{"spec":{"replicas":5}}""", """{"spec":{"replicas":2}}""");
            }
        });
        await foreach (var taken in new HandsWatch(cluster, new([]), _ => cluster, TimeProvider.System).ReadAsync(() => new HashSet<ApplicationRef> { new("argocd", "argocd", "fast") }, patience.Token))
        {
            told.TryAdd(taken.Hands.Kind, taken);
            if (told.Count == 2)
            {
                break;
            }
        }

        await done.CancelAsync();
        await hands;
        var (config, deployment) = (Assert.Single(told["ConfigMap"].Hands.Fields), Assert.Single(told["Deployment"].Hands.Fields));
        Assert.Equal(("/data/MODE", "slow", "fast", "kubectl-edit"), (config.Path, config.Git, config.Live, config.By));
        Assert.Equal(("/spec/replicas", "2", "5", "kubectl-edit"), (deployment.Path, deployment.Git, deployment.Live, deployment.By));
        Assert.Contains("""'{"spec":{"replicas":5}}'""", told["Deployment"].Hands.PutBack, StringComparison.Ordinal);
        Assert.NotNull(told["ConfigMap"].At);
    }

    private static string Applied(string git)
    {
        var live = (JsonObject)JsonNode.Parse(git)!;
        live["metadata"]!["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = git };
        return live.ToJsonString();
    }

    private static async Task ChangeAsync(ApiCaller admin, string path, string byHand, string asGitSays)
    {
        var changed = await admin.MergePatchAsync($"{path}?fieldManager=kubectl-edit", byHand);
        var reverted = await admin.MergePatchAsync($"{path}?fieldManager=argocd-controller", asGitSays);
        Assert.True((int)changed.Status < 300 && (int)reverted.Status < 300, changed.Body + reverted.Body);
    }

    private static async Task CreateAsync(ApiCaller admin, string collection, string json)
    {
        var created = await admin.CreateAsync($"{collection}?fieldManager=argocd-controller", json);
        Assert.True((int)created.Status is < 300 or 409, created.Body);
    }
}
