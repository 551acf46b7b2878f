using ChatOps.Core.Grants;

namespace ChatOps.Core.Evidence;

/// <summary>
/// Looks in a cluster where a grant is or was open for what the live objects themselves say of writes in that time. Reads
/// names, moments and the names of tools, never what an object holds. Never throws for what a cluster may answer.
/// </summary>
public delegate Task<Writes> LookForWrites(Grant grant, CancellationToken ct);

/// <summary>What such a look came to.</summary>
/// <param name="Written">By tools that are not the cluster's own, tools that people hold in their hands first.</param>
/// <param name="Undated">Writes in words of which the API server keeps the tool and no moment.</param>
/// <param name="NotSeen">What it could not look at, in words.</param>
public sealed record Writes(IReadOnlyList<Deed> Written, IReadOnlyList<string> Undated, IReadOnlyList<string> NotSeen);
