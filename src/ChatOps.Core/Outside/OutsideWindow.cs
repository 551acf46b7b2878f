using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Outside;

/// <summary>A sync window that somebody added to a project, or made another, past us and past Git.</summary>
/// <param name="By">The field manager that wrote the project's windows last; null where the cluster does not tell.</param>
/// <param name="Reaches">The applications that it holds when it does; those of them that are told of.</param>
public sealed record OutsideWindow(string Project, string Json, string Words, bool Denies, bool ByHandToo, string? By, DateTimeOffset? At, DateTimeOffset? OpenUntil, DateTimeOffset? OpensAt, IReadOnlyList<ApplicationRef> Reaches)
{
    /// <summary>As the list of windows was at the last look; null where it cannot be said in one line.</summary>
    public string? TakeOut { get; init; }

    /// <summary>What somebody who may edit the project can run.</summary>
    public string ByHand => TakeOut ?? $"kubectl edit appproject {Project}";

    /// <summary>What it does to each application that it reaches.</summary>
    public OutsideOverride AsOverride() => new(OutsideKind.WindowAdded, By, At, []) { Window = this };

    public string Hand => By ?? "somebody (the cluster does not say who)";
}

/// <summary>By project, the windows that are Git's or were there when we first looked. Kept durably, as <see cref="Baseline"/> is.</summary>
public sealed record KnownWindows(string Instance, IReadOnlyDictionary<string, IReadOnlyList<string>> Projects)
{
    /// <summary>Counts saves; 0 was never saved.</summary>
    public int Version { get; init; }

    /// <summary>People decided that it stays.</summary>
    public KnownWindows Accept(OutsideWindow window) => this with
    {
        Projects = new Dictionary<string, IReadOnlyList<string>>(Projects) { [window.Project] = [.. Projects.GetValueOrDefault(window.Project) ?? [], window.Json] },
    };

    public bool IsSameAs(KnownWindows other) => Projects.Count == other.Projects.Count && Projects.All(one => other.Projects.TryGetValue(one.Key, out var windows) && windows.SequenceEqual(one.Value));
}
