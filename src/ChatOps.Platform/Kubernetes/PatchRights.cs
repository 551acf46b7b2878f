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

    /// <summary>Null when it cannot be asked.</summary>
    public static async Task<PatchRights?> ReadAsync(ClusterApi cluster, string user, string ns, CancellationToken ct) =>
        await RulesReview.ReadAsync(cluster, new(user, "chatops"), ns, ct) is { ValueKind: JsonValueKind.Object } status ? Of(status) : null;

    internal static PatchRights Of(JsonElement status)
    {
        var unnamed = false;
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in RulesReview.For(status, "patch", "argoproj.io", "applications"))
        {
            var named = rule.Texts("resourceNames").ToList();
            unnamed |= named.Count == 0;
            listed.UnionWith(named);
        }

        return new(unnamed, listed);
    }
}
