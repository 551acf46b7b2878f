namespace ChatOps.Core.Reconciliation;

/// <summary>How one application can be paused.</summary>
public enum PauseMechanism
{
    /// <summary><c>automated.enabled: false</c>; keeps prune and selfHeal.</summary>
    SwitchOff,

    /// <summary>The whole <c>automated</c> block taken out, where the CRD knows no <c>enabled</c>.</summary>
    TakeOut,

    /// <summary>
    /// A deny window in the application's project, which ends by itself: where the field would be taken back, and where the
    /// engine is told to sync past it.
    /// </summary>
    Window,

    /// <summary>Rules among <c>ignoreDifferences</c>, for some fields only; self-heal goes on everywhere else.</summary>
    Fields,
}

/// <summary>The way to pause one application that its owner leaves alone, and what people are told of it before they approve.</summary>
/// <param name="Because">Why this way holds, or why none does: a sentence that names the owner.</param>
public sealed record PauseWay(PauseMechanism Mechanism, string Because)
{
    public static PauseWay Unowned { get; } = new(PauseMechanism.SwitchOff, "Nobody else takes the pause back: no ApplicationSet and no parent application owns it.");

    public static PauseWay UnownedRevision { get; } = new(PauseMechanism.SwitchOff, "Nobody else puts the revision back that it followed: no ApplicationSet and no parent application owns it.");

    /// <summary>Who could end it all the same, and how; null: nobody that is known.</summary>
    public string? Risk { get; init; }

    /// <summary>What is written first into the set that made it, so that the set leaves the pause alone; null: nothing.</summary>
    public SetEntry? InSet { get; init; }

    /// <summary>What would have to be otherwise for a pause to hold; null: this way holds.</summary>
    public string? Missing { get; init; }
}
