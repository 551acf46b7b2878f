namespace ChatOps.Core.Reconciliation;

/// <summary>
/// What a deny window in an application's project would do, read where its own field does not hold a pause. Windows name
/// applications, and reach every one of that name in the whole project.
/// </summary>
public sealed record WindowFacts
{
    /// <summary>The project has a list of windows, be it empty. One that we began goes with our window.</summary>
    public required bool HasList { get; init; }

    /// <summary>Other applications that a window by this one's name would hold as well.</summary>
    public IReadOnlyList<ApplicationRef> AlsoReaches { get; init; } = [];

    /// <summary>Why it cannot be told which those are, in a sentence; null: they are known.</summary>
    public string? ReachUnknown { get; init; }

    /// <summary>Who would take the window out of the project again, in a sentence; null: nobody that is known.</summary>
    public string? TakenBack { get; init; }

    /// <summary>Who could end it all the same, in a sentence.</summary>
    public string? Risk { get; init; }
}
