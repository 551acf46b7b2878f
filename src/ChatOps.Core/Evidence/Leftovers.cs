using ChatOps.Core.Grants;

namespace ChatOps.Core.Evidence;

/// <summary>
/// Looks in a cluster for what came into being or was changed while a grant was open, where it was open, and can outlive it.
/// Reads names and times, never a Secret, and takes nothing away. Never throws for what a cluster may answer.
/// </summary>
/// <param name="project">The Argo CD project of the application that the grant was for.</param>
public delegate Task<Leftovers> LookForLeftovers(Grant grant, string project, CancellationToken ct);

/// <summary>What such a look came to.</summary>
/// <param name="NotSeen">What it could not look at, in words: whoever relies on the answer must know.</param>
public sealed record Leftovers(IReadOnlyList<Leftover> Found, IReadOnlyList<string> NotSeen)
{
    /// <summary>What it may not look at as things are set up, in words; that is so each time, and no trouble of this one.</summary>
    public IReadOnlyList<string> BeyondReach { get; init; } = [];
}

/// <summary>Something that can outlive access.</summary>
/// <param name="Target">Null for a token of Argo CD.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record Leftover(DeedObject? Target, string What, DateTimeOffset At, string Remedy)
{
    /// <summary>It was there before; the tool that wrote to it then, by the name that whoever held it gave it. Null: it came into being then.</summary>
    public string? ChangedWith { get; init; }
}
