using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations;

/// <summary>What a plan is about. Everything of it is sealed into the plan's hash: people approve this target and no other.</summary>
public abstract record PlanTarget
{
    /// <summary>As people call it.</summary>
    public abstract string Name { get; }

    /// <summary>With all that tells it from another of the same name.</summary>
    public abstract string FullName { get; }

    /// <summary>Configured name of the cluster whose workloads it is about.</summary>
    public abstract string Cluster { get; }

    /// <summary>The whole of it in a few words, for the card.</summary>
    public abstract Text InWords { get; }

    /// <summary>What the hash covers, always in the same order: a stored vote is bound to it.</summary>
    internal abstract IReadOnlyList<object?> Sealed { get; }

    /// <summary>Whether it is about this application, and no other operation may be on its way there.</summary>
    public virtual bool Is(ApplicationRef application) => false;

    public sealed override string ToString() => FullName;
}

/// <summary>One application, as it was read when the plan was made.</summary>
/// <param name="Owner">Who else could take a change of its object back; empty when nobody.</param>
public sealed record ApplicationTarget(ApplicationRef Ref, string Uid, string Project, string DestinationCluster, string DestinationNamespace, string Owner) : PlanTarget
{
    public override string Name => Ref.Name;

    public override string FullName => Ref.ToString();

    public override string Cluster => DestinationCluster;

    public override Text InWords => Text.Of($"{FullName:code}, which deploys to namespace {DestinationNamespace:code} of cluster {Cluster:code}");

    internal override IReadOnlyList<object?> Sealed => [Ref.Instance, Ref.Namespace, Ref.Name, Uid, Project, DestinationCluster, DestinationNamespace, Owner];

    public static ApplicationTarget Of(ApplicationFacts facts) => new(
        facts.Ref,
        facts.Uid,
        facts.Project,
        facts.Cluster,
        facts.DestinationNamespace,
        facts.Owner.Kind == OwnerKind.None ? "" : $"{facts.Owner.Kind} {facts.Owner.Name}");

    public override bool Is(ApplicationRef application) => Ref == application;
}
