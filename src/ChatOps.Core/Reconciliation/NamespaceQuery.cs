namespace ChatOps.Core.Reconciliation;

/// <summary>What a person typed: <c>ns:[cluster/]name</c>.</summary>
public sealed record NamespaceQuery(string? Cluster, string Name)
{
    public bool IsIn(ApplicationFacts facts) =>
        (Cluster is null || Cluster == facts.Cluster)
        && (facts.ResourceNamespaces.Contains(Name) || facts.ResourceNamespaces.Count == 0 && facts.DestinationNamespace == Name);

    public override string ToString() => Cluster is null ? $"ns:{Name}" : $"ns:{Cluster}/{Name}";
}
