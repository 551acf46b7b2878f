using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;

namespace ChatOps.Core.Grants;

/// <summary>Gives one person access to one scope.</summary>
/// <param name="Subject">Who that is in the cluster.</param>
/// <param name="Role">Name of the role in the policy.</param>
/// <param name="Probes">What the person cannot do yet. Not sealed: it does not change what is given.</param>
/// <param name="Continues">The grant that this one follows on; null when it is none.</param>
public sealed record GrantWork(GrantKind Access, string Subject, string Role, GrantScope Scope, IReadOnlyList<AccessRight> Probes, Guid? Continues) : PlannedWork
{
    public override OperationKind Kind => OperationKind.Grant;

    public override string Doing => $"{(Continues is null ? "Access" : "Longer access")} as {Role} to";

    public override Text Effect => Text.Of($"{Subject:code} gets what ClusterRole {Scope.ClusterRole:code} allows, in ") + GrantTexts.Where(Scope) + ", for";

    public override bool StartsOverride => true;

    /// <summary>Nobody lets themselves in.</summary>
    public override bool MayBeApprovedAlone => false;

    internal override string SealedAs => "grant";

    internal override IReadOnlyList<object?> Sealed =>
        [Access.ToString(), Subject, Role, Scope.Cluster, Scope.ClusterRole, string.Join(',', Scope.Namespaces), string.Join('\n', Scope.Rules), Continues?.ToString("N")];
}
