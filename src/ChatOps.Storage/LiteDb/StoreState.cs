using LiteDB;

namespace ChatOps.Storage.LiteDb;

/// <summary>The one row that is written with every batch: its number, the counters, and how many rows each shelf must have.</summary>
internal sealed class StoreState
{
    private const string Id = "store";
    private readonly Dictionary<string, long> counts;

    private StoreState(Dictionary<string, long> counts) => this.counts = counts;

    public long Batch { get; set; }

    public long LastPost { get; set; }

    public long LastDelivery { get; set; }

    /// <summary>No incident gets this number or a smaller one any more: a restore lost which of them were given.</summary>
    public int IncidentsFrom { get; set; }

    /// <summary>When this store was put back from a backup, Unix milliseconds; null when it never was, or that is dealt with.</summary>
    public long? RestoredAt { get; set; }

    public static StoreState New() => new(Shelf.All.ToDictionary(shelf => shelf, _ => 0L));

    /// <summary>Read without a check, because a newer program may check differently; 0 when there is none.</summary>
    public static int SchemaOf(LiteDatabase file) =>
        file.GetCollection(Shelf.Store).FindById(Id) is { } row && row.TryGetValue("schema", out var schema) ? schema.AsInt32 : 0;

    public static StoreState? Read(LiteDatabase file)
    {
        var row = file.GetCollection(Shelf.Store).FindById(Id);
        if (row is null)
        {
            return null;
        }

        Row.Checked(row, Shelf.Store);
        return new(Shelf.All.ToDictionary(shelf => shelf, shelf => row.TryGetValue("count/" + shelf, out var count) ? count.AsInt64 : 0)) // a shelf that came later
        {
            Batch = row["batch"].AsInt64,
            LastPost = row["lastPost"].AsInt64,
            LastDelivery = row["lastDelivery"].AsInt64,
            IncidentsFrom = row.TryGetValue("incidentsFrom", out var from) ? from.AsInt32 : 0,
            RestoredAt = row.TryGetValue("restoredAt", out var at) ? at.AsInt64 : null,
        };
    }

    public long CountOf(string shelf) => counts[shelf];

    public void Count(string shelf, long change) => counts[shelf] += change;

    public void Write(LiteDatabase file)
    {
        var row = new BsonDocument { ["_id"] = Id, ["schema"] = Schema.Current, ["batch"] = Batch, ["lastPost"] = LastPost, ["lastDelivery"] = LastDelivery, ["incidentsFrom"] = IncidentsFrom };
        if (RestoredAt is { } at)
        {
            row["restoredAt"] = at;
        }

        foreach (var (shelf, count) in counts)
        {
            row["count/" + shelf] = count;
        }

        file.GetCollection(Shelf.Store).Upsert(Row.Sealed(row));
    }
}
