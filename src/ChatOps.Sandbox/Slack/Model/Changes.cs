namespace ChatOps.Sandbox.Slack.Model;

/// <summary>Wakes whoever waits for something to become true in the workspace; nobody polls.</summary>
internal sealed class Changes
{
    private readonly List<Func<bool>> waiting = [];
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Version { get; private set; }

    /// <summary>Completes at the next change.</summary>
    public Task Next => next.Task;

    /// <summary>Called under the workspace's lock after each change.</summary>
    public void Announce()
    {
        Version++;
        waiting.RemoveAll(isDone => isDone());
        var announced = next;
        next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        announced.SetResult();
    }

    /// <summary>Called under the workspace's lock.</summary>
    public Task<T> Until<T>(Func<T?> look)
        where T : class
    {
        if (look() is { } already)
        {
            return Task.FromResult(already);
        }

        var seen = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add(() => seen.Task.IsCompleted || (look() is { } value && seen.TrySetResult(value)));
        return seen.Task;
    }
}
