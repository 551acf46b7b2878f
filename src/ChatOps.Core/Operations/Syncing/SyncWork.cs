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

    public override OperationKind Kind => OperationKind.Sync;

    public override bool Deploys => true;

    public override string Doing => "Sync";

    public override string Asked => "to sync";

    public override Text Effect => Text.Of($"Argo CD applies {(Only.Count == 0 ? "everything" : string.Join(", ", Only.Select(one => one.Spoken)))} as commit {string.Join(", ", Revisions.Select(Commits.Abbreviate)):code} has it{(Prune ? ", and deletes what that does not have" : "")}{(Force ? ", deleting and making anew what cannot be changed" : "")}");

    /// <summary>Each level by a rule of its own.</summary>
    public override IReadOnlyList<string> PolicyVerbs
    {
        get
        {
            var levels = new[] { (PolicyVerb.SyncForce, Force), (PolicyVerb.SyncPrune, Prune), (PolicyVerb.SyncAt, Elsewhere), (PolicyVerb.SyncOnly, Only.Count > 0) };
            var asked = levels.Where(level => level.Item2).Select(level => level.Item1).ToList();
            return asked.Count == 0 ? [PolicyVerb.Sync] : asked;
        }
    }

    internal override string SealedAs => "sync";

    internal override IReadOnlyList<object?> Sealed =>
        [Revisions, SeveralSources, Elsewhere, Only.Select(one => new[] { one.Group, one.Kind, one.Namespace, one.Name }), Prune, Force, SyncOptions, .. Source.Length > 0 ? [Source] : Array.Empty<object?>()];
}
