namespace ChatOps.Core.Troubles;

/// <summary>What people are told of when an application comes into it and out of it. Stored by name.</summary>
public enum TroubleKind
{
    SyncFailed,

    /// <summary>Degraded, or gone missing.</summary>
    Unhealthy,

    /// <summary>Auto-sync is on, and the engine neither deploys nor puts back what Git says.</summary>
    GaveUp,

    /// <summary>Being deleted: by somebody, by its parent, or by a set whose generators no longer name it.</summary>
    GoingAway,
}

public enum Verdict
{
    /// <summary>Neither can be said now: what was said stands.</summary>
    Open,
    Well,
    Bad,
}

/// <summary>What one look says of one kind of trouble.</summary>
/// <param name="Words">For <see cref="Verdict.Bad"/>: what is the matter, as a sentence about "it".</param>
/// <param name="Since">When that began, by the engine's clock, where it tells.</param>
public sealed record TroubleFinding(TroubleKind Kind, Verdict Verdict, string Words, DateTimeOffset? Since)
{
    /// <summary>What follows from it, another sentence. It may be another one later and is no news then.</summary>
    public string Follows { get; init; } = "";

    public string Story => Follows.Length > 0 ? $"{Words} {Follows}" : Words;
}
