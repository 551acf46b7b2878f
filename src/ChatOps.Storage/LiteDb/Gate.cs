namespace ChatOps.Storage.LiteDb;

/// <summary>
/// Many read or one writes. Whoever has to wait for the writer's batch holds no thread meanwhile, and is let in after
/// that batch and before the next, so that neither side starves the other.
/// </summary>
internal sealed class Gate
{
    private readonly object sync = new();
    private readonly Queue<TaskCompletionSource> waiting = [];
    private int reading;
    private bool writing;

    public Task EnterReadAsync()
    {
        lock (sync)
        {
            if (!writing)
            {
                reading++;
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(turn);
            return turn.Task;
        }
    }

    public void ExitRead()
    {
        lock (sync)
        {
            if (--reading == 0)
            {
                Monitor.Pulse(sync);
            }
        }
    }

    /// <summary>For the one thread that writes.</summary>
    public void EnterWrite()
    {
        lock (sync)
        {
            writing = true;
            while (reading > 0)
            {
                Monitor.Wait(sync);
            }
        }
    }

    public void ExitWrite()
    {
        lock (sync)
        {
            writing = false;
            while (waiting.TryDequeue(out var turn))
            {
                reading++;
                turn.SetResult();
            }
        }
    }
}
