using ChatOps.Core.Grants;

namespace ChatOps.Core.Evidence;

/// <summary>Which audit events belong to a grant, and as what. Pure.</summary>
public static class Attribution
{
    /// <summary>The API server's clock is not ours.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(2);
    private static readonly string[] Reads = ["get", "list", "watch"];
    private static readonly string[] Writes = ["create", "update", "patch"];
    private static readonly string[] Streams = ["exec", "attach", "portforward", "log"];

    /// <summary>Asked by creating something that nothing keeps: <c>kubectl auth can-i</c>.</summary>
    private static readonly string[] Questions = ["authorization.k8s.io", "authentication.k8s.io"];

    /// <summary>What can be used after the access that made it is gone, wherever it is.</summary>
    private static readonly (string Group, string Resource)[] Lasting =
    [
        ("", "secrets"), ("", "serviceaccounts"), ("batch", "cronjobs"), ("certificates.k8s.io", "certificatesigningrequests"),
        ("rbac.authorization.k8s.io", "roles"), ("rbac.authorization.k8s.io", "rolebindings"), ("rbac.authorization.k8s.io", "clusterroles"), ("rbac.authorization.k8s.io", "clusterrolebindings"),
        ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"), ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
    ];

    /// <summary>It was allowed and changed something, or let somebody in further than a read does.</summary>
    public static bool IsADeed(AuditNotice notice) =>
        notice.Code < 400 && !notice.IsDryRun && !Questions.Contains(notice.Target.Group) && (IsStream(notice.Target) || (notice.Stage == AuditStage.Complete && !Reads.Contains(notice.Verb)));

    /// <summary>
    /// False: it is a controller's, and none of any grant's. What a cluster does all day by itself is told by this alone,
    /// without the books.
    /// </summary>
    public static bool MayConcern(AuditNotice notice) =>
        IsADeed(notice) && (IsSomebody(notice.Actor) || LeavesWhatIsLookedFor(notice) || IsOfAGrant(notice.Actor) || notice.Target is { Resource: "rolebindings" or "clusterrolebindings", Name: { } name } && name.StartsWith("chatops-", StringComparison.Ordinal));

    public static bool IsStream(DeedObject target) => target is { Group: "", Resource: "pods", Subresource: { } part } && Streams.Contains(part);

    public static bool Leaves(AuditNotice notice) => Writes.Contains(notice.Verb) && IsLasting(notice.Target);

    /// <summary>Null: it is none of this grant's. The cluster is the caller's to compare.</summary>
    public static DeedKind? Of(AuditNotice notice, Grant grant)
    {
        if (grant.Kind == GrantKind.ArgoCdRole || !IsADeed(notice) || !IsWithin(notice, grant))
        {
            return null; // what somebody does through Argo CD, the API server sees Argo CD do
        }

        var isHere = IsIn(notice.Target, grant.Scope);
        if (notice.Actor != grant.Subject)
        {
            return isHere && (IsSomebody(notice.Actor) || LeavesWhatIsLookedFor(notice)) && !IsStream(notice.Target) ? DeedKind.ByOthers : null;
        }

        return Leaves(notice) ? DeedKind.Lasting : !isHere ? null : IsStream(notice.Target) ? DeedKind.Stream : DeedKind.Change;
    }

    /// <summary>Whether the grant, as it was approved, lets somebody do that: they may have other rights beside it.</summary>
    public static bool IsAllowedBy(AuditNotice notice, Grant grant) => notice.Target is var target && IsIn(target, grant.Scope)
        && grant.Scope.Allows(notice.Verb, target.Subresource is null ? target.Resource : $"{target.Resource}/{target.Subresource}", target.Name);

    /// <summary>This grant's own binding is made: the audit log reaches us.</summary>
    public static bool TellsItIsGiven(AuditNotice notice, Grant grant) => IsItsBinding(notice, grant) && notice.Verb == "create";

    public static bool TellsItIsEnded(AuditNotice notice, Grant grant) => IsItsBinding(notice, grant) && notice.Verb == "delete";

    private static bool IsItsBinding(AuditNotice notice, Grant grant) => IsADeed(notice) && grant.Kind != GrantKind.ArgoCdRole
        && notice.Target is { Resource: "rolebindings" or "clusterrolebindings", Name: { } name } && name == grant.ObjectName && IsIn(notice.Target, grant.Scope);

    /// <summary>What lives in no namespace is in the scope of access to the whole cluster, and of no other.</summary>
    private static bool IsIn(DeedObject target, GrantScope scope) => scope.Namespaces.Contains(target.Namespace ?? "");

    private static bool IsWithin(AuditNotice notice, Grant grant) =>
        notice.At >= grant.StartedAt - ClocksDiffer && (grant.EndedAt is not { } end || notice.At <= end + ClocksDiffer);

    /// <summary>
    /// A program of the cluster's makes what is found after the end: told of, it is not taken for somebody's of whom no event came.
    /// What we make ourselves is known.
    /// </summary>
    private static bool LeavesWhatIsLookedFor(AuditNotice notice) => Leaves(notice) && notice.Target is { Subresource: null, Resource: not ("secrets" or "certificatesigningrequests") } && !IsOurs(notice.Actor);

    private static bool IsOurs(string user) => user.StartsWith("chatops:", StringComparison.Ordinal);

    /// <summary>No controller and no other program of the cluster's, and nobody of ours: what we do is on the timeline already.</summary>
    private static bool IsSomebody(string user) => !user.StartsWith("system:", StringComparison.Ordinal) && !IsOurs(user);

    /// <summary>A service account that stands for a person for the time of one grant.</summary>
    private static bool IsOfAGrant(string user) => user.StartsWith("system:serviceaccount:", StringComparison.Ordinal) && user[(user.LastIndexOf(':') + 1)..].StartsWith("chatops-", StringComparison.Ordinal);

    private static bool IsLasting(DeedObject target) => Lasting.Contains((target.Group, target.Resource)) && target.Subresource is null or "token";
}
