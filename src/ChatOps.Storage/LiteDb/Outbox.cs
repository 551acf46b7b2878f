using LiteDB;

namespace ChatOps.Storage.LiteDb;

/// <summary>Where one waiting post stands. A later edit of the same message takes its place under a new id.</summary>
internal sealed record QueuedSlot(long Id, long Place, string Lane, string? Key, long QueuedAt, long NotBefore)
{
    public static QueuedSlot From(BsonDocument row) => new(
        row["_id"].AsInt64,
        row[Column.Order].AsInt64,
        row[Column.Lane].AsString,
        row.TryGetValue(Column.Key, out var key) ? key.AsString : null,
        row[Column.At].AsInt64,
        row[Column.NotBefore].AsInt64);

    public IEnumerable<KeyValuePair<string, BsonValue>> Columns()
    {
        yield return new(Column.Order, Place);
        yield return new(Column.Lane, Lane);
        yield return new(Column.At, QueuedAt);
        yield return new(Column.NotBefore, NotBefore);
        if (Key is not null)
        {
            yield return new(Column.Key, Key);
        }
    }
}

/// <summary>Waiting posts in the order of their places.</summary>
internal sealed class Outbox
{
    private readonly SortedDictionary<long, QueuedSlot> places = [];
    private readonly Dictionary<long, QueuedSlot> ids = [];
    private readonly Dictionary<(string Lane, string Key), QueuedSlot> edits = [];
    private readonly Dictionary<string, SortedDictionary<long, QueuedSlot>> lanes = [];

    public IEnumerable<long> All => ids.Keys;

    public int Count => places.Count;

    public long? OldestAt => places.Count == 0 ? null : places.First().Value.QueuedAt;

    /// <summary>The waiting post of the same message in the same lane, which a newer one replaces.</summary>
    public QueuedSlot? Waiting(string lane, string key) => edits.GetValueOrDefault((lane, key));

    public QueuedSlot? Find(long id) => ids.GetValueOrDefault(id);

    public void Put(QueuedSlot slot)
    {
        Remove(slot.Id);
        places[slot.Place] = slot;
        ids[slot.Id] = slot;
        if (!lanes.TryGetValue(slot.Lane, out var lane))
        {
            lanes[slot.Lane] = lane = [];
        }

        lane[slot.Place] = slot;
        if (slot.Key is not null)
        {
            edits[(slot.Lane, slot.Key)] = slot;
        }
    }

    public void Remove(long id)
    {
        if (ids.Remove(id, out var slot))
        {
            places.Remove(slot.Place);
            lanes[slot.Lane].Remove(slot.Place);
            if (lanes[slot.Lane].Count == 0)
            {
                lanes.Remove(slot.Lane);
            }

            if (slot.Key is not null)
            {
                edits.Remove((slot.Lane, slot.Key));
            }
        }
    }

    /// <summary>The first of each lane, when its time has come: a lane never overtakes itself.</summary>
    public IEnumerable<QueuedSlot> Due(long now) => lanes.Values.Select(lane => lane.First().Value).Where(slot => slot.NotBefore <= now).OrderBy(slot => slot.Place);
}
