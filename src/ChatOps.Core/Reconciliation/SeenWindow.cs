namespace ChatOps.Core.Reconciliation;

/// <summary>A sync window as it is in a project.</summary>
/// <param name="Json">The whole of it, always written the same way: another text is another window.</param>
/// <param name="Words">As people read it: kind, schedule, duration, zone and description.</param>
/// <param name="Denies">It keeps from syncing while it is open; else while it is closed.</param>
/// <param name="ByHandToo">Nor can anybody sync by hand then.</param>
/// <param name="OpenUntil">Null: it is not open now. <see cref="NoEnd"/>: no end of it is in sight.</param>
public sealed record SeenWindow(string Json, string Words, bool Denies, bool ByHandToo, bool IsOurs, DateTimeOffset? OpenUntil, DateTimeOffset? OpensAt)
{
    /// <summary>It stands in what its owner applied last, whoever wrote the list since.</summary>
    public bool IsApplied { get; init; }

    /// <summary>
    /// A command for whoever may edit the project: it takes out this one and is refused where another stands in its place by
    /// then. Null: it would be too long to be said.
    /// </summary>
    public string? TakeOut { get; init; }

    /// <summary>The last moment that can be stored.</summary>
    public static DateTimeOffset NoEnd { get; } = Incidents.Clock.WholeMilliseconds(DateTimeOffset.MaxValue);
}

/// <summary>
/// The windows of one project, and who wrote its list of them last, but for us, who leave those of others as they are: a
/// tool, never a person; null where that is not known.
/// </summary>
public sealed record SeenWindows(string Project, IReadOnlyList<SeenWindow> Windows, FieldHand? Hand);
