using System.Text.Json;

namespace ChatOps.Platform.Kubernetes;

/// <summary>Everything that RBAC lets somebody do in one namespace, asked once.</summary>
internal static class RulesReview
{
    /// <summary>Undefined when it cannot be asked: the bot may not act as that user, or the cluster cannot list rules.</summary>
    /// <param name="who">Null: the bot itself.</param>
    public static async Task<JsonElement> ReadAsync(ClusterApi cluster, Impersonation? who, string ns, CancellationToken ct)
    {
        var body = JsonSerializer.Serialize(new { apiVersion = "authorization.k8s.io/v1", kind = "SelfSubjectRulesReview", spec = new Dictionary<string, string> { ["namespace"] = ns } });
        var reply = await cluster.AskAsync("apis/authorization.k8s.io/v1/selfsubjectrulesreviews", body, who, ct);
        return reply.IsOk && !reply.Body.Flag("status", "incomplete") ? reply.Body.At("status") : default;
    }

    public static IEnumerable<JsonElement> For(JsonElement status, string verb, string group, string resource) =>
        status.Items("resourceRules").Where(rule => Names(rule, "verbs", verb) && Names(rule, "apiGroups", group) && Names(rule, "resources", resource));

    private static bool Names(JsonElement rule, string key, string value) => rule.Texts(key).Any(text => text == "*" || text == value);
}
