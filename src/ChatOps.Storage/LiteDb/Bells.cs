using ChatOps.Core.Records;

namespace ChatOps.Storage.LiteDb;

/// <summary>Who waits for a change of which parts; each bell rings once for all who took it.</summary>
internal sealed class Bells
{
    private readonly Lock gate = new();
    private readonly Dictionary<BooksPart, TaskCompletionSource> waiting = [];

    public Task NextAsync(BooksPart parts)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(parts, out var bell))
            {
                waiting[parts] = bell = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return bell.Task;
        }
    }

    public void Ring(BooksPart changed)
    {
        lock (gate)
        {
            foreach (var (parts, bell) in waiting.Where(bell => (bell.Key & changed) != BooksPart.None).ToList())
            {
                waiting.Remove(parts);
                bell.SetResult();
            }
        }
    }
}
