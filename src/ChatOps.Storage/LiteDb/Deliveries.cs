using ChatOps.Core.Conversation;
using ChatOps.Storage.Documents;
using LiteDB;

namespace ChatOps.Storage.LiteDb;

/// <summary>What happens to deliveries in the books.</summary>
internal static class Deliveries
{
    /// <summary>A platform stops redelivering within hours; the key is kept longer.</summary>
    public static readonly TimeSpan KeyKept = TimeSpan.FromHours(48);

    /// <summary>False when it is known already.</summary>
    public static bool Accept(Books books, Delivery delivery, HandleSeal seal)
    {
        var key = Row.Key(delivery.Key);
        if (books.Catalogue.Inbox.Find(key) is not null)
        {
            return false;
        }

        var order = ++books.State.LastDelivery;
        books.Add(
            Shelf.Inbox,
            Ids.OfDelivery(order),
            DeliveryDocument.Of(delivery, seal),
            new(Column.Key, key),
            new(Column.Order, order),
            new(Column.At, delivery.ReceivedAt.ToUnixTimeMilliseconds()),
            new(Column.Live, true));
        return true;
    }

    /// <summary>Before schema 2 the key itself was the row's id.</summary>
    public static string KeyOf(BsonDocument row) => row.TryGetValue(Column.Key, out var key) ? key.AsString : row["_id"].AsString;

    /// <summary>Done: the key stays so that a redelivery is recognised, the handle goes.</summary>
    public static void SettleAt(long now, Books books, string id)
    {
        var row = books.Find(Shelf.Inbox, id)!;
        var document = DocumentJson.Read<DeliveryDocument>(row[Row.Body].AsString, $"{Shelf.Inbox} {id}");
        books.Put(
            Shelf.Inbox,
            id,
            document with { SealedHandle = null },
            new(Column.Key, KeyOf(row)),
            new(Column.Order, row[Column.Order]),
            new(Column.At, now),
            new(Column.Live, false));
    }

    /// <summary>Forgets a bounded number of keys and alerts that are too old to come again, and of buttons that nobody can mean any more.</summary>
    public static void Forget(Books books, DateTimeOffset now, int most)
    {
        foreach (var id in books.Catalogue.Inbox.DoneBefore((now - KeyKept).ToUnixTimeMilliseconds()).Take(most).ToList())
        {
            books.Remove(Shelf.Inbox, id);
        }

        foreach (var id in books.Catalogue.Alerts.SettledBefore((now - KeyKept).ToUnixTimeMilliseconds()).Take(most).ToList())
        {
            books.Remove(Shelf.Alerts, id);
        }

        // A press on a button is still answered long after it expired ("too late").
        var expired = (now - TimeSpan.FromDays(30)).ToUnixTimeMilliseconds();
        foreach (var (_, token) in books.Catalogue.Choices.TakeWhile(choice => choice.Expires < expired).Take(most).ToList())
        {
            books.Remove(Shelf.Choices, token);
        }
    }
}
