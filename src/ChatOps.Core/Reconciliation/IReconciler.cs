using ChatOps.Core.Leases;
using ChatOps.Core.Operations;

namespace ChatOps.Core.Reconciliation;

/// <summary>
/// One GitOps engine that keeps applications as Git says: an Argo CD today, Flux next. Reads happen as the bot, writes as
/// the Kubernetes user that the proof names, with the person beside it for the audit log. Nothing throws for what a
/// cluster may answer: every answer is a <see cref="ClusterAnswer"/>.
/// </summary>
public interface IReconciler
{
    /// <summary>Name of the instance in the configuration.</summary>
    string Instance { get; }

    /// <summary>All applications of this instance, names only, as a cache has them: it may be some seconds behind.</summary>
    Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> ListAsync(CancellationToken ct);

    /// <summary>Those of exactly this name, of whatever namespace, as the store has them now.</summary>
    Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> NamedAsync(string name, CancellationToken ct);

    /// <summary>Applications that own something in this namespace of whatever cluster, or deploy there and own nothing yet.</summary>
    Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> InNamespaceAsync(string name, CancellationToken ct);

    /// <summary>Reads one application and all that could undo or block a change of it. Facts are null unless the answer is Ok.</summary>
    Task<(ClusterAnswer Answer, ApplicationFacts? Facts)> InspectAsync(ApplicationRef application, CancellationToken ct);

    /// <summary>Whether <paramref name="kubernetesUser"/> may patch this application by the cluster's own RBAC; null when that cannot be asked.</summary>
    Task<bool?> CoversAsync(string kubernetesUser, ApplicationRef application, CancellationToken ct);

    /// <summary>Whether sync windows of this project may be written for us by the cluster's own RBAC; null when that cannot be asked.</summary>
    Task<bool?> CoversWindowsAsync(string project, CancellationToken ct);

    /// <summary>Whether an entry may be added for us to this ApplicationSet by the cluster's own RBAC; null when that cannot be asked.</summary>
    Task<bool?> CoversSetAsync(string ns, string set, CancellationToken ct);

    /// <summary>
    /// Stores the pause, fenced, in one patch that fails when the object is not what the plan says. Calling it again for
    /// the same operation changes nothing and answers Ok. Where the plan has an entry in a set, that is stored first, and
    /// <see cref="ClusterAnswerKind.FenceBusy"/> answered until the set has had time to see it.
    /// </summary>
    Task<ClusterAnswer> PauseAsync(AuthorizedOperation operation, CancellationToken ct);

    /// <summary>
    /// Puts back exactly what was there before the lease, if it is still ours to put back; answers
    /// <see cref="ClusterAnswerKind.Moved"/> when somebody else changed it. Calling it again answers Ok.
    /// An entry in a set goes only when the application is seen not to need it; what kept it from going is the sentence.
    /// </summary>
    Task<ClusterAnswer> EndPauseAsync(AuthorizedEnd end, CancellationToken ct);

    /// <summary>
    /// Ends this lease and leaves the pause to <paramref name="to"/>, which holds it as well: the mark names that one from
    /// then on, and nothing else is written. Answers as <see cref="EndPauseAsync"/> where it is not ours any more. Calling
    /// it again answers Ok.
    /// </summary>
    Task<ClusterAnswer> LeaveAsync(AuthorizedEnd end, Lease to, CancellationToken ct);

    /// <summary>Moves the moment written on the object, so that a lost store can be taken over rightly.</summary>
    Task<ClusterAnswer> MarkAsync(AuthorizedOperation extension, CancellationToken ct);

    /// <summary>
    /// Asks the engine to compare again. Like all that the engine carries out by itself it answers
    /// <see cref="ClusterAnswerKind.UnderWay"/> until the engine is done: called again for the same operation it looks, and
    /// writes nothing twice.
    /// </summary>
    Task<ClusterAnswer> RefreshAsync(AuthorizedOperation operation, CancellationToken ct);

    /// <summary>
    /// Has the engine apply what the plan names. Never takes the place of another operation, and inherits nothing of one;
    /// what a window still keeps waiting when the approval lapses is taken back, so that it cannot fire later.
    /// </summary>
    Task<ClusterAnswer> SyncAsync(AuthorizedOperation operation, CancellationToken ct);

    /// <summary>Ends exactly the operation that the plan names, also one that a window keeps waiting.</summary>
    Task<ClusterAnswer> TerminateAsync(AuthorizedOperation operation, CancellationToken ct);

    /// <summary>
    /// Deploys the history entry of the plan, once, behind the pause that <see cref="PauseAsync"/> stored for the same
    /// operation, be it a window: not before the engine has seen that pause and nothing older runs.
    /// </summary>
    Task<ClusterAnswer> RollBackAsync(AuthorizedOperation operation, CancellationToken ct);

    /// <summary>
    /// Stores the switch to the plan's commit in one patch that fails when the object is not what the plan says, then looks
    /// until the engine has deployed that commit: <see cref="ClusterAnswerKind.UnderWay"/> from the moment it is stored.
    /// Where its owner would take that back a window is stored instead, and behind it the commit is synced once.
    /// </summary>
    Task<ClusterAnswer> SwitchAsync(AuthorizedOperation operation, CancellationToken ct);

    /// <summary>As <see cref="EndPauseAsync"/>, for a switch: each source follows again exactly what it did.</summary>
    Task<ClusterAnswer> SwitchBackAsync(AuthorizedEnd end, CancellationToken ct);

    /// <summary>
    /// Puts back what somebody else changed, if each field is still exactly as they left it when it was taken; answers
    /// <see cref="ClusterAnswerKind.Moved"/> when not. Calling it again answers Ok.
    /// </summary>
    Task<ClusterAnswer> PutBackAsync(AuthorizedEnd end, CancellationToken ct);

    /// <summary>Overrides that carry our mark, wherever they come from.</summary>
    Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationFacts> Found)> FindOverridesAsync(CancellationToken ct);

    /// <summary>The sync windows of every project.</summary>
    Task<(ClusterAnswer Answer, IReadOnlyList<SeenWindows> Projects)> WindowsAsync(CancellationToken ct);

    /// <summary>Which applications each of these windows would hold, open or not, in their order: all are asked for at once, since it takes a list of everything.</summary>
    Task<(ClusterAnswer Answer, IReadOnlyList<IReadOnlyList<ApplicationRef>> Reaches)> ReachAsync(IReadOnlyList<(string Project, SeenWindow Window)> windows, CancellationToken ct);

    /// <summary>
    /// Applications that changed, for ever, through closed watches and expired versions; one may come twice.
    /// Ends only with <paramref name="ct"/>. Read once at a time.
    /// </summary>
    IAsyncEnumerable<ApplicationNews> WatchAsync(CancellationToken ct);

    /// <summary>How the watch does at this moment, namespace by namespace.</summary>
    IReadOnlyList<WatchState> Watches { get; }
}

public enum ClusterAnswerKind
{
    Ok,

    /// <summary>401 or 403.</summary>
    Forbidden,

    /// <summary>Deleted, and proved: a single 404 is no proof, since what follows from it is final.</summary>
    Gone,

    /// <summary>409 or 422 of a test: the object is not what it was.</summary>
    Moved,

    /// <summary>422 of the schema or of an admission policy, 400, 413, 415.</summary>
    Rejected,

    /// <summary>429: later.</summary>
    Busy,

    /// <summary>5xx, no connection: nothing happened, as far as can be told.</summary>
    Unavailable,

    /// <summary>Time-out or lost connection after sending: it may have happened.</summary>
    Unknown,

    /// <summary>A refresh from before is still waiting, so the fence cannot be set yet.</summary>
    FenceBusy,

    /// <summary>The engine has it and is not done: look again.</summary>
    UnderWay,

    /// <summary>The engine did it and it failed, perhaps half-way: something may be changed.</summary>
    Failed,
}

/// <summary>What a cluster answered, for code (<see cref="Kind"/>) and for people (<see cref="Sentence"/>).</summary>
public sealed record ClusterAnswer(ClusterAnswerKind Kind, string Sentence)
{
    public static ClusterAnswer Ok { get; } = new(ClusterAnswerKind.Ok, "done");

    /// <summary>What the cluster asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsOk => Kind == ClusterAnswerKind.Ok;

    /// <summary>What was to be taken away is not there any more, whoever did it.</summary>
    public bool IsAway => Kind is ClusterAnswerKind.Ok or ClusterAnswerKind.Gone;

    /// <summary>Trying the same again may help.</summary>
    public bool IsTransient => Kind is ClusterAnswerKind.Busy or ClusterAnswerKind.Unavailable or ClusterAnswerKind.Unknown or ClusterAnswerKind.FenceBusy;
}
