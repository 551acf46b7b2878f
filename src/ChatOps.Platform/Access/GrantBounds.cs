using ChatOps.Core;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// Whether a cluster's admission policies bound what RBAC cannot: the subject of a RoleBinding, its end, and who edits it
/// afterwards. Without them a break-in in the bot could let anybody in for ever, so nothing is given unless somebody
/// decided to do without.
/// </summary>
internal static class GrantBounds
{
    /// <summary>The policies of manifests/admission/grants.yaml; each has a binding of its name.</summary>
    public static IReadOnlyList<string> Policies { get; } = ["chatops-grants", "chatops-grants-of-nobody-else"];

    public static async Task<ClusterAnswer> OfAsync(ClusterApi cluster, BreakGlassConfiguration glass, CancellationToken ct) =>
        glass.WithoutAdmissionPolicy || await MissingAsync(cluster, ct) is not { } missing
            ? ClusterAnswer.Ok
            : new(ClusterAnswerKind.Rejected, $"Admission policy {missing} does not bound RoleBindings in cluster {cluster.Name}, as far as I can read: apply manifests/admission there and what ChatOps.Server rbac writes, or decide to do without in Policy:BreakGlass:WithoutAdmissionPolicy");

    public static async Task<Finding> LookAsync(ClusterApi cluster, BreakGlassConfiguration glass, CancellationToken ct) =>
        await MissingAsync(cluster, ct) is not { } missing ? Finding.Good($"Cluster {cluster.Name} bounds break-glass RoleBindings by admission policies")
        : glass.WithoutAdmissionPolicy ? Finding.Good($"Cluster {cluster.Name} has no admission policy {missing}: the policy gives break-glass RoleBindings all the same, bounded by RBAC only")
        : Finding.Problem($"Cluster {cluster.Name} has no admission policy {missing}, so break-glass RoleBindings stay off", "Apply manifests/admission and what `ChatOps.Server rbac` writes, or decide to do without in Policy:BreakGlass:WithoutAdmissionPolicy.");

    private static Task<string?> MissingAsync(ClusterApi cluster, CancellationToken ct) => AdmissionPolicies.MissingAsync(cluster, Policies, ct);
}
