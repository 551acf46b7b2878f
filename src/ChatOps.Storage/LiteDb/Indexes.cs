using LiteDB;

namespace ChatOps.Storage.LiteDb;

/// <summary>Operations, leases or grants: which are live, and which belong to an incident.</summary>
internal sealed class IncidentIndex
{
    private readonly Dictionary<int, HashSet<string>> byIncident = [];

    public HashSet<string> Live { get; } = [];

    public void Put(string id, int incident, bool live)
    {
        if (!byIncident.TryGetValue(incident, out var ids))
        {
            byIncident[incident] = ids = [];
        }

        ids.Add(id);
        if (live)
        {
            Live.Add(id);
        }
        else
        {
            Live.Remove(id);
        }
    }

    public IEnumerable<string> Of(int incident) => byIncident.GetValueOrDefault(incident) ?? [];
}

/// <summary>Deliveries that wait, in the order they were accepted, and done ones by the moment they were done.</summary>
internal sealed class Inbox
{
    private readonly Dictionary<string, (string Id, long Order, long At)> known = [];
    private readonly SortedDictionary<long, (string Id, long At)> waiting = [];
    private readonly SortedSet<(long At, string Id)> done = [];

    public IEnumerable<string> Waiting => waiting.Values.Select(delivery => delivery.Id);

    public int Count => waiting.Count;

    public long? OldestAt => waiting.Count == 0 ? null : waiting.First().Value.At;

    /// <summary>The row of this key; null when it never came, or so long ago that it was forgotten.</summary>
    public string? Find(string key) => known.TryGetValue(key, out var row) ? row.Id : null;

    public void Put(string key, string id, long order, long at, bool waits)
    {
        Remove(key);
        known[key] = (id, order, at);
        if (waits)
        {
            waiting[order] = (id, at);
        }
        else
        {
            done.Add((at, id));
        }
    }

    public void Remove(string key)
    {
        if (known.Remove(key, out var was))
        {
            waiting.Remove(was.Order);
            done.Remove((was.At, was.Id));
        }
    }

    public IEnumerable<string> DoneBefore(long at) => done.TakeWhile(delivery => delivery.At < at).Select(delivery => delivery.Id);
}

/// <summary>Messages that exist, by our key and by the platform's id.</summary>
internal sealed class MessageIndex
{
    private readonly Dictionary<string, HashSet<string>> byKey = [];
    private readonly Dictionary<string, string> byRef = [];
    private readonly Dictionary<string, string> refs = [];

    public void Put(string id, string key, string reference)
    {
        if (refs.TryGetValue(id, out var before))
        {
            byRef.Remove(before);
        }

        refs[id] = reference;
        byRef[reference] = id;
        if (!byKey.TryGetValue(key, out var ids))
        {
            byKey[key] = ids = [];
        }

        ids.Add(id);
    }

    public IEnumerable<string> Of(string key) => byKey.GetValueOrDefault(key) ?? [];

    public string? At(string reference) => byRef.GetValueOrDefault(reference);
}
