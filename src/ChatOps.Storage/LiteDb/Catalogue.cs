using LiteDB;

namespace ChatOps.Storage.LiteDb;

/// <summary>
/// What is looked up other than by id, in memory: built from the columns of every row when the store is opened (which
/// checks each row anyway) and kept in step by the writer. The file then needs no second index that could be damaged.
/// </summary>
internal sealed class Catalogue
{
    private readonly SortedDictionary<int, bool> incidents = [];
    private readonly MessageIndex messages = new();

    public IncidentIndex Operations { get; } = new();

    public IncidentIndex Leases { get; } = new();

    public IncidentIndex Grants { get; } = new();

    public IncidentIndex Uses { get; } = new();

    public Inbox Inbox { get; } = new();

    public Outbox Outbox { get; } = new();

    public AlertIndex Alerts { get; } = new();

    /// <summary>Tokens by the moment they expire.</summary>
    public SortedSet<(long Expires, string Token)> Choices { get; } = [];

    public MessageIndex Messages => messages;

    public IEnumerable<int> Incidents(bool onlyOpen) => incidents.Where(incident => incident.Value || !onlyOpen).Select(incident => incident.Key).Reverse();

    public void Put(string shelf, BsonDocument row)
    {
        switch (shelf)
        {
            case Shelf.Incidents:
                incidents[row["_id"].AsInt32] = row[Column.Live].AsBoolean;
                break;
            case Shelf.Operations:
                Operations.Put(row["_id"].AsString, row[Column.Incident].AsInt32, row[Column.Live].AsBoolean);
                break;
            case Shelf.Leases:
                Leases.Put(row["_id"].AsString, row[Column.Incident].AsInt32, row[Column.Live].AsBoolean);
                break;
            case Shelf.Grants:
                Grants.Put(row["_id"].AsString, row[Column.Incident].AsInt32, row[Column.Live].AsBoolean);
                break;
            case Shelf.Uses:
                Uses.Put(row["_id"].AsString, row[Column.Incident].AsInt32, row[Column.Live].AsBoolean);
                break;
            case Shelf.Inbox:
                Inbox.Put(Deliveries.KeyOf(row), row["_id"].AsString, row[Column.Order].AsInt64, row[Column.At].AsInt64, row[Column.Live].AsBoolean);
                break;
            case Shelf.Choices:
                Choices.Add((row[Column.At].AsInt64, row["_id"].AsString));
                break;
            case Shelf.Messages:
                messages.Put(row["_id"].AsString, row[Column.Key].AsString, row[Column.Ref].AsString);
                break;
            case Shelf.Alerts:
                Alerts.Put(row["_id"].AsString, row[Column.At].AsInt64, row[Column.Live].AsBoolean);
                break;
            case Shelf.Outbox:
                Outbox.Put(QueuedSlot.From(row));
                break;
        }
    }

    public void Remove(string shelf, BsonDocument row)
    {
        switch (shelf)
        {
            case Shelf.Inbox:
                Inbox.Remove(Deliveries.KeyOf(row));
                break;
            case Shelf.Choices:
                Choices.Remove((row[Column.At].AsInt64, row["_id"].AsString));
                break;
            case Shelf.Alerts:
                Alerts.Remove(row["_id"].AsString);
                break;
            case Shelf.Outbox:
                Outbox.Remove(row["_id"].AsInt64);
                break;
        }
    }
}

/// <summary>Names of the columns. Part of the stored format.</summary>
internal static class Column
{
    public const string Incident = "incident";
    public const string Live = "live";
    public const string Saves = "saves";
    public const string State = "state";
    public const string Order = "order";
    public const string At = "at";
    public const string Key = "key";
    public const string Ref = "ref";
    public const string Lane = "lane";
    public const string NotBefore = "notBefore";
}
