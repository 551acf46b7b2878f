using System.Net;
using System.Text.Json.Nodes;

namespace ChatOps.Peers;

/// <summary>The authorizer of an API server learns of a right a moment after it is written, and of each kind of object in the order of the writes.</summary>
public static class AuthorizerNews
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Returns when it knows all that was written or deleted before: somebody new gets two rights, by one object of each kind, and has both.</summary>
    public static async Task AuthorizerKnowsAsync(this KubeApiServer cluster)
    {
        var name = $"news-{Guid.NewGuid():N}";
        (string Path, string Kind)[] pairs = [(Rbac, "ClusterRole"), ($"{Rbac}/namespaces/default", "Role")];
        using var admin = new ApiCaller(cluster, KubeUser.Admin);
        foreach (var (path, kind) in pairs)
        {
            await CreateAsync(admin, $"{path}/{kind.ToLowerInvariant()}s", $$"""
                { "metadata": { "name": "{{name}}" }, "rules": [{ "apiGroups": ["news"], "resources": ["of-{{kind.ToLowerInvariant()}}s"], "verbs": ["get"] }] }
                """);
            await CreateAsync(admin, $"{path}/{kind.ToLowerInvariant()}bindings", $$"""
                { "metadata": { "name": "{{name}}" }, "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "{{kind}}", "name": "{{name}}" },
                  "subjects": [{ "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "{{name}}" }] }
                """);
        }

        using var limit = new CancellationTokenSource(Patience);
        while (!await MayAsync(admin, name, "of-clusterroles") || !await MayAsync(admin, name, "of-roles"))
        {
            await Task.Delay(20, limit.Token);
        }

        foreach (var (path, kind) in pairs)
        {
            await admin.DeleteAsync($"{path}/{kind.ToLowerInvariant()}bindings/{name}");
            await admin.DeleteAsync($"{path}/{kind.ToLowerInvariant()}s/{name}");
        }
    }

    private static async Task CreateAsync(ApiCaller admin, string path, string json)
    {
        var answer = await admin.CreateAsync(path, json);
        if (answer.Status != HttpStatusCode.Created)
        {
            throw new InvalidOperationException($"{path}: {answer.Body}");
        }
    }

    private static async Task<bool> MayAsync(ApiCaller admin, string user, string resource)
    {
        var answer = await admin.CreateAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", $$"""
            { "spec": { "user": "{{user}}", "resourceAttributes": { "group": "news", "resource": "{{resource}}", "namespace": "default", "verb": "get" } } }
            """);
        return (bool?)JsonNode.Parse(answer.Body)?["status"]?["allowed"] == true;
    }
}
