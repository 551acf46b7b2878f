using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Core.Grants;
using ChatOps.Peers;
using ChatOps.Platform.Access;
using ChatOps.Platform.Kubernetes;
using ChatOps.Sandbox.Cluster;
using ChatOps.Sandbox.World;

namespace ChatOps.Benchmarks.Ends;

/// <summary>An API server, simulated or real, in which the bot may give and end access, with the objects of grants that are open.</summary>
internal sealed class EndsCluster : IAsyncDisposable
{
    private const int AtOnce = 16;
    private readonly IAsyncDisposable server;
    private readonly HttpClient admin;

    private EndsCluster(IAsyncDisposable server, HttpClient admin, string kubeConfig)
    {
        this.server = server;
        this.admin = admin;
        KubeConfig = kubeConfig;
    }

    /// <summary>Path of the bot's.</summary>
    public string KubeConfig { get; }

    public static async Task<EndsCluster> StartAsync(EndsPlan plan, string folder, IReadOnlyList<string> namespaces, CancellationToken ct)
    {
        var cluster = plan.OnARealCluster ? await RealAsync() : await SimulatedAsync(folder, ct);
        await Parallel.ForEachAsync(namespaces, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (ns, _) =>
        {
            await cluster.CreateAsync("/api/v1/namespaces", $$"""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "{{ns}}" } }""");
            await cluster.CreateAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/roles", $$"""
                { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": { "name": "chatops-grants", "namespace": "{{ns}}" },
                  "rules": [{ "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["rolebindings"], "verbs": ["create", "delete"] }] }
                """);
            await cluster.CreateAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings", Binding(ns, "chatops-grants", "{}", "{}", "Role", "chatops-grants", "chatops:grants"));
        });
        return cluster;
    }

    /// <summary>Puts the object of each grant there, as the bot would have.</summary>
    public Task GiveAsync(IReadOnlyList<Grant> grants, CancellationToken ct) => Parallel.ForEachAsync(grants, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (grant, _) =>
        await CreateAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{grant.Scope.Namespaces[0]}/rolebindings", Binding(
            grant.Scope.Namespaces[0],
            grant.ObjectName,
            $$"""{ "{{GrantMarks.ManagedBy}}": "chatops", "{{GrantMarks.Grant}}": "{{grant.Id:N}}", "{{GrantMarks.Incident}}": "{{grant.Incident}}" }""",
            $$"""{ "{{GrantMarks.ExpiresAt}}": "{{GrantMarks.Written(grant.EndsAt)}}" }""",
            "ClusterRole",
            grant.Scope.ClusterRole,
            grant.Subject)));

    /// <summary>How many objects of grants are left.</summary>
    public async Task<int> LeftAsync(CancellationToken ct)
    {
        var list = await admin.GetStringAsync(new Uri($"/apis/rbac.authorization.k8s.io/v1/rolebindings?labelSelector={Uri.EscapeDataString(GrantMarks.Selector)}", UriKind.Relative), ct);
        return JsonNode.Parse(list)!["items"]!.AsArray().Count;
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await server.DisposeAsync();
    }

    private static async Task<EndsCluster> SimulatedAsync(string folder, CancellationToken ct)
    {
        const string Bot = "simulated-bot";
        var simulated = await SimulatedApiServer.StartAsync(TimeProvider.System, new SimulatedApiServerOptions(), ct);
        simulated.AddUser(Bot, BotRights.BotUser, "system:serviceaccounts", "system:serviceaccounts:chatops", "system:authenticated");
        simulated.Create(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = "shop" } });
        foreach (var manifest in BotRights.For("checkout"))
        {
            simulated.Create(manifest);
        }

        var kubeConfig = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(kubeConfig, simulated.KubeConfig(Bot), ct);
        var client = new HttpClient(simulated.CreateHandler()) { BaseAddress = simulated.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", simulated.AdminToken);
        return new(simulated, client, kubeConfig);
    }

    private static async Task<EndsCluster> RealAsync()
    {
        var real = await KubeApiServer.StartAsync();
        await real.ApplyArgoCdCrdsAsync();
        foreach (var ns in (string[])["argocd", "chatops"])
        {
            await real.RunAsync(KubeUser.Admin, "create", "namespace", ns);
        }

        await real.ApplyManifestsAsync("manifests/overlays/single-node/bot");
        await real.ApplyManifestsAsync("manifests/breakglass");
        await real.ApplyAsync(RbacYaml.Write([], grants: [new("shop", [], ["chatops-breakglass-editor"])]));
        return new(real, real.ClientFor(KubeUser.Admin), real.KubeconfigFor(KubeUser.Bot));
    }

    private async Task CreateAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await admin.PostAsync(new Uri(path, UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode && answer.StatusCode != System.Net.HttpStatusCode.Conflict)
        {
            throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static string Binding(string ns, string name, string labels, string annotations, string kind, string role, string user) => $$"""
        { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": { "name": "{{name}}", "namespace": "{{ns}}", "labels": {{labels}}, "annotations": {{annotations}} },
          "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "{{kind}}", "name": "{{role}}" },
          "subjects": [{ "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "{{user}}" }] }
        """;
}
