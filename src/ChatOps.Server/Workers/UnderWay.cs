namespace ChatOps.Server.Workers;

/// <summary>
/// Work that is being done, one piece for each key, so that a slow one (a dead cluster takes its whole deadline) holds up
/// nobody else. What is done forgets itself under the gate that it was begun under: it cannot end before it was written down.
/// </summary>
internal sealed class UnderWay<TKey>
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Task> tasks = [];
    private TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Count
    {
        get
        {
            lock (gate)
            {
                return tasks.Count;
            }
        }
    }

    /// <summary>What is busy at this moment, as a copy.</summary>
    public IReadOnlySet<TKey> Keys
    {
        get
        {
            lock (gate)
            {
                return tasks.Keys.ToHashSet();
            }
        }
    }

    /// <summary>False when that key is busy; then nothing is begun.</summary>
    public bool TryBegin(TKey key, Func<Task> work)
    {
        lock (gate)
        {
            return !tasks.ContainsKey(key) && tasks.TryAdd(key, Task.Run(() => DoAsync(key, work)));
        }
    }

    /// <summary>Completes when the next piece ends and its key is free; taken before looking, so that none ends unseen.</summary>
    public Task EndedAsync()
    {
        lock (gate)
        {
            return ended.Task;
        }
    }

    public Task AllAreDoneAsync()
    {
        lock (gate)
        {
            return Task.WhenAll([.. tasks.Values]);
        }
    }

    private async Task DoAsync(TKey key, Func<Task> work)
    {
        try
        {
            await work();
        }
        finally
        {
            lock (gate)
            {
                tasks.Remove(key);
                ended.SetResult();
                ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
