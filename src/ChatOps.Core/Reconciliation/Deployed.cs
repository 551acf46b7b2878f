namespace ChatOps.Core.Reconciliation;

/// <summary>What is deployed and what the engine says about it, for people to read. Decisions are made on <see cref="ApplicationFacts"/>.</summary>
public sealed record Deployed
{
    public required ApplicationFacts Facts { get; init; }

    public required IReadOnlyList<DeployedSource> Sources { get; init; }

    /// <summary>The newest entry of the history, null when nothing was ever synced as a whole.</summary>
    public Deployment? Last { get; init; }

    /// <summary>When live and Git were last compared as a whole; the verdict is from then.</summary>
    public DateTimeOffset? ComparedAt { get; init; }

    public required bool PruneOn { get; init; }

    public required IReadOnlyList<Condition> Conditions { get; init; }

    public required int Resources { get; init; }

    /// <summary>Resources that are not as Git says, or are not healthy as far as the engine tells.</summary>
    public required IReadOnlyList<ResourceLine> OutOfStep { get; init; }

    /// <summary>What went wrong in the last operation, resource by resource.</summary>
    public required IReadOnlyList<ResourceLine> Failed { get; init; }

    /// <summary>Sync windows that apply to it, open or not.</summary>
    public required IReadOnlyList<WindowLine> Windows { get; init; }
}

/// <summary>Where one part of an application comes from. <paramref name="Commit"/> is what was compared last; null when that failed.</summary>
public sealed record DeployedSource(string Repository, string Path, string Follows, string? Commit)
{
    /// <summary>Null where nobody is there to ask, or they do not know.</summary>
    public CommitNote? Note { get; init; }
}

/// <summary>Who committed what.</summary>
public sealed record CommitNote(string Author, string Message, DateTimeOffset? At);

/// <summary>One entry of the engine's own history.</summary>
public sealed record Deployment(int Id, IReadOnlyList<string> Commits, DateTimeOffset? At, string By);

/// <summary>Something that the engine has to say about an application.</summary>
public sealed record Condition(string Type, string Message, DateTimeOffset? Since);

/// <summary>One resource and what is the matter with it.</summary>
public sealed record ResourceLine(string Kind, string Name, string State);

/// <summary>One sync window that applies, in words.</summary>
public sealed record WindowLine(string Words, bool IsOpen);
