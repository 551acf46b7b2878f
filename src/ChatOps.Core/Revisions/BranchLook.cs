using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Revisions;

/// <summary>
/// Asks a repository, as an application names it, for the newest commit of a branch, or of <c>HEAD</c>, which is no branch but its main one. Never throws for what a server may
/// answer. <paramref name="known"/> is a commit whose author need not be read again.
/// </summary>
public delegate Task<BranchLook> LookAtBranch(string repository, string branch, string? known, CancellationToken ct);

/// <summary>One commit that was pushed.</summary>
public sealed record PushedCommit(string Commit, CommitNote Note);

/// <summary>What one look at a branch came to.</summary>
public abstract record BranchLook
{
    private BranchLook()
    {
    }

    /// <param name="Note">Who committed what; null when it was known before, or could not be read.</param>
    public sealed record Found(string Commit, CommitNote? Note) : BranchLook
    {
        /// <summary>What came after the known commit, newest first. Null: it is not known to contain that one, because it was rewritten or has gone too far on.</summary>
        public IReadOnlyList<PushedCommit>? Since { get; init; }

        /// <summary>Whether it contains the known one could not be read this time; another look may tell.</summary>
        public bool SinceUnread { get; init; }

        /// <summary>A merge is among what came after: of what it brought in, not all is listed.</summary>
        public bool Merges { get; init; }
    }

    /// <summary>The repository answered, and has no such branch.</summary>
    public sealed record Absent : BranchLook;

    /// <summary>Nothing is known: the repository may not be asked, refused, or did not answer.</summary>
    public sealed record Silent(string Why, string Instead) : BranchLook;
}
