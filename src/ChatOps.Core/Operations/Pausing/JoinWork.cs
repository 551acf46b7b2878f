using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>A pause of what another incident has paused already: nothing is written, and it lasts until both have let go.</summary>
/// <param name="Mark">The operation that made the pause which is there.</param>
/// <param name="EndedSync">An automatic sync was to be ended with that pause: whoever lets go last gives it back.</param>
public sealed record JoinWork(PauseMechanism Mechanism, JsonValueAt Before, Guid Mark, bool EndedSync) : AboutPause(Mechanism, Before)
{
    public override OperationKind Kind => OperationKind.Pause;

    public override string Doing => Only is null ? "Pause" : "Pause a part of";

    public override Text Effect => Only is null
        ? "its auto-sync is off already, so nothing is changed on it now; it stays off until this incident lets go of it too, and then what was there before the first pause is put back"
        : Text.Of($"Argo CD leaves {Only.Spoken:code} to people already, so nothing is changed on it now; that stays so until this incident lets go of it too");

    public override bool StartsOverride => true;

    /// <summary>From the moment at which its lease is written others leave the application to it, whatever the answer is.</summary>
    public override bool IsOneWrite => false;

    internal override string SealedAs => $"Join {Mechanism}";

    internal override IReadOnlyList<object?> Sealed => [.. base.Sealed, Mark, .. Only is null ? Array.Empty<object?>() : [Only.Spoken]];
}
