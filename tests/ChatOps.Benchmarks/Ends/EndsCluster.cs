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
            await cluster.LetAsync(ns, "chatops:grants", """{ "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["rolebindings"], "verbs": ["create", "delete"] }""");
        });

        await cluster.LetAsync("argocd", "chatops:projects", """{ "apiGroups": ["argoproj.io"], "resources": ["appprojects"], "verbs": ["get", "patch"] }""");
        await cluster.CreateAsync("/api/v1/namespaces", $$"""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "{{OpenGrants.AccountsIn}}" } }""");
        await cluster.LetAsync(OpenGrants.AccountsIn, "chatops:grants", """{ "apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["create", "delete"] }""");
        await cluster.LetAsync(OpenGrants.AccountsIn, BotRights.BotUser, """{ "apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["get", "list"] }""");
        return cluster;
    }

    /// <summary>Puts the objects of each grant there, as the bot would have.</summary>
    public async Task GiveAsync(IReadOnlyList<Grant> grants, CancellationToken ct)
    {
        var many = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(grants.Where(grant => grant.Kind != GrantKind.ArgoCdRole), many, async (grant, _) => await GiveAsync(grant));
        await Parallel.ForEachAsync(grants.Where(grant => grant.Kind == GrantKind.ArgoCdRole).GroupBy(grant => grant.Scope.Project!), many, async (roles, _) => await CreateAsync(
            "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects",
            new JsonObject
            {
                ["apiVersion"] = "argoproj.io/v1alpha1",
                ["kind"] = "AppProject",
                ["metadata"] = new JsonObject { ["name"] = roles.Key, ["namespace"] = "argocd" },
                ["spec"] = new JsonObject { ["sourceRepos"] = new JsonArray("*"), ["roles"] = new JsonArray([.. roles.Select(Role)]) },
                ["status"] = new JsonObject { ["jwtTokensByRole"] = new JsonObject(roles.Select(role => KeyValuePair.Create<string, JsonNode?>(role.ObjectName, JsonNode.Parse("""{ "items": [{ "iat": 1 }] }""")))) },
            }.ToJsonString()));
    }

    /// <summary>How many objects, roles and entries of tokens of grants are left.</summary>
    public async Task<int> LeftAsync(CancellationToken ct)
    {
        var left = 0;
        foreach (var kind in (string[])["apis/rbac.authorization.k8s.io/v1/rolebindings", "apis/rbac.authorization.k8s.io/v1/clusterrolebindings", $"api/v1/namespaces/{OpenGrants.AccountsIn}/serviceaccounts"])
        {
            left += (await ListAsync($"/{kind}?labelSelector={Uri.EscapeDataString(GrantMarks.Selector)}", ct)).Count;
        }

        return left + (await ListAsync("/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects", ct)).Sum(project =>
            (project!["spec"]!["roles"] as JsonArray)?.Count(role => ((string)role!["name"]!).StartsWith("chatops-", StringComparison.Ordinal)) + ((project["status"]?["jwtTokensByRole"] as JsonObject)?.Count ?? 0) ?? 0);
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
        await real.ApplyManifestsAsync("manifests/breakglass-cluster");
        await real.ApplyAsync(RbacYaml.Write([], grants: [new("shop", [], ["chatops-breakglass-editor"]) { ClusterWideRoles = ["chatops-breakglass-cluster-viewer"] }]));

        // rbac writes it from the applications and accounts that a policy reaches; here there is none.
        await real.ApplyAsync("""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: ends-acts-as}
            rules:
              - {apiGroups: [""], resources: [users], verbs: [impersonate], resourceNames: ["chatops:grants", "chatops:cluster-grants", "chatops:projects"]}
              - {apiGroups: [authentication.k8s.io], resources: [userextras/chatops-user], verbs: [impersonate]}
              - {apiGroups: [argoproj.io], resources: [appprojects], verbs: [get, list, watch]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: ends-acts-as}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ends-acts-as}
            subjects: [{kind: ServiceAccount, name: chatops, namespace: chatops}]
            """);
        return new(real, real.ClientFor(KubeUser.Admin), real.KubeconfigFor(KubeUser.Bot));
    }

    private static JsonNode Role(Grant grant) => new JsonObject
    {
        ["name"] = grant.ObjectName,
        ["groups"] = new JsonArray(grant.Subject),
        ["policies"] = new JsonArray([.. grant.Scope.Rules.Select(action => (JsonNode)$"p, proj:{grant.Scope.Project}:{grant.ObjectName}, applications, {action}, {grant.Scope.Project}/{grant.Target.Name}, allow")]),
    };

    private async Task GiveAsync(Grant grant)
    {
        var marks = $$"""
            "labels": { "{{GrantMarks.ManagedBy}}": "chatops", "{{GrantMarks.Grant}}": "{{grant.Id:N}}", "{{GrantMarks.Incident}}": "{{grant.Incident}}" },
            "annotations": { "{{GrantMarks.ExpiresAt}}": "{{GrantMarks.Written(grant.EndsAt)}}" }
            """;
        var user = $$"""{ "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "{{grant.Subject}}" }""";
        if (grant.Kind == GrantKind.ClusterRoleBinding)
        {
            await CreateAsync("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", Binding("ClusterRoleBinding", $$""" "name": "{{grant.ObjectName}}", {{marks}}""", "ClusterRole", grant.Scope.ClusterRole, user));
            return;
        }

        if (grant.Scope.Accounts is { } accounts)
        {
            await CreateAsync($"/api/v1/namespaces/{accounts}/serviceaccounts", $$"""{ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "name": "{{grant.ObjectName}}", "namespace": "{{accounts}}", {{marks}} } }""");
            user = $$"""{ "kind": "ServiceAccount", "namespace": "{{accounts}}", "name": "{{grant.ObjectName}}" }""";
        }

        var ns = grant.Scope.Namespaces[0];
        await CreateAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings", Binding("RoleBinding", $$""" "name": "{{grant.ObjectName}}", "namespace": "{{ns}}", {{marks}}""", "ClusterRole", grant.Scope.ClusterRole, user));
    }

    /// <summary>Somebody may do that in one namespace.</summary>
    private async Task LetAsync(string ns, string user, string rule)
    {
        var name = $"ends-{user.Replace(':', '-')}";
        await CreateAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/roles", $$"""
            { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": { "name": "{{name}}", "namespace": "{{ns}}" }, "rules": [{{rule}}] }
            """);
        await CreateAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings", Binding(
            "RoleBinding", $$""" "name": "{{name}}", "namespace": "{{ns}}" """, "Role", name, $$"""{ "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "{{user}}" }"""));
    }

    private async Task<JsonArray> ListAsync(string path, CancellationToken ct) => JsonNode.Parse(await admin.GetStringAsync(new Uri(path, UriKind.Relative), ct))!["items"]!.AsArray();

    private async Task CreateAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await admin.PostAsync(new Uri(path, UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode && answer.StatusCode != System.Net.HttpStatusCode.Conflict)
        {
            throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static string Binding(string kind, string metadata, string roleKind, string role, string subject) => $$"""
        { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "{{kind}}", "metadata": { {{metadata}} },
          "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "{{roleKind}}", "name": "{{role}}" }, "subjects": [{{subject}}] }
        """;
}
