using System.Text.Json.Nodes;
using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>Access by a RoleBinding in each namespace, for a person whom the cluster knows.</summary>
public sealed class RoleBindingAccess(ClusterConnections clusters, PolicyConfiguration policy) : IAccess
{
    public GrantKind Kind => GrantKind.RoleBinding;

    public IReadOnlyList<string> Clusters => clusters.Names;

    public bool IsGivenIn(string cluster) => policy.BreakGlass.Namespaces.Exists(scope => scope.Cluster == cluster);

    public async Task<(ClusterAnswer Answer, AccessTerms? Terms)> TermsAsync(AccessWish wish, CancellationToken ct)
    {
        if (clusters.Find(wish.Application.Cluster) is not { } cluster)
        {
            return (GrantBindings.Unconfigured(wish.Application.Cluster), null);
        }

        return await GrantBounds.OfAsync(cluster, Kind, policy.BreakGlass, ct) is { IsOk: false } unbounded
            ? (unbounded, null)
            : await GrantBindings.TermsAsync(cluster, wish, wish.Subject, wish.Groups, ct);
    }

    public async Task<ClusterAnswer> GiveAsync(AuthorizedGrant grant, CancellationToken ct) => clusters.Find(grant.Grant.Scope.Cluster) is { } cluster
        ? await GrantBindings.MakeAsync(cluster, grant.Grant, new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "User", ["name"] = grant.Grant.Subject }, grant.Grant.Subject, ct)
        : GrantBindings.Unconfigured(grant.Grant.Scope.Cluster);

    public async Task<ClusterAnswer> TakeBackAsync(AuthorizedRevocation end, CancellationToken ct) =>
        clusters.Find(end.Cluster) is { } cluster ? await GrantBindings.DeleteAsync(cluster, end, ct) : GrantBindings.Unconfigured(end.Cluster);

    public Task<IReadOnlyList<AccessRight>?> AllowedNowAsync(Grant grant, IReadOnlyList<string> groups, CancellationToken ct) =>
        clusters.Find(grant.Scope.Cluster) is not { } cluster ? Task.FromResult<IReadOnlyList<AccessRight>?>(null)
        : RightsReview.AllowedAsync(cluster, grant.Subject, groups, grant.Probes, grant.Scope.Namespaces, ct);

    public string Allows(Grant grant) => GrantMarks.Allows("ClusterRole", grant.Scope.ClusterRole);

    public async Task<(ClusterAnswer Answer, IReadOnlyList<FoundGrant> Found)> FindAsync(string cluster, IEnumerable<string> listedIn, CancellationToken ct) =>
        clusters.Find(cluster) is { } api ? await GrantBindings.FindAsync(api, Kind, ct) : (GrantBindings.Unconfigured(cluster), []);
}
