namespace ChatOps.Platform.Tests.ArgoCd.Interleaved;

/// <summary>What a story is about.</summary>
public enum Tale
{
    PauseByField,
    PauseByWindow,
    Rollback,
    RollbackBehindWindow,
    Branch,
    BranchBehindWindow,
}
