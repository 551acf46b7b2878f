namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>What a story is about.</summary>
public enum Tale
{
    PauseByField,
    PauseByWindow,
    PauseInPart,
    PauseInSet,
    Rollback,
    RollbackBehindWindow,
    Branch,
    BranchBehindWindow,
    Sync,
    TerminateWhatRuns,
    TerminateWhatAWindowKeeps,
    TerminateWhatHasNotBegun,
}
