namespace ChatOps.Core.Reconciliation;

/// <summary>
/// What people want to see of one engine's applications, beyond what decisions need. Reads as the bot and changes nothing;
/// like <see cref="IReconciler"/> it never throws for what a cluster may answer.
/// </summary>
public interface IApplicationView
{
    /// <summary>Name of the instance in the configuration.</summary>
    string Instance { get; }

    /// <summary>One line each. One that is gone meanwhile is left out.</summary>
    Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationLine> Lines)> LinesAsync(IReadOnlyList<ApplicationRef> applications, CancellationToken ct);

    /// <summary>Null unless the answer is Ok.</summary>
    Task<(ClusterAnswer Answer, Deployed? Deployed)> ShowAsync(ApplicationRef application, CancellationToken ct);

    /// <summary>What the engine did with it, as far as that is still told, oldest first. What may not be read is left out.</summary>
    Task<(ClusterAnswer Answer, IReadOnlyList<Happening> Happened)> HappenedAsync(ApplicationRef application, CancellationToken ct);

    /// <summary>What differs from Git, with secrets masked. Null unless the answer is Ok; whether the verdict behind it can be trusted is for the caller to judge by its facts.</summary>
    Task<(ClusterAnswer Answer, DriftReport? Report)> CompareAsync(ApplicationRef application, CancellationToken ct);

    /// <summary>
    /// What hands change in the live objects of these applications and the engine takes back, however quick it is, for as long as
    /// <paramref name="scope"/> names them; one may come twice. Ends only with <paramref name="ct"/>. Read once at a time.
    /// </summary>
    /// <param name="scope">Asked now and then; must not wait.</param>
    IAsyncEnumerable<HandsTaken> WatchHandsAsync(Func<IReadOnlySet<ApplicationRef>> scope, CancellationToken ct);

    /// <summary>Sentences: what of them cannot be watched now.</summary>
    IReadOnlyList<string> NotWatched { get; }
}

/// <summary>An application in a list, as its object says it; the state can be stale where Argo CD does not work on it.</summary>
/// <param name="AutoSync">"on", "off", "no self-heal"; what the object says, whoever wrote it.</param>
/// <param name="Trouble">Why the state cannot be believed or nothing happens, in some words; null when nothing speaks for that.</param>
public sealed record ApplicationLine(ApplicationRef Ref, string Project, SyncState Sync, string Health, string AutoSync, string? Trouble)
{
    public bool IsQuiet => Sync == SyncState.Synced && Health is "Healthy" && AutoSync == "on" && Trouble is null;
}
