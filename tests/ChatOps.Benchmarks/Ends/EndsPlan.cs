namespace ChatOps.Benchmarks.Ends;

/// <summary>How many grants are open, and over how long their ends are spread.</summary>
public sealed record EndsPlan(int Grants, TimeSpan Spread, bool OnARealCluster)
{
    public const int PerIncident = 20;

    /// <summary>All kinds in turn instead of RoleBindings alone.</summary>
    public bool Mixed { get; init; }

    /// <summary>From the seed to the first end: objects and books have to be there by then, and the product started.</summary>
    public TimeSpan Lead { get; init; } = TimeSpan.FromSeconds(20 + (Grants / 100));

    /// <summary>How long after the last end it may take until everything is ended and proved; then the rest counts as lost.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);
}
