using ChatOps.Core.Conversation;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.RollingBack;

/// <summary>
/// A pause and then, behind its fence, one deployment of what a history entry deployed: without the pause the branch would
/// be back a second later.
/// </summary>
/// <param name="To">The entry, with the source that it deployed from: its path or chart may be another today.</param>
/// <param name="SyncOptions">The application's own: an operation that names none runs with none.</param>
public sealed record RollbackWork(PauseMechanism Mechanism, JsonValueAt Before, PastDeployment To, IReadOnlyList<string> SyncOptions) : AboutPause(Mechanism, Before)
{
    /// <summary>What was deployed when it was asked for, a revision for each source; empty where that was not noted. Nothing is done with it but told, so it is not sealed.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    public override InsteadOfGit Instead => new(To.Revisions, From);

    /// <summary>How its progress begins from the stored pause until the engine has been handed the rest.</summary>
    public const string StillToBegin = "paused; ";

    public override OperationKind Kind => OperationKind.Rollback;

    public override bool Deploys => true;

    public override string Doing => "Roll back";

    public override Text Effect => Text.Of($"Argo CD stops following Git, and deploys entry {To.Number} of its history again ({To.Spoken:code})");

    public override bool StartsOverride => true;

    /// <summary>As of a pause.</summary>
    public override bool IsOneWrite => Mechanism != PauseMechanism.Window && InSet is null;

    internal override string SealedAs => "rollback";

    internal override IReadOnlyList<object?> Sealed => [.. base.Sealed, Mechanism.ToString(), To.Id, To.Revisions, To.SourceJson, To.SeveralSources, SyncOptions];
}
