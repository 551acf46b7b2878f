using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Pausing;

/// <summary>A pause, or what concerns one: how it is written, and what is at the field before it, to be restored exactly.</summary>
public abstract record AboutPause(PauseMechanism Mechanism, JsonValueAt Before) : PlannedWork
{
    /// <summary>What is written first into the set that made the application; null: nothing.</summary>
    public SetEntry? InSet { get; init; }

    /// <summary>Of a pause of only some fields: which. Null: of the whole application.</summary>
    public HeldFields? Only { get; init; }

    /// <summary>Since when other incidents keep it paused: the longest duration counts from there, or they could keep it so in turns for ever. Null: none does.</summary>
    public DateTimeOffset? Since { get; init; }

    internal override string SealedAs => Mechanism.ToString();

    internal override IReadOnlyList<object?> Sealed => [Before.Path, Before.Json, Before.ParentJson, .. InSet?.Sealed ?? []];
}

/// <summary>Keeps the engine from putting Git's state back.</summary>
public sealed record PauseWork(PauseMechanism Mechanism, JsonValueAt Before) : AboutPause(Mechanism, Before)
{
    public override OperationKind Kind => OperationKind.Pause;

    public override string Doing => Only is null ? "Pause" : "Pause a part of";

    public override Text Effect => Only is null
        ? "Argo CD stops putting Git's state back, so that changes by hand stay"
        : Text.Of($"Argo CD leaves {Only.Spoken:code} to people and goes on putting everything else back");

    public override bool StartsOverride => true;

    internal override IReadOnlyList<object?> Sealed => Only is null
        ? [.. base.Sealed, .. Since is { } since ? [since.ToUnixTimeMilliseconds()] : Array.Empty<object?>()]
        : [.. base.Sealed, Only.Options.Json, Only.Resources.Select(one => new object[] { one.Resource.Group, one.Resource.Kind, one.Resource.Namespace, one.Resource.Name, one.Pointers })];

    /// <summary>A window is in the project; that the engine sees it is asked for on the application. An entry in a set goes before the pause.</summary>
    public override bool IsOneWrite => Mechanism != PauseMechanism.Window && InSet is null;
}

/// <summary>Moves the end of an override that is there.</summary>
/// <param name="Of">What sort of override that is.</param>
public sealed record ExtendWork(PauseMechanism Mechanism, JsonValueAt Before, LeaseKind Of = LeaseKind.Pause) : AboutPause(Mechanism, Before)
{
    public override OperationKind Kind => OperationKind.Extend;

    public override string Doing => Of == LeaseKind.Branch ? "Extend the branch switch of" : "Extend the pause of";

    public override Text Effect => Of == LeaseKind.Branch ? "the branch switch goes on" : "the pause goes on";

    public override bool HasEnd => true;

    public override bool NeedsOverride => true;

    /// <summary>An extension could be repeated, and would then carry the short override of an emergency to the rule's full length.</summary>
    public override bool MayBeApprovedAlone => false;

    internal override IReadOnlyList<object?> Sealed => Of == LeaseKind.Branch ? [.. base.Sealed, "branch"] : base.Sealed;
}
