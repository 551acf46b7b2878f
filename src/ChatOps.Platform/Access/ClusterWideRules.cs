using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// Whether a ClusterRole may be bound for a whole cluster: only what lives in no namespace, each thing by its name, and
/// nothing by which somebody could keep access or take its bounds away. The API server says what lives where.
/// </summary>
internal static class ClusterWideRules
{
    /// <summary>Who can write these can let themselves in again later, or keep nobody out.</summary>
    private static readonly HashSet<string> Keepers = new(StringComparer.Ordinal)
    {
        "rbac.authorization.k8s.io", "admissionregistration.k8s.io", "certificates.k8s.io", "authentication.k8s.io", "apiregistration.k8s.io", "apiextensions.k8s.io",
    };

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal) { "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection" };

    /// <summary>Null: nothing.</summary>
    public static async Task<string?> WhatIsWrongAsync(ClusterApi cluster, JsonElement role, CancellationToken ct)
    {
        var places = new Dictionary<string, IReadOnlyDictionary<string, bool>?>(StringComparer.Ordinal);
        foreach (var rule in role.Items("rules"))
        {
            foreach (var group in rule.Texts("apiGroups").Where(group => group != "*"))
            {
                if (!places.ContainsKey(group))
                {
                    places[group] = await InNamespacesAsync(cluster, group, ct);
                }
            }
        }

        return role.Items("rules").Select(rule => WhatIsWrong(rule, places)).FirstOrDefault(wrong => wrong is not null);
    }

    /// <param name="places">By group: whether each of its resources lives in namespaces; null for a group that the cluster does not tell of.</param>
    internal static string? WhatIsWrong(JsonElement rule, IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>?> places)
    {
        if (rule.Texts("nonResourceURLs").Any())
        {
            return "it allows paths that are no resources";
        }

        foreach (var group in rule.Texts("apiGroups"))
        {
            foreach (var resource in rule.Texts("resources"))
            {
                var name = group.Length == 0 ? resource : $"{resource}.{group}";
                var wrong = group == "*" || resource.Contains('*', StringComparison.Ordinal) ? "it allows everything of a kind, of which nobody can say where it lives"
                    : places.GetValueOrDefault(group)?.TryGetValue(resource, out var inNamespaces) != true ? $"the cluster does not tell where {name} lives"
                    : inNamespaces ? $"it allows {name}, which lives in namespaces, and would allow it in every one"
                    : resource == "nodes/proxy" ? "nodes/proxy reaches into every pod"
                    : rule.Texts("verbs").FirstOrDefault(verb => !Known.Contains(verb)) is { } verb ? $"it allows to {verb} {name}"
                    : Keepers.Contains(group) && rule.Texts("verbs").Any(verb => verb is not ("get" or "list" or "watch")) ? $"with {name} somebody could keep access beyond its end"
                    : null;
                if (wrong is not null)
                {
                    return wrong;
                }
            }
        }

        return null;
    }

    private static async Task<IReadOnlyDictionary<string, bool>?> InNamespacesAsync(ClusterApi cluster, string group, CancellationToken ct)
    {
        var path = "api/v1";
        if (group.Length > 0)
        {
            var about = await cluster.GetAsync($"apis/{Uri.EscapeDataString(group)}", ct);
            path = $"apis/{about.Body.Text("preferredVersion", "groupVersion")}";
        }

        var reply = await cluster.GetAsync(path, ct);
        return reply.IsOk
            ? reply.Body.Items("resources").Where(resource => resource.Text("name") is not null).GroupBy(resource => resource.Text("name")!).ToDictionary(same => same.Key, same => same.Any(one => one.Flag("namespaced") == true))
            : null;
    }
}
