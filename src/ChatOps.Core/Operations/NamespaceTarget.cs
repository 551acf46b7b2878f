using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations;

/// <summary>A namespace of a cluster, with the applications that own something there and are changed, as they were read when the plan was made.</summary>
public sealed record NamespaceTarget(string InCluster, string Namespace, IReadOnlyList<ApplicationTarget> Applications) : PlanTarget
{
    public override string Name => new NamespaceQuery(InCluster, Namespace).ToString();

    public override string FullName => Name;

    public override string Cluster => InCluster;

    public override Text InWords => Text.Of($"{string.Join(", ", Applications.Select(one => one.FullName)):code}, which own what is in namespace {Namespace:code} of cluster {InCluster:code}");

    internal override IReadOnlyList<object?> Sealed => [InCluster, Namespace, .. Applications.Select(one => one.Sealed)];

    public override bool Is(ApplicationRef application) => Applications.Any(one => one.Is(application));
}
