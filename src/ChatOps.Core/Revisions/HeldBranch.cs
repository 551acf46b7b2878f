using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Revisions;

/// <summary>
/// A branch that sources of an application were switched to. They are pinned to one commit of it: what was approved is what
/// runs, whatever is pushed later. With the way back.
/// </summary>
public sealed record HeldBranch(string Repository, string Branch, string Commit, IReadOnlyList<HeldSource> Sources)
{
    /// <summary>As JSON text, as it stands in the application while the switch is there.</summary>
    public string Pinned => $"\"{Commit}\"";

    public string Spoken => $"{Commits.Abbreviate(Commit)} of {Branch}";
}

/// <summary>One source that was switched.</summary>
/// <param name="Repository">As the application names it.</param>
/// <param name="Before">What it followed before the first switch; absent, empty and a name are three things.</param>
public sealed record HeldSource(string Repository, JsonValueAt Before);
