using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;

namespace ChatOps.Core.Grants;

/// <summary>Gives one person access to one scope.</summary>
/// <param name="Subject">Who that is in the cluster, or in Argo CD; the person, where the cluster does not know them.</param>
/// <param name="Role">Name of the role in the policy.</param>
/// <param name="Probes">What the person cannot do yet. Not sealed: it does not change what is given.</param>
/// <param name="Continues">The grant that this one follows on; null when it is none.</param>
public sealed record GrantWork(GrantKind Access, string Subject, string Role, GrantScope Scope, IReadOnlyList<AccessRight> Probes, Guid? Continues) : PlannedWork
{
    public override OperationKind Kind => OperationKind.Grant;

    public override string Doing => $"{(Continues is null ? "Access" : "Longer access")} as {Role} to";

    public override Text Effect => Access switch
    {
        GrantKind.RoleBinding => Text.Of($"{Subject:code} gets what ClusterRole {Scope.ClusterRole:code} allows, in ") + GrantTexts.Where(Scope) + ", for",
        GrantKind.ClusterRoleBinding => Text.Of($"{Subject:code} gets what ClusterRole {Scope.ClusterRole:code} allows on what lives in no namespace, in ") + GrantTexts.Where(Scope) + ", for",
        GrantKind.ServiceAccount => Text.Of($"{Subject:code}, whom the cluster does not know, gets a ServiceAccount of their own in {$"{Scope.Cluster}/{Scope.Accounts}":code} that has what ClusterRole {Scope.ClusterRole:code} allows, in ") + GrantTexts.Where(Scope) + ", for",
        GrantKind.ArgoCdRole => Text.Of($"{Subject:code} gets a role of their own in ") + GrantTexts.Where(Scope) + Text.Of($" that allows {string.Join(", ", Scope.Rules):code} on this application and no other, for"),
    };

    /// <summary>Whom the cluster is told: a ServiceAccount has the name of its grant.</summary>
    public string SubjectOf(Guid grant) => Access == GrantKind.ServiceAccount ? $"system:serviceaccount:{Scope.Accounts}:chatops-{grant:N}" : Subject;

    public override bool StartsOverride => true;

    public override bool IsOneWrite => Access != GrantKind.ServiceAccount && Scope.Namespaces.Count == 1;

    /// <summary>Of an extension there is no shorter time that means something else than a no: what it goes on from lasts anyway.</summary>
    public override bool ApproversMayShorten => Continues is null;

    /// <summary>Nobody lets themselves in.</summary>
    public override bool MayBeApprovedAlone => false;

    internal override string SealedAs => "grant";

    // What came later is sealed only where there is some: plans that wait for approval keep their hash through an upgrade.
    internal override IReadOnlyList<object?> Sealed => (Scope.Project ?? Scope.Accounts) is { } later ? [.. SealedBefore, later] : SealedBefore;

    private IReadOnlyList<object?> SealedBefore =>
        [Access.ToString(), Subject, Role, Scope.Cluster, Scope.ClusterRole, string.Join(',', Scope.Namespaces), string.Join('\n', Scope.Rules), Continues?.ToString("N")];
}
