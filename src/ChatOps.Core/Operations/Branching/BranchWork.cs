using ChatOps.Core.Conversation;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;

namespace ChatOps.Core.Operations.Branching;

/// <summary>Has the engine deploy one commit of a branch instead of what the application follows, for a while.</summary>
/// <param name="Note">Who committed what; the commit seals it.</param>
/// <param name="AsRead">What each switched source follows now: not what it goes back to, when it is on a branch already.</param>
/// <param name="AutoSync">The engine deploys it by itself, from its own fields; else one guarded sync does.</param>
/// <param name="SyncOptions">The application's own: an operation that names none runs with none.</param>
/// <param name="Replaces">The switch whose commit this one replaces, under the same lease.</param>
public sealed record BranchWork(
    HeldBranch To,
    CommitNote Note,
    IReadOnlyList<JsonValueAt> AsRead,
    bool SeveralSources,
    bool AutoSync,
    IReadOnlyList<string> SyncOptions,
    Guid? Replaces) : PlannedWork
{
    /// <summary>How its progress begins once the switch is stored.</summary>
    public const string Stored = "stored; ";

    /// <summary>What is pushed to the branch later is deployed too.</summary>
    public bool Follows { get; init; }

    /// <summary>The operation that people approved to follow the branch, of which this is one commit; null: this is approved by itself.</summary>
    public Guid? Standing { get; init; }
    /// <summary>How it begins from the stored window until the engine has been handed the sync.</summary>
    public const string StillToBegin = "held by a window; ";

    /// <summary>
    /// What that one sync deploys, a revision for each source, where a deny window holds it because its owner would put the
    /// revision back: then nothing is written into the application. Null: the revision that it follows is changed.
    /// </summary>
    public IReadOnlyList<string>? BehindWindow { get; init; }

    /// <summary>Where the application takes its manifests from, as <see cref="SyncFacts.Source"/>, which that sync leaves as it is; empty where there is none.</summary>
    public string Source { get; init; } = "";

    public override OperationKind Kind => OperationKind.Branch;

    public override bool Deploys => true;

    public override string Doing => this switch { { Standing: not null } => "Deploy what was pushed for", { Follows: true } => "Follow a branch with", _ => "Switch the branch of" };

    public override Text Effect => Text.Of($"Argo CD deploys commit {Commits.Abbreviate(To.Commit):code} of branch {To.Branch:code}, “{Note.Message}” by {Note.Author}{(Note.At is { } at ? Text.Of($" at {at}") : Text.Empty)}, {(Standing is not null ? "which it follows" : Follows ? "and then whatever is pushed to it while this lasts, by whomever" : "and no other")}");

    public override bool StartsOverride => true;

    /// <summary>The window is in the project, what is synced behind it on the application.</summary>
    public override bool IsOneWrite => BehindWindow is null;

    public override bool NeedsOverride => Replaces is not null;

    /// <summary>A further commit could be repeated, and would carry the short switch of an emergency to the rule's full length.</summary>
    public override bool MayBeApprovedAlone => Replaces is null && !Follows;

    public override bool WasApprovedBefore => Standing is not null;

    internal override string SealedAs => "branch";

    internal override IReadOnlyList<object?> Sealed =>
    [
        To.Repository,
        To.Branch,
        To.Commit,
        To.Sources.Select(source => new[] { source.Repository, source.Before.Path, source.Before.Json }),
        AsRead.Select(value => new[] { value.Path, value.Json }),
        SeveralSources,
        AutoSync,
        SyncOptions,
        Replaces,
        .. Follows ? ["follows", Standing] : Array.Empty<object?>(),
        .. BehindWindow is null ? Array.Empty<object?>() : [BehindWindow, Source],
    ];
}
