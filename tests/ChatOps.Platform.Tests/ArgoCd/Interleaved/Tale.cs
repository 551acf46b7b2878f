namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>What a story is about.</summary>
public enum Tale
{
    PauseByField,

    /// <summary>Of an Argo CD that knows no <c>automated.enabled</c>.</summary>
    PauseByTakingOut,
    PauseByWindow,
    PauseInPart,
    PauseInSet,
    Rollback,
    RollbackBehindWindow,
    Branch,
    BranchBehindWindow,
    Sync,
    Refresh,
    TerminateWhatRuns,
    TerminateWhatAWindowKeeps,
    TerminateWhatHasNotBegun,
}
