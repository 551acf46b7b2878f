using ChatOps.Core.Policy;

namespace ChatOps.Platform.Kubernetes;

/// <summary>What <c>chatops:grants</c> may bind, and in which namespaces of one cluster.</summary>
public sealed record RbacGrants(string Cluster, IReadOnlyList<string> Namespaces, IReadOnlyList<string> ClusterRoles)
{
    /// <summary>Namespaces in which nobody ever gets access: ours and Kubernetes' own. Argo CD's are told by who knows them.</summary>
    public static bool IsForbidden(string ns) => ns.StartsWith("kube-", StringComparison.Ordinal) || ns.StartsWith("chatops", StringComparison.Ordinal);

    /// <summary>Only what a rule really lets somebody ask for.</summary>
    public static IReadOnlyList<RbacGrants> Of(PolicyConfiguration policy, IReadOnlySet<string> argoCdNamespaces)
    {
        var asked = policy.Rules.Where(rule => rule.Verbs.Contains(PolicyVerb.Grant)).SelectMany(rule => rule.Access).ToHashSet(StringComparer.Ordinal);
        var roles = policy.BreakGlass.Roles
            .Where(role => role.ClusterRole.Length > 0 && asked.Contains(role.Name))
            .Select(role => role.ClusterRole).Distinct().Order(StringComparer.Ordinal).ToList();
        return roles.Count == 0
            ? []
            :
            [
                .. policy.BreakGlass.Namespaces
                    .GroupBy(scope => scope.Cluster, scope => scope.Names.Where(ns => !IsForbidden(ns) && !argoCdNamespaces.Contains(ns)))
                    .OrderBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => new RbacGrants(group.Key, [.. group.SelectMany(names => names).Distinct().Order(StringComparer.Ordinal)], roles)),
            ];
    }
}
