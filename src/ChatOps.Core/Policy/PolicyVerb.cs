namespace ChatOps.Core.Policy;

/// <summary>The verbs that a rule can name. A verb that is not here is allowed to nobody.</summary>
public static class PolicyVerb
{
    public const string Pause = "pause";
    public const string Resume = "resume";
    public const string Own = "own";
    public const string Refresh = "refresh";
    public const string Sync = "sync";

    /// <summary>Syncs only some resources: no hook runs, and no entry of the history remembers it.</summary>
    public const string SyncOnly = "sync-only";

    /// <summary>Syncs at another commit than the one that the application follows.</summary>
    public const string SyncAt = "sync-at";

    /// <summary>Deletes what Git no longer has.</summary>
    public const string SyncPrune = "sync-prune";

    /// <summary>Deletes and makes anew what cannot be changed.</summary>
    public const string SyncForce = "sync-force";
    public const string Terminate = "terminate";

    /// <summary>Deploys an entry of the history, under a pause of its own.</summary>
    public const string Rollback = "rollback";

    /// <summary>Deploys one commit of a branch for a while.</summary>
    public const string Branch = "branch";

    /// <summary>Deploys whatever is pushed to a branch for a while: a rule of its own, never the one for <see cref="Branch"/>.</summary>
    public const string BranchFollow = "branch-follow";

    /// <summary>Break-glass access: asking for it and prolonging it.</summary>
    public const string Grant = "grant";

    /// <summary>Break-glass access to what lives in no namespace: a rule of its own, never the one for <see cref="Grant"/>.</summary>
    public const string GrantCluster = "grant-cluster";

    /// <summary>Ending somebody else's access at once.</summary>
    public const string Revoke = "revoke";

    public static IReadOnlyList<string> All { get; } = [Pause, Resume, Own, Refresh, Sync, SyncOnly, SyncAt, SyncPrune, SyncForce, Terminate, Rollback, Branch, BranchFollow, Grant, GrantCluster, Revoke];

    /// <summary>Makes something that ends, so a rule for it needs a longest duration.</summary>
    internal static bool Lasts(string verb) => MakesOverride(verb) || GivesAccess(verb);

    /// <summary>A rule for it must say who approves, or that nobody needs to.</summary>
    internal static bool IsDecided(string verb) => WritesAsRole(verb) || GivesAccess(verb);

    /// <summary>Lets one person in.</summary>
    internal static bool GivesAccess(string verb) => verb is Grant or GrantCluster;

    /// <summary>Makes an override of Git.</summary>
    internal static bool MakesOverride(string verb) => verb is Pause or Rollback or Branch or BranchFollow;

    /// <summary>Is made by the application's own sync policy, which an entry in a set can keep.</summary>
    internal static bool MayEditSets(string verb) => verb is Pause or Rollback;

    /// <summary>
    /// Writes to the cluster as the Kubernetes user of the role. Resuming does not: an override is ended by the user that
    /// began it. Nor does giving access: that is done by a user of its own.
    /// </summary>
    internal static bool WritesAsRole(string verb) => All.Contains(verb) && verb is not (Resume or Own or Grant or GrantCluster or Revoke);

    /// <summary>Verbs of the command language that a rule covers under another name.</summary>
    internal static string CoveredBy(string verb) => verb switch { "extend" => Pause, "restore" => Resume, _ => verb };
}
