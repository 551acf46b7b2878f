namespace ChatOps.Core.Reconciliation;

/// <summary>What sort of difference a person would call it.</summary>
public enum DriftClass
{
    /// <summary>Git has another value.</summary>
    Changed,

    /// <summary>Git has it and the cluster has not.</summary>
    Removed,

    /// <summary>Somebody added it by hand; Git does not mention it, so the engine does not see it.</summary>
    AddedByHand,

    /// <summary>Somebody wrote it by hand, and what Git says cannot be told from here.</summary>
    WrittenByHand,

    /// <summary>Git has the whole resource and the cluster has not; nothing shows that it ever had.</summary>
    Missing,

    /// <summary>The cluster has the whole resource and Git has not.</summary>
    NotInGit,

    /// <summary>Another controller is meant to write it, or the application is told to ignore it: no drift.</summary>
    Expected,

    /// <summary>Git has the whole resource, it had been deployed, and it is not there any more. Who or what deleted it nothing is left to tell.</summary>
    Deleted,
}

/// <summary>Why a change by hand is in no command that does it again.</summary>
public enum NoWayBack
{
    /// <summary>What it would put back holds something secret.</summary>
    Secret,

    /// <summary>It is more than is kept.</summary>
    TooLong,
}

/// <summary>One field of one live object that is not what Git says. Values are JSON or plain text for people; secrets come masked.</summary>
/// <param name="By">The tool that wrote it, as managedFields name it; never a proof of who.</param>
public sealed record Drift(string Path, string? Git, string? Live, DriftClass Class, string? By, DateTimeOffset? At)
{
    /// <summary>Somebody else than the engine made it so. Another value than Git's whose last writer is the engine means only that Git has moved on.</summary>
    public bool IsByHand => !IsByController && (Class is DriftClass.AddedByHand or DriftClass.WrittenByHand or DriftClass.Removed or DriftClass.Deleted || Class == DriftClass.Changed && By is not null);

    /// <summary>Nobody but controllers of the cluster's own wrote it: an autoscaler, say. Git has another value, and it is nobody's change to bring there.</summary>
    public bool IsByController { get; init; }

    /// <summary>The engine has compared since it was written and finds nothing to do there: Git says the same, or nothing of it.</summary>
    public bool IsLeftAlone { get; init; }

    /// <summary>Null: it is in the command of its object, where that has one.</summary>
    public NoWayBack? NoWay { get; init; }
}

/// <summary>What differs in one resource.</summary>
public sealed record ResourceDrift(string Kind, string Namespace, string Name, IReadOnlyList<Drift> Fields)
{
    /// <summary>A command that makes what hands did as it is now, for after something has overwritten it; never with a secret. Null: there is nothing to put back, or no way to say it.</summary>
    public string? PutBack { get; init; }

    /// <summary>The whole object is gone that had been deployed: <see cref="PutBack"/> deletes it again.</summary>
    public bool IsDeleted => Fields.Any(drift => drift.Class == DriftClass.Deleted);

    /// <summary>The command puts this field back.</summary>
    public bool Brings(Drift field) => PutBack is not null && field.NoWay is null;

    public IEnumerable<Drift> Real => Fields.Where(drift => drift.Class != DriftClass.Expected);
}

/// <summary>The differences of one application, what they were taken from, and what could not be seen.</summary>
/// <param name="Basis">What Git's side was taken from, in words.</param>
/// <param name="NotSeen">Sentences: whoever relies on the answer must know them.</param>
public sealed record DriftReport(ApplicationFacts Facts, string Basis, IReadOnlyList<ResourceDrift> Resources, IReadOnlyList<string> NotSeen, bool IsComplete)
{
    /// <summary>Objects of the application that could not be looked at: nothing is known of them now.</summary>
    public IReadOnlySet<(string Kind, string Namespace, string Name)> NotRead { get; init; } = new HashSet<(string, string, string)>();
}
