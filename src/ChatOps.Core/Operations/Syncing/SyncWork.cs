using ChatOps.Core.Conversation;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Operations.Syncing;

/// <summary>What the engine is to apply. The commits are fixed here: what was approved is what runs, whatever is pushed meanwhile.</summary>
/// <param name="Revisions">One per source.</param>
/// <param name="Elsewhere">Not the commit that the application follows.</param>
/// <param name="Only">Empty: everything.</param>
/// <param name="SyncOptions">The application's own: an operation that names none runs with none.</param>
public sealed record SyncWork(
    IReadOnlyList<string> Revisions,
    bool SeveralSources,
    bool Elsewhere,
    IReadOnlyList<ManagedResource> Only,
    bool Prune,
    bool Force,
    IReadOnlyList<string> SyncOptions) : ActionWork
{
    /// <summary>
    /// SHA-256 of where the application takes its manifests from, as <see cref="SyncFacts.Source"/>: a commit says little when
    /// the path beside it is another. Empty in what was stored before that was noted.
    /// </summary>
    public string Source { get; init; } = "";

    /// <summary>The entry of the history that is deployed again, from the source that it was deployed from. Null: from where the application takes its manifests now.</summary>
    public PastDeployment? Entry { get; init; }

    /// <summary>Auto-sync is on, and a deny window keeps it from deploying what Git says over that entry.</summary>
    public bool BehindWindow { get; init; }

    /// <summary>What was deployed when it was asked for, a revision for each source. Nothing is done with it but told, so it is not sealed.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    public override OperationKind Kind => OperationKind.Sync;

    public override InsteadOfGit? Instead => Elsewhere && Only.Count == 0 ? new(Revisions, From) : null;

    public override bool Deploys => true;

    public override string Doing => Entry is null ? "Sync" : "Roll back";

    public override string Asked => Entry is null ? "to sync" : $"for entry {Entry.Number} ({Entry.Spoken}) of the history of";

    public override Text Effect => Entry is not null ? Text.Of($"Argo CD deploys entry {Entry.Number} of its history again ({Entry.Spoken:code}), once") : Text.Of($"Argo CD applies {(Only.Count == 0 ? "everything" : string.Join(", ", Only.Select(one => one.Spoken)))} as commit {string.Join(", ", Revisions.Select(Commits.Abbreviate)):code} has it{(Prune ? ", and deletes what that does not have" : "")}{(Force ? ", deleting and making anew what cannot be changed" : "")}");

    /// <summary>Each level by a rule of its own.</summary>
    public override IReadOnlyList<string> PolicyVerbs
    {
        get
        {
            if (Entry is not null)
            {
                return [PolicyVerb.Rollback];
            }

            var levels = new[] { (PolicyVerb.SyncForce, Force), (PolicyVerb.SyncPrune, Prune), (PolicyVerb.SyncAt, Elsewhere), (PolicyVerb.SyncOnly, Only.Count > 0) };
            var asked = levels.Where(level => level.Item2).Select(level => level.Item1).ToList();
            return asked.Count == 0 ? [PolicyVerb.Sync] : asked;
        }
    }

    internal override string SealedAs => "sync";

    internal override IReadOnlyList<object?> Sealed =>
        [Revisions, SeveralSources, Elsewhere, Only.Select(one => new[] { one.Group, one.Kind, one.Namespace, one.Name }), Prune, Force, SyncOptions, .. Source.Length > 0 ? [Source] : Array.Empty<object?>(), .. Entry is not null ? [Entry.Id, Entry.SourceJson, BehindWindow] : Array.Empty<object?>()];
}
