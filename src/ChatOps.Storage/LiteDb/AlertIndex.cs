namespace ChatOps.Storage.LiteDb;

/// <summary>Alerts that somebody has still to be told of or that fire, and settled ones by the moment we last heard of them.</summary>
internal sealed class AlertIndex
{
    private readonly Dictionary<string, (long At, bool Live)> known = [];
    private readonly SortedSet<(long At, string Id)> settled = [];

    public IEnumerable<string> All => known.Keys;

    public IEnumerable<string> Live => known.Where(alert => alert.Value.Live).Select(alert => alert.Key);

    public void Put(string id, long at, bool live)
    {
        Remove(id);
        known[id] = (at, live);
        if (!live)
        {
            settled.Add((at, id));
        }
    }

    public void Remove(string id)
    {
        if (known.Remove(id, out var was))
        {
            settled.Remove((was.At, id));
        }
    }

    public IEnumerable<string> SettledBefore(long at) => settled.TakeWhile(alert => alert.At < at).Select(alert => alert.Id);
}
