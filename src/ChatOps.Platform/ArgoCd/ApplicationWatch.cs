using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>Applications of one Argo CD that changed, and how each does: each namespace is followed by itself, and none by the leave of another.</summary>
internal sealed class ApplicationWatch(ArgoCdOptions options, ApplicationList applications, ClusterApi cluster, TimeProvider time)
{
    private readonly IReadOnlyList<NamespaceWatch> watches = [.. options.AllNamespaces.Select(ns => new NamespaceWatch(options, ns, applications, cluster, time))];

    public IReadOnlyList<WatchState> States => [.. watches.Select(watch => watch.State)];

    public async IAsyncEnumerable<ApplicationNews> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var changed = Channel.CreateUnbounded<ApplicationNews>(new() { SingleReader = true });
        var loops = Task.WhenAll(watches.Select(watch => watch.FollowAsync(changed.Writer, ending.Token)));
        _ = loops.ContinueWith(done => changed.Writer.TryComplete(done.Exception), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var application in changed.Reader.ReadAllAsync(ct))
            {
                yield return application;
            }
        }
        finally
        {
            await ending.CancelAsync();
        }
    }
}
