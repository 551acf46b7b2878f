namespace ChatOps.Core.Reconciliation;

public enum SyncState
{
    Synced,
    OutOfSync,
    Unknown,
}

public enum OwnerKind
{
    /// <summary>Nobody takes changes of the application object back.</summary>
    None,

    /// <summary>An ApplicationSet generated it.</summary>
    Set,

    /// <summary>Another application manages it (app of apps).</summary>
    Parent,

    /// <summary>Something else applies it (Flux, Helm, Terraform …), as managedFields tell.</summary>
    Other,
}

/// <summary>Who else could take a change of the application object back.</summary>
public sealed record Owner(OwnerKind Kind, string Name)
{
    public static Owner Nobody { get; } = new(OwnerKind.None, "");
}

/// <summary>An operation that the engine runs or waits to run.</summary>
public sealed record Flight(bool Automated, string By, DateTimeOffset? StartedAt, bool WaitsToRetry, string Phase, string Message, IReadOnlyList<string> Resources)
{
    /// <summary>It started by itself, and a sync window keeps it from doing anything: asked again at every step, so it does nothing while that is open.</summary>
    public bool KeptByWindow { get; init; }

    /// <summary>It says that a sync window blocks it, whoever began it. One that a window lets through says so as well, at its start, for some milliseconds.</summary>
    public bool SaysBlocked { get; init; }

    /// <summary>It leaves alone what the application is told to ignore: said when it began, and not changed by what is written later.</summary>
    public bool Respects { get; init; }

    /// <summary>Hash of what is on the object, which tells it from another one that is written over it; empty where nothing is.</summary>
    public string Written { get; init; } = "";

    /// <summary>What tells it from another one, and from itself at another moment.</summary>
    public OperationSeen Seen { get; init; } = new(StartedAt, null, Phase, 0);
}

/// <summary>
/// An operation as the engine told it at one moment, in the engine's own words and by its own clock: to be compared with
/// another look and never with our time. <see cref="None"/> when there was none.
/// </summary>
public sealed record OperationSeen(DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string Phase, int Heals)
{
    public static OperationSeen None { get; } = new(null, null, "", 0);
}

/// <summary>Something that keeps the engine from reconciling although nobody paused it, and what to do about it.</summary>
public sealed record Blocker(BlockerKind Kind, string Sentence, string Instead);

public enum BlockerKind
{
    LastSyncFailed,
    CannotRender,
    DenyWindow,
    InactiveAllowWindow,
    MalformedWindow,
    SkipReconcile,
    RollingSync,
    AutoSyncOff,
}

/// <summary>
/// Everything about one application that decisions need, read in one go. Facts carry no verdict: what they mean is
/// decided by pure functions.
/// </summary>
public sealed record ApplicationFacts
{
    public required ApplicationRef Ref { get; init; }

    public required string Uid { get; init; }

    public required string Project { get; init; }

    /// <summary>Configured name of the destination cluster, or its address when it is not configured.</summary>
    public required string Cluster { get; init; }

    public required string DestinationNamespace { get; init; }

    /// <summary>Namespaces that resources of the application live in, as the engine lists them.</summary>
    public IReadOnlyList<string> ResourceNamespaces { get; init; } = [];

    /// <summary>Resources that live in no namespace, as kind/name.</summary>
    public IReadOnlyList<string> ClusterScoped { get; init; } = [];

    public required SyncState Sync { get; init; }

    public required string Health { get; init; }

    /// <summary>Commit last compared, null when nothing could be rendered.</summary>
    public string? Revision { get; init; }

    /// <summary>Branch, tag or commit the application follows, one per source.</summary>
    public required IReadOnlyList<string> TargetRevisions { get; init; }

    /// <summary>The value at <c>/spec/syncPolicy/automated</c>.</summary>
    public required JsonValueAt Automated { get; init; }

    public required bool AutoSyncOn { get; init; }

    public required bool SelfHealOn { get; init; }

    public required Owner Owner { get; init; }

    public Flight? Flight { get; init; }

    /// <summary>The last finished operation; tells which resources a revert touched.</summary>
    public Flight? LastOperation { get; init; }

    public DateTimeOffset? LastOperationFinishedAt { get; init; }

    /// <summary>When self-heal would act next if something drifts or has drifted; null when it would not.</summary>
    public DateTimeOffset? NextRevert { get; init; }

    /// <summary>A refresh is asked for and the controller has not answered it yet.</summary>
    public required bool RefreshPending { get; init; }

    public required IReadOnlyList<Blocker> Blockers { get; init; }

    /// <summary>Its project, or a global one that reaches it, where that could not be read: what their windows hold back is not known.</summary>
    public IReadOnlyList<string> UnreadProjects { get; init; } = [];

    /// <summary>Every window of its project, and of the global ones that reach it, as JSON: the text tells one from another.</summary>
    public IReadOnlyList<string> ProjectWindows { get; init; } = [];

    /// <summary>How a pause of it is made so that its owner does not take it back.</summary>
    public PauseWay Way { get; init; } = PauseWay.Unowned;

    /// <summary>Whether another revision that is written into it stays there; its mechanism says nothing but that.</summary>
    public PauseWay RevisionWay { get; init; } = PauseWay.UnownedRevision;

    /// <summary>What a deny window would do where one of the ways above does not hold; null where both do, and where the project could not be read.</summary>
    public WindowFacts? Window { get; init; }

    /// <summary>The set that takes a pause of it back and would leave it alone by an entry of ours; null where there is none.</summary>
    public SetFacts? Set { get; init; }

    /// <summary>Field manager that wrote the list of windows of its project last; null when nobody or unknown.</summary>
    public string? WindowsManager { get; init; }

    /// <summary>A window of ours keeps the engine from syncing it by itself, whatever its own field says.</summary>
    public bool IsHeldByWindow => OpenWindows.Any();

    public PauseMechanism Mechanism
    {
        get => Way.Mechanism;
        init => Way = Way with { Mechanism = value };
    }

    public bool Deleting { get; init; }

    /// <summary>Where it comes from, one entry per source.</summary>
    public IReadOnlyList<SourceFacts> Sources { get; init; } = [];

    /// <summary>What decides about operations.</summary>
    public SyncFacts Syncing { get; init; } = SyncFacts.None;

    /// <summary>What it is told to leave alone.</summary>
    public RuleFacts Rules { get; init; } = RuleFacts.None;

    /// <summary>The override of ours that the object itself carries.</summary>
    public OverrideMark? Mark { get; init; }

    /// <summary>Windows of ours in its project that name it, the open ones first: each incident that holds it so has its own.</summary>
    public IReadOnlyList<OverrideMark> OurWindows { get; init; } = [];

    /// <summary>Every override of ours that it or its project tells of, each once.</summary>
    public IEnumerable<OverrideMark> Marks => Mark is { } mark ? OurWindows.Where(window => window.Operation != mark.Operation).Prepend(mark) : OurWindows;

    /// <summary>The windows of ours that keep the engine from it now.</summary>
    public IEnumerable<OverrideMark> OpenWindows => Marks.Where(mark => mark is { Window.IsOpen: true });

    /// <summary>Field manager that wrote the pause field last, and when; null when nobody or unknown.</summary>
    public string? PauseFieldManager { get; init; }

    public DateTimeOffset? PauseFieldWrittenAt { get; init; }

    /// <summary>The same hand, and whether it is the owner's.</summary>
    public FieldHand? AutoSyncHand { get; init; }

    /// <summary>What its owner says of <see cref="Automated"/>, for where that was taken out.</summary>
    public OwnersWord OwnerOfAutomated { get; init; }

    /// <summary>When the parent application began its last whole comparison, where that found nothing to do about this one; null where it did, or nobody is a parent.</summary>
    public DateTimeOffset? ParentFoundSyncedAt { get; init; }

    /// <summary>Null where the engine is not told to ignore it.</summary>
    public SkipFacts? Skip { get; init; }

    public Uri? Link { get; init; }

    /// <summary>When these facts were read.</summary>
    public required DateTimeOffset ReadAt { get; init; }
}

/// <summary>What our annotations on an object say: enough to take an override over when the store has lost it.</summary>
/// <param name="KubernetesUser">Who wrote it and may undo it.</param>
public sealed record OverrideMark(int Incident, Guid Operation, DateTimeOffset ExpiresAt, JsonValueAt Before, string KubernetesUser)
{
    /// <summary>The engine's operation as it was when the override was written; null when that was not noted.</summary>
    public OperationSeen? Last { get; init; }

    /// <summary>Of a switch to a branch: where to, and the way back. Null: it is a pause.</summary>
    public Revisions.HeldBranch? Branch { get; init; }

    /// <summary>Of a pause of only some fields: which. Everything else is put back as ever.</summary>
    public HeldFields? Only { get; init; }

    /// <summary>Of a pause that a deny window of its project holds: that window, which carries the mark.</summary>
    public HeldWindow? Window { get; init; }

    /// <summary>That operation was ended with the override.</summary>
    public bool EndedLast { get; init; }

    /// <summary>It waited for its next try, and never came to it.</summary>
    public bool EndedWhileWaiting => EndedLast && Last is { FinishedAt: not null };
}

/// <summary>A window of ours, as it is in the cluster.</summary>
/// <param name="IsOpen">It is open now and denies this application: not so before its beginning, after its end, or when somebody edited it.</param>
public sealed record HeldWindow(string Project, bool IsOpen);
