using System.Diagnostics;
using System.Text.Json.Serialization;
using ChatOps.Core.Operations;

namespace ChatOps.Storage.Documents;

internal sealed record FieldChangeDocument(string Path, string? Before, string? After);

/// <summary>What was planned. Its hash is not stored: it is computed again from these fields, so an edited plan has lost its votes.</summary>
internal sealed record PlanDocument(TargetDocument Target, WorkDocument Work, IReadOnlyList<FieldChangeDocument> Changes, string PolicyVersion)
{
    public static PlanDocument From(Plan plan) => new(
        TargetDocument.Of(plan.Target),
        WorkDocument.Of(plan.Work),
        [.. plan.Changes.Select(change => new FieldChangeDocument(change.Path, change.Before, change.After))],
        plan.PolicyVersion);

    public Plan ToPlan() => new()
    {
        Target = Target.ToTarget(),
        Work = Work.ToWork(),
        Changes = [.. Changes.Select(change => new FieldChange(change.Path, change.Before, change.After))],
        PolicyVersion = PolicyVersion,
    };
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Application), "application")]
[JsonDerivedType(typeof(Namespace), "namespace")]
internal abstract record TargetDocument
{
    public static TargetDocument Of(PlanTarget target) => target switch
    {
        ApplicationTarget one => new Application(ApplicationDocument.From(one.Ref), one.Uid, one.Project, one.DestinationCluster, one.DestinationNamespace, one.Owner),
        NamespaceTarget all => new Namespace(all.InCluster, all.Namespace, [.. all.Applications.Select(Of)]),
        _ => throw new UnreachableException(),
    };

    public abstract PlanTarget ToTarget();

    internal sealed record Namespace(string Cluster, string Name, IReadOnlyList<TargetDocument> Applications) : TargetDocument
    {
        public override PlanTarget ToTarget() => new NamespaceTarget(Cluster, Name, [.. Applications.Select(one => (ApplicationTarget)one.ToTarget())]);
    }

    internal sealed record Application(ApplicationDocument Ref, string Uid, string Project, string Cluster, string DestinationNamespace, string Owner) : TargetDocument
    {
        public override PlanTarget ToTarget() => new ApplicationTarget(Ref.ToRef(), Uid, Project, Cluster, DestinationNamespace, Owner);
    }
}
