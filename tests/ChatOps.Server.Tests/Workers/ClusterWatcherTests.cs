using System.Runtime.CompilerServices;
using ChatOps.Core.Leases;
using ChatOps.Core.Looking;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Server.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatOps.Server.Tests.Workers;

public sealed class ClusterWatcherTests
{
    [Fact]
    public async Task A_watch_that_breaks_begins_again_and_takes_nothing_with_it()
    {
        var reconciler = new Breaks(times: 3);
        var time = new Impatient();
        var leases = new LeaseWorker(new Books(), null!, null!, null!, null!, null!, time, NullLogger<LeaseWorker>.Instance);
        var concerns = new ConcernsSeen();
        using var watcher = new ClusterWatcher([reconciler], leases, new OutsideWorker(new Books(), null!, time, NullLogger<OutsideWorker>.Instance), new TroubleWorker(new Books(), null!, time, NullLogger<TroubleWorker>.Instance), new EvidenceWorker(new Books(), null!, time, NullLogger<EvidenceWorker>.Instance), concerns, new TakeOver(new Books(), null!, [], new([])), time, NullLogger<ClusterWatcher>.Instance);

        await watcher.StartAsync(CancellationToken.None);
        await reconciler.Works.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.False(watcher.ExecuteTask!.IsCompleted);
        Assert.Equal(Concern.Wrong, concerns.Of(Some.Checkout));
        await watcher.StopAsync(CancellationToken.None);
        Assert.True(watcher.ExecuteTask.IsCompletedSuccessfully);
    }

    /// <summary>Whatever is waited for has passed.</summary>
    private sealed class Impatient : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.FromMilliseconds(1), period);
    }

    /// <summary>A credential plug-in that fails as it likes.</summary>
    private sealed class Breaks(int times) : IReconciler
    {
        private int left = times;

        public TaskCompletionSource Works { get; } = new();

        public string Instance => "prod";

        public IReadOnlyList<WatchState> Watches => [];

        public async IAsyncEnumerable<ApplicationNews> WatchAsync([EnumeratorCancellation] CancellationToken ct)
        {
            if (left-- > 0)
            {
                throw new InvalidOperationException("the exec plug-in has no home");
            }

            yield return new(Some.Checkout, null) { Vitals = new() { Uid = "1", Sync = SyncState.Synced, Health = "Degraded" } };
            Works.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
        }

        public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> ListAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> NamedAsync(string name, CancellationToken ct) => throw new NotSupportedException();

        public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationRef> Applications)> InNamespaceAsync(string name, CancellationToken ct) => throw new NotSupportedException();

        public Task<(ClusterAnswer Answer, ApplicationFacts? Facts)> InspectAsync(ApplicationRef application, CancellationToken ct) => throw new NotSupportedException();

        public Task<bool?> CoversAsync(string kubernetesUser, ApplicationRef application, CancellationToken ct) => throw new NotSupportedException();

        public Task<(ClusterAnswer Answer, IReadOnlyList<SeenWindows> Projects)> WindowsAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task<(ClusterAnswer Answer, IReadOnlyList<IReadOnlyList<ApplicationRef>> Reaches)> ReachAsync(IReadOnlyList<(string Project, SeenWindow Window)> windows, CancellationToken ct) => throw new NotSupportedException();

        public Task<bool?> CoversSetAsync(string ns, string set, CancellationToken ct) => throw new NotSupportedException();

        public Task<bool?> CoversWindowsAsync(string project, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> PauseAsync(AuthorizedOperation operation, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> EndPauseAsync(AuthorizedEnd end, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> LeaveAsync(AuthorizedEnd end, Lease to, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> MarkAsync(AuthorizedOperation extension, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> RefreshAsync(AuthorizedOperation operation, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> SyncAsync(AuthorizedOperation operation, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> RollBackAsync(AuthorizedOperation operation, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> SwitchAsync(AuthorizedOperation operation, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> SwitchBackAsync(AuthorizedEnd end, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> PutBackAsync(AuthorizedEnd end, CancellationToken ct) => throw new NotSupportedException();

        public Task<ClusterAnswer> TerminateAsync(AuthorizedOperation operation, CancellationToken ct) => throw new NotSupportedException();

        public Task<(ClusterAnswer Answer, IReadOnlyList<ApplicationFacts> Found)> FindOverridesAsync(CancellationToken ct) => throw new NotSupportedException();
    }
}
