namespace ChatOps.Core.Reconciliation;

/// <summary>
/// How an application does, as its object tells it at one moment: what shows that it came into trouble or out of it, and
/// no more, since thousands of these are kept.
/// </summary>
public sealed record Vitals
{
    public required string Uid { get; init; }

    public required SyncState Sync { get; init; }

    public required string Health { get; init; }

    /// <summary>By the engine's clock.</summary>
    public DateTimeOffset? HealthSince { get; init; }

    /// <summary>It was deployed as a whole once: what is missing was there.</summary>
    public bool WasDeployed { get; init; }

    public bool AutoSyncOn { get; init; }

    public bool SelfHealOn { get; init; }

    /// <summary>The last operation; null while one runs or waits to be tried again, and where none is known.</summary>
    public EndedOperation? Last { get; init; }

    /// <summary>The try before, of an operation that failed more than once and waits to be tried again: some are tried for ever.</summary>
    public EndedOperation? Retried { get; init; }

    /// <summary>The engine says that it does not try the last sync again by itself.</summary>
    public bool TriesNoMore { get; init; }

    /// <summary>Why the engine cannot work out what Git wants; null: it can.</summary>
    public string? CannotRender { get; init; }

    public DateTimeOffset? CannotRenderSince { get; init; }

    /// <summary>The engine is told to skip it, or it is on its way out: what it says of itself means nothing.</summary>
    public bool IsBlind { get; init; }

    /// <summary>Since when it is on its way out.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Deleted with it is what it deployed.</summary>
    public bool TakesItsResources { get; init; }

    /// <summary>The ApplicationSet that it belongs to.</summary>
    public string? Set { get; init; }

    public Uri? Link { get; init; }
}

/// <summary>An operation that is over, as the engine tells it.</summary>
/// <param name="By">A name, "auto-sync", or "somebody unnamed".</param>
/// <param name="Ours">An operation of ours asked for it, and its own message tells how it ended.</param>
/// <param name="Heals">How many reverts in a row this was the last of.</param>
/// <param name="Failed">Resources that it failed at, as kind/name; some of them, where they are many.</param>
public sealed record EndedOperation(bool Succeeded, bool Terminated, string By, bool Ours, string? Revision, string Message, DateTimeOffset? FinishedAt, int Heals, IReadOnlyList<string> Failed, int MoreFailed);
