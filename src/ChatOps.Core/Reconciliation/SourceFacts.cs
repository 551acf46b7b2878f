namespace ChatOps.Core.Reconciliation;

/// <summary>What sort of place one source of an application is.</summary>
public enum SourceKind
{
    Git,

    /// <summary>A Helm repository: it has versions and no branches.</summary>
    Chart,

    /// <summary>An OCI registry: tags and digests, no branches.</summary>
    Oci,

    /// <summary>The engine renders it into another branch first, and follows that.</summary>
    Hydrated,
}

/// <summary>One source of an application.</summary>
/// <param name="Follows">What is at its target revision, and where.</param>
/// <param name="Permitted">Whether the project allows it; null where that could not be read.</param>
public sealed record SourceFacts(string Repository, SourceKind Kind, JsonValueAt Follows, bool? Permitted)
{
    /// <summary>The commit that the engine last compared with, with <see cref="Follows"/> as it is now; null when it has not yet.</summary>
    public string? Compared { get; init; }

    /// <summary>Who wrote <see cref="Follows"/> last, as the cluster names them.</summary>
    public string? Writer => Hand?.Manager;

    public FieldHand? Hand { get; init; }
}
