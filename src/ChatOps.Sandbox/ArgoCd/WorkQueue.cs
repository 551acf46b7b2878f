namespace ChatOps.Sandbox.ArgoCd;

/// <summary>What is to be done when; of works that are due at the same time the one asked for first goes first.</summary>
internal sealed class WorkQueue
{
    private readonly Dictionary<string, (DateTimeOffset Due, long Order, Func<CancellationToken, Task> Work)> waiting = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private long order;

    /// <summary>A work that waits already under this name keeps the earlier of the two times.</summary>
    public void Add(string name, DateTimeOffset due, Func<CancellationToken, Task> work)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(name, out var known) || due < known.Due)
            {
                waiting[name] = (due, order++, work);
            }
        }
    }

    public DateTimeOffset? NextDue
    {
        get
        {
            lock (gate)
            {
                return waiting.Count == 0 ? null : waiting.Values.Min(entry => entry.Due);
            }
        }
    }

    public void Remove(string name)
    {
        lock (gate)
        {
            waiting.Remove(name);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            waiting.Clear();
        }
    }

    public Func<CancellationToken, Task>? TakeDue(DateTimeOffset now)
    {
        lock (gate)
        {
            var due = waiting.Where(entry => entry.Value.Due <= now).OrderBy(entry => entry.Value.Due).ThenBy(entry => entry.Value.Order).FirstOrDefault();
            if (due.Key is null)
            {
                return null;
            }

            waiting.Remove(due.Key);
            return due.Value.Work;
        }
    }
}
