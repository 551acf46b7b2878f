namespace ChatOps.Sandbox.ArgoCd;

/// <summary>Watches that only say "something changed"; the truth is then read by lists, so a missed event costs time and never correctness.</summary>
internal sealed class Doorbell(KubernetesApi api) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<(ResourceType Type, string Namespace), Task> watches = [];
    private TaskCompletionSource ring = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task NextRing
    {
        get
        {
            lock (gate)
            {
                return ring.Task;
            }
        }
    }

    public void Ring()
    {
        lock (gate)
        {
            ring.SetResult();
            ring = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Listen(IEnumerable<(ResourceType Type, string Namespace)> places)
    {
        foreach (var place in places)
        {
            watches.TryAdd(place, Task.CompletedTask);
            if (watches[place].IsCompleted)
            {
                watches[place] = WatchAsync(place.Type, place.Namespace, stopping.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(watches.Values);
        stopping.Dispose();
    }

    private async Task WatchAsync(ResourceType type, string ns, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await api.WatchAsync(type, ns, Ring, ct);
                // The wait is for a socket to come back, so it is real time even where the world's clock stands still.
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem) when (problem is HttpRequestException or IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
