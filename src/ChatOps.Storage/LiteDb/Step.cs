using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using ChatOps.Storage.Documents;
using LiteDB;

namespace ChatOps.Storage.LiteDb;

/// <summary>
/// One change set against the books: everything is checked before anything is written, so that a stale one fails alone
/// and leaves the others of its transaction untouched.
/// </summary>
internal sealed partial class Step(Books books, Changes changes, long now, HandleSeal seal)
{
    public void Apply()
    {
        Check();
        SaveState();
        SettleDeliveries();
        SettlePosts();
        foreach (var post in changes.Posts)
        {
            Queue(post);
        }
    }

    public static void Save(Books books, Lease lease) => books.Put(
        Shelf.Leases,
        Ids.Of(lease.Id),
        LeaseDocument.From(lease, lease.Version + 1),
        new(Column.Saves, lease.Version + 1),
        new(Column.Incident, lease.Incident),
        new(Column.Live, lease.NeedsLooking));

    public static void Save(Books books, Operation operation) => books.Put(
        Shelf.Operations,
        Ids.Of(operation.Id),
        OperationDocument.From(operation, operation.Version + 1),
        new(Column.Saves, operation.Version + 1),
        new(Column.Incident, operation.Incident),
        new(Column.Live, !operation.IsTerminal),
        new(Column.State, operation.State.ToString()));

    private void Check()
    {
        foreach (var incident in changes.Incidents)
        {
            CheckVersion(books.Find(Shelf.Incidents, incident.Number), incident.Version, $"incident {incident.Number}");
        }

        foreach (var operation in changes.Operations)
        {
            var stored = books.Find(Shelf.Operations, Ids.Of(operation.Id));
            CheckVersion(stored, operation.Version, $"operation {operation.Id}");
            if (stored is not null && !stored[Column.Live].AsBoolean && stored[Column.State].AsString != operation.State.ToString())
            {
                // Not stale: reading again would not help. Whoever tries this has a bug.
                throw new InvalidOperationException($"operation {operation.Id} is {stored[Column.State].AsString} for good and cannot become {operation.State}");
            }
        }

        foreach (var lease in changes.Leases)
        {
            CheckVersion(books.Find(Shelf.Leases, Ids.Of(lease.Id)), lease.Version, $"lease {lease.Id}");
        }

        foreach (var grant in changes.Grants)
        {
            var stored = books.Find(Shelf.Grants, Ids.Of(grant.Id));
            CheckVersion(stored, grant.Version, $"grant {grant.Id}");
            if (stored is not null && stored[Column.State].AsString is nameof(GrantState.Ended) or nameof(GrantState.Void) && grant.IsLive)
            {
                throw new InvalidOperationException($"grant {grant.Id} is over for good and cannot become {grant.State}");
            }
        }

        foreach (var use in changes.Uses)
        {
            CheckVersion(books.Find(Shelf.Uses, Ids.Of(use.Grant)), use.Version, $"what was done with grant {use.Grant}");
        }

        foreach (var alert in changes.Alerts)
        {
            CheckVersion(books.Find(Shelf.Alerts, Row.Key(alert.Fingerprint)), alert.Version, $"alert {alert.Fingerprint}");
        }

        foreach (var allowance in changes.Allowances)
        {
            CheckVersion(books.Find(Shelf.Allowances, Row.Key(allowance.Of)), allowance.Version, $"the allowance of {allowance.Of}");
        }

        foreach (var baseline in changes.Baselines)
        {
            CheckVersion(books.Find(Shelf.Baselines, Row.Key(baseline.Application.ToString())), baseline.Version, $"the baseline of {baseline.Application}");
        }

        foreach (var known in changes.KnownWindows)
        {
            CheckVersion(books.Find(Shelf.Windows, Row.Key(known.Instance)), known.Version, $"the known windows of {known.Instance}");
        }

        CheckChains();
        foreach (var key in changes.DeliveriesDone)
        {
            if (books.Catalogue.Inbox.Find(Row.Key(key)) is not { } id || books.Find(Shelf.Inbox, id) is not { } delivery || !delivery[Column.Live].AsBoolean)
            {
                throw new StaleRecordException($"delivery {key}");
            }
        }

        if (changes.Choices.FirstOrDefault(choice => books.Find(Shelf.Choices, Row.Key(choice.Token)) is not null) is not null)
        {
            throw new InvalidOperationException("a button's token was offered before; tokens are never used again");
        }
    }

    private static void CheckVersion(BsonDocument? stored, int read, string what)
    {
        if ((stored is null ? 0 : stored[Column.Saves].AsInt32) != read)
        {
            throw new StaleRecordException(what);
        }
    }

    private void CheckChains()
    {
        foreach (var chain in changes.Entries.GroupBy(entry => entry.Incident))
        {
            var first = chain.First().Number;
            var before = first == 1
                ? Chain.Root(chain.Key)
                : books.Read<EntryDocument>(Shelf.Timeline, Ids.Of(chain.Key, first - 1))?.Hash;
            var expected = first;
            foreach (var entry in chain)
            {
                if (before is null || entry.Number != expected || entry.Hash != Chain.HashOf(before, entry)
                    || books.Find(Shelf.Timeline, Ids.Of(entry.Incident, entry.Number)) is not null)
                {
                    throw new StaleRecordException($"the timeline of incident {entry.Incident}");
                }

                before = entry.Hash;
                expected++;
            }
        }
    }

    private void SettleDeliveries()
    {
        foreach (var token in changes.ChoicesUsed)
        {
            books.Remove(Shelf.Choices, Row.Key(token));
        }

        foreach (var key in changes.DeliveriesDone)
        {
            Deliveries.SettleAt(now, books, books.Catalogue.Inbox.Find(Row.Key(key))!);
        }
    }

    private void SettlePosts()
    {
        foreach (var posted in changes.Posted)
        {
            books.Put(
                Shelf.Messages,
                Ids.Of(posted.Key, posted.Ref.Channel),
                PostedDocument.From(posted),
                new(Column.Key, posted.Key.Value),
                new(Column.Ref, Ids.Of(posted.Ref)));
        }

        foreach (var id in changes.PostsDone)
        {
            books.Remove(Shelf.Outbox, id);
        }

        foreach (var (id, notBefore) in changes.PostsLater)
        {
            // A post that is not there any more was replaced by a newer edit meanwhile, which has its own tries.
            if (books.Catalogue.Outbox.Find(id) is { } slot && books.Read<QueuedDocument>(Shelf.Outbox, id) is { } queued)
            {
                slot = slot with { NotBefore = notBefore.ToUnixTimeMilliseconds() };
                books.Put(Shelf.Outbox, id, queued with { Attempts = queued.Attempts + 1, NotBefore = notBefore }, slot.Columns());
            }
        }
    }

    /// <summary>
    /// An edit of a message that already waits takes its place, but under an id of its own: the older one may be on its
    /// way to the platform at this moment, and "sent" must not remove the newer one with it.
    /// </summary>
    private void Queue(Outgoing post)
    {
        var id = ++books.State.LastPost;
        var say = post as Outgoing.Say;
        var waiting = say is null ? null : books.Catalogue.Outbox.Waiting(say.Lane, say.Key.Value);
        var pinned = false;
        if (waiting is not null)
        {
            pinned = books.Read<QueuedDocument>(Shelf.Outbox, waiting.Id)?.Post is OutgoingDocument.Say { Pin: true };
            books.Remove(Shelf.Outbox, waiting.Id);
        }

        var document = OutgoingDocument.Of(say is null ? post : say with { Pin = say.Pin || pinned }, seal);
        var slot = new QueuedSlot(id, waiting?.Place ?? id, post.Lane, say?.Key.Value, waiting?.QueuedAt ?? now, waiting?.NotBefore ?? now);
        books.Put(
            Shelf.Outbox,
            id,
            new QueuedDocument(DocumentJson.Current, id, slot.Place, document, At(slot.QueuedAt), 0, At(slot.NotBefore)),
            slot.Columns());
    }

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
