using ChatOps.Core.Grants;
using ChatOps.Core.Policy;

namespace ChatOps.Platform.Kubernetes;

/// <summary>What <c>chatops:grants</c> may bind, and in which namespaces of one cluster; and what <c>chatops:cluster-grants</c> may for all of it.</summary>
public sealed record RbacGrants(string Cluster, IReadOnlyList<string> Namespaces, IReadOnlyList<string> ClusterRoles)
{
    /// <summary>Bound for the whole cluster; none where it did not opt in.</summary>
    public IReadOnlyList<string> ClusterWideRoles { get; init; } = [];

    /// <summary>Namespace of the ServiceAccounts of grants; empty where people get access as themselves only.</summary>
    public string AccountsIn { get; init; } = "";

    /// <summary>Namespaces in which nobody ever gets access: ours and Kubernetes' own. Argo CD's are told by who knows them.</summary>
    public static bool IsForbidden(string ns) => ns.StartsWith("kube-", StringComparison.Ordinal) || ns.StartsWith("chatops", StringComparison.Ordinal);

    /// <summary>Only what a rule really lets somebody ask for.</summary>
    public static IReadOnlyList<RbacGrants> Of(PolicyConfiguration policy, IReadOnlySet<string> argoCdNamespaces)
    {
        var glass = policy.BreakGlass;
        var (roles, wide) = (Roles(policy, GrantKind.RoleBinding, PolicyVerb.Grant), Roles(policy, GrantKind.ClusterRoleBinding, PolicyVerb.GrantCluster));
        return
        [
            .. (roles.Count == 0 ? [] : glass.Namespaces.Select(scope => scope.Cluster)).Concat(wide.Count == 0 ? [] : glass.ClusterWideIn).Distinct().Order(StringComparer.Ordinal)
                .Select(cluster => (Cluster: cluster, Open: roles.Count == 0 ? [] : glass.Namespaces.Where(scope => scope.Cluster == cluster).ToList()))
                .Select(one => new RbacGrants(
                    one.Cluster,
                    [.. one.Open.SelectMany(scope => scope.Names).Where(ns => !IsForbidden(ns) && !argoCdNamespaces.Contains(ns)).Distinct().Order(StringComparer.Ordinal)],
                    one.Open.Count == 0 ? [] : roles)
                {
                    ClusterWideRoles = glass.ClusterWideIn.Contains(one.Cluster) ? wide : [],
                    AccountsIn = one.Open.Count == 0 || IsForbidden(glass.AccountsIn) || argoCdNamespaces.Contains(glass.AccountsIn) ? "" : glass.AccountsIn,
                }),
        ];
    }

    /// <summary>A rule with both verbs gives nothing for the whole cluster.</summary>
    private static IReadOnlyList<string> Roles(PolicyConfiguration policy, GrantKind kind, string verb)
    {
        var asked = policy.Rules.Where(rule => rule.Verbs.Contains(verb) && (verb == PolicyVerb.Grant || !rule.Verbs.Contains(PolicyVerb.Grant))).SelectMany(rule => rule.Access).ToHashSet(StringComparer.Ordinal);
        return [.. policy.BreakGlass.Roles.Where(role => role.Kind == kind && role.ClusterRole.Length > 0 && asked.Contains(role.Name)).Select(role => role.ClusterRole).Distinct().Order(StringComparer.Ordinal)];
    }
}
