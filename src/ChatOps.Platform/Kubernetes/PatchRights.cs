using System.Text.Json;

namespace ChatOps.Platform.Kubernetes;

/// <summary>Which applications of one namespace a user may patch, by the cluster's own RBAC, asked once for all of them.</summary>
public sealed class PatchRights
{
    private readonly bool all;
    private readonly HashSet<string> names;

    private PatchRights(bool all, HashSet<string> names)
    {
        this.all = all;
        this.names = names;
    }

    public bool Covers(string application) => all || names.Contains(application);

    /// <summary>Null when it cannot be asked: the bot may not act as that user, or the cluster cannot list rules.</summary>
    public static async Task<PatchRights?> ReadAsync(ClusterApi cluster, string user, string ns, CancellationToken ct)
    {
        var body = JsonSerializer.Serialize(new { apiVersion = "authorization.k8s.io/v1", kind = "SelfSubjectRulesReview", spec = new Dictionary<string, string> { ["namespace"] = ns } });
        var reply = await cluster.AskAsync("apis/authorization.k8s.io/v1/selfsubjectrulesreviews", body, new(user, "chatops"), ct);
        return reply.IsOk && !reply.Body.Flag("status", "incomplete") ? Of(reply.Body.At("status")) : null;
    }

    internal static PatchRights Of(JsonElement status)
    {
        var unnamed = false;
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in status.Items("resourceRules").Where(rule =>
            Names(rule, "verbs", "patch") && Names(rule, "apiGroups", "argoproj.io") && Names(rule, "resources", "applications")))
        {
            var named = rule.Texts("resourceNames").ToList();
            unnamed |= named.Count == 0;
            listed.UnionWith(named);
        }

        return new(unnamed, listed);
    }

    private static bool Names(JsonElement rule, string key, string value) => rule.Texts(key).Any(text => text == "*" || text == value);
}
