using ChatOps.Core;
using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// Whether a cluster's admission policies bound what RBAC cannot: whom access is for, its end, who edits it afterwards, and
/// which fields of a project are written. Without them a break-in in the bot could let anybody in for ever, so nothing is
/// given unless somebody decided to do without.
/// </summary>
internal static class GrantBounds
{
    /// <summary>The policies of manifests/admission; each has a binding of its name.</summary>
    public static IReadOnlyList<string> Policies(GrantKind kind) => kind switch
    {
        GrantKind.RoleBinding => ["chatops-grants", "chatops-grants-of-nobody-else"],
        GrantKind.ClusterRoleBinding => ["chatops-cluster-grants", "chatops-cluster-grants-of-nobody-else"],
        GrantKind.ServiceAccount => ["chatops-grants", "chatops-grants-of-nobody-else", "chatops-accounts", "chatops-accounts-of-nobody-else"],
        GrantKind.ArgoCdRole => ["chatops-projects", "chatops-project-roles-of-nobody-else"],
    };

    public static async Task<ClusterAnswer> OfAsync(ClusterApi cluster, GrantKind kind, BreakGlassConfiguration glass, CancellationToken ct) =>
        glass.WithoutAdmissionPolicy || await AdmissionPolicies.MissingAsync(cluster, Policies(kind), ct) is not { } missing
            ? ClusterAnswer.Ok
            : new(ClusterAnswerKind.Rejected, $"Admission policy {missing} does not bound {What(kind)} in cluster {cluster.Name}, as far as I can read: apply manifests/admission there and what ChatOps.Server rbac writes, or decide to do without in Policy:BreakGlass:WithoutAdmissionPolicy");

    public static async Task<Finding> LookAsync(ClusterApi cluster, GrantKind kind, BreakGlassConfiguration glass, CancellationToken ct) =>
        await AdmissionPolicies.MissingAsync(cluster, Policies(kind), ct) is not { } missing ? Finding.Good($"Cluster {cluster.Name} bounds break-glass {What(kind)} by admission policies")
        : glass.WithoutAdmissionPolicy ? Finding.Good($"Cluster {cluster.Name} has no admission policy {missing}: the policy gives break-glass {What(kind)} all the same, bounded by RBAC only")
        : Finding.Problem($"Cluster {cluster.Name} has no admission policy {missing}, so break-glass {What(kind)} stay off", "Apply manifests/admission and what `ChatOps.Server rbac` writes, or decide to do without in Policy:BreakGlass:WithoutAdmissionPolicy.");

    private static string What(GrantKind kind) => kind switch
    {
        GrantKind.RoleBinding => "RoleBindings",
        GrantKind.ClusterRoleBinding => "ClusterRoleBindings",
        GrantKind.ServiceAccount => "ServiceAccounts",
        GrantKind.ArgoCdRole => "roles in Argo CD projects",
    };
}
