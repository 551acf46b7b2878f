using System.Runtime.CompilerServices;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;

namespace ChatOps.Core.Reconciliation;

/// <summary>
/// An instance that the books still name and the configuration does not any more. What is left there cannot be reached,
/// which is no reason to break: it is said like any other silence, and tried again once the instance is back.
/// </summary>
internal sealed class NotConfigured(string instance) : IReconciler, IApplicationView
{
    public string Instance => instance;

    private ClusterAnswer Answer => new(ClusterAnswerKind.Unavailable, $"No Argo CD named {instance} is configured any more; put it back under ArgoCd in the configuration, at least until what is left there has ended");

    public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> ListAsync(CancellationToken ct) => Task.FromResult<(ClusterAnswer, IReadOnlyList<ApplicationRef>)>((Answer, []));

    public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> NamedAsync(string name, CancellationToken ct) => Task.FromResult<(ClusterAnswer, IReadOnlyList<ApplicationRef>)>((Answer, []));

    public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> InNamespaceAsync(string name, CancellationToken ct) => Task.FromResult<(ClusterAnswer, IReadOnlyList<ApplicationRef>)>((Answer, []));

    public Task<(ClusterAnswer Answer, ApplicationFacts? Facts)> InspectAsync(ApplicationRef application, CancellationToken ct) => Task.FromResult<(ClusterAnswer, ApplicationFacts?)>((Answer, null));

    public Task<bool?> CoversAsync(string kubernetesUser, ApplicationRef application, CancellationToken ct) => Task.FromResult<bool?>(null);

    public Task<bool?> CoversWindowsAsync(string project, CancellationToken ct) => Task.FromResult<bool?>(null);

    public Task<bool?> CoversSetAsync(string ns, string set, CancellationToken ct) => Task.FromResult<bool?>(null);

    public Task<ClusterAnswer> PauseAsync(AuthorizedOperation operation, CancellationToken ct) => Task.FromResult(Answer);

    public Task<ClusterAnswer> EndPauseAsync(AuthorizedEnd end, CancellationToken ct) => Task.FromResult(Answer);

    public Task<ClusterAnswer> LeaveAsync(AuthorizedEnd end, Lease to, CancellationToken ct) => Task.FromResult(Answer);

    public Task<ClusterAnswer> MarkAsync(AuthorizedOperation extension, CancellationToken ct) => Task.FromResult(Answer);

    public Task<ClusterAnswer> RefreshAsync(AuthorizedOperation operation, CancellationToken ct) => Task.FromResult(Answer);

    public Task<ClusterAnswer> SyncAsync(AuthorizedOperation operation, CancellationToken ct) => Task.FromResult(Answer);

    public Task<ClusterAnswer> RollBackAsync(AuthorizedOperation operation, CancellationToken ct) => Task.FromResult(Answer);

    public Task<ClusterAnswer> SwitchAsync(AuthorizedOperation operation, CancellationToken ct) => Task.FromResult(Answer);

    public Task<ClusterAnswer> SwitchBackAsync(AuthorizedEnd end, CancellationToken ct) => Task.FromResult(Answer);

    public Task<ClusterAnswer> PutBackAsync(AuthorizedEnd end, CancellationToken ct) => Task.FromResult(Answer);

    public Task<ClusterAnswer> TerminateAsync(AuthorizedOperation operation, CancellationToken ct) => Task.FromResult(Answer);

    public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationFacts> Found)> FindOverridesAsync(CancellationToken ct) => Task.FromResult<(ClusterAnswer, IReadOnlyList<ApplicationFacts>)>((Answer, []));

    public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationLine> Lines)> LinesAsync(IReadOnlyList<ApplicationRef> applications, CancellationToken ct) => Task.FromResult<(ClusterAnswer, IReadOnlyList<ApplicationLine>)>((Answer, []));

    public Task<(ClusterAnswer Answer, IReadOnlyList<Happening> Happened)> HappenedAsync(ApplicationRef application, CancellationToken ct) => Task.FromResult<(ClusterAnswer, IReadOnlyList<Happening>)>((Answer, []));

    public Task<(ClusterAnswer Answer, Deployed? Deployed)> ShowAsync(ApplicationRef application, CancellationToken ct) => Task.FromResult<(ClusterAnswer, Deployed?)>((Answer, null));

    public Task<(ClusterAnswer Answer, DriftReport? Report)> CompareAsync(ApplicationRef application, CancellationToken ct) => Task.FromResult<(ClusterAnswer, DriftReport?)>((Answer, null));

    public Task<(ClusterAnswer Answer, IReadOnlyList<SeenWindows> Projects)> WindowsAsync(CancellationToken ct) => Task.FromResult<(ClusterAnswer, IReadOnlyList<SeenWindows>)>((Answer, []));

    public Task<(ClusterAnswer Answer, IReadOnlyList<IReadOnlyList<ApplicationRef>> Reaches)> ReachAsync(IReadOnlyList<(string Project, SeenWindow Window)> windows, CancellationToken ct) => Task.FromResult<(ClusterAnswer, IReadOnlyList<IReadOnlyList<ApplicationRef>>)>((Answer, []));

    public IReadOnlyList<WatchState> Watches => [];

    public IReadOnlyList<string> NotWatched => [];

    public async IAsyncEnumerable<HandsTaken> WatchHandsAsync(Func<IReadOnlySet<ApplicationRef>> scope, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        yield break;
    }

    public async IAsyncEnumerable<ApplicationNews> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        yield break;
    }
}
