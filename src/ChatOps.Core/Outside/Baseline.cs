using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Outside;

/// <summary>
/// How an application is while nobody overrides it, as it was last seen or as people accepted it. Kept durably, so that what
/// was changed while we were down is a change, and what was there all along is none.
/// </summary>
public sealed record Baseline
{
    public required ApplicationRef Application { get; init; }

    /// <summary>Of another object under the same name nothing is known.</summary>
    public required string Uid { get; init; }

    public required bool AutoSyncOn { get; init; }

    /// <summary>The value at <c>/spec/syncPolicy/automated</c>: the way back where somebody takes it out.</summary>
    public required JsonValueAt Automated { get; init; }

    /// <summary>That the engine skips it is meant so.</summary>
    public required bool Skips { get; init; }

    /// <summary>What each source follows.</summary>
    public required IReadOnlyList<JsonValueAt> Revisions { get; init; }

    /// <summary>Counts saves; 0 was never saved.</summary>
    public int Version { get; init; }

    /// <summary>As it is at this moment, whatever that is.</summary>
    public static Baseline Of(ApplicationFacts facts) => new()
    {
        Application = facts.Ref,
        Uid = facts.Uid,
        AutoSyncOn = facts.AutoSyncOn,
        Automated = facts.Automated,
        Skips = facts.Skip is not null,
        Revisions = [.. facts.Sources.Select(source => source.Follows)],
    };

    /// <summary>People decided that this part of it stays as somebody left it.</summary>
    public Baseline Accept(OutsideKind kind, ApplicationFacts facts) => kind switch
    {
        OutsideKind.AutoSyncOff => this with { AutoSyncOn = facts.AutoSyncOn, Automated = facts.Automated },
        OutsideKind.SkipReconcile => this with { Skips = facts.Skip is not null },
        OutsideKind.RevisionMoved => this with { Revisions = [.. facts.Sources.Select(source => source.Follows)] },
        OutsideKind.WindowAdded => this, // it is its project's: KnownWindows
    };

    public bool IsSameAs(Baseline other) => this with { Revisions = other.Revisions, Version = other.Version } == other && Revisions.SequenceEqual(other.Revisions);
}
