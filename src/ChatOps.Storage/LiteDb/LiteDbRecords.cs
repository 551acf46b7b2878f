using ChatOps.Core.Alerts;
using ChatOps.Core.Conversation;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Core.Incidents;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using ChatOps.Storage.Documents;

namespace ChatOps.Storage.LiteDb;

/// <summary>
/// The books in one LiteDB file, for one process. Beside the file lie LiteDB's log (part of the store), the lock and the
/// key of the reply handles. Whoever can read the file reads everything that was said and decided; handles only with the key.
/// </summary>
public sealed class LiteDbRecords : IRecords, IDisposable
{
    private readonly Writer writer;
    private readonly HandleSeal seal;
    private readonly TimeProvider time;

    private LiteDbRecords(StoreFile file, HandleSeal seal, TimeProvider time)
    {
        this.seal = seal;
        this.time = time;
        writer = new Writer(file, books => Deliveries.Forget(books, time.GetUtcNow(), most: 100));
    }

    /// <summary>Opens or creates the store. Throws <see cref="StorageRefusedException"/> with what to do.</summary>
    public static LiteDbRecords Open(string path, TimeProvider time)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var opened = StoreFile.Open(path);
        try
        {
            return new(opened, HandleSeal.AtPath(opened.Path + ".key"), time);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Puts a backup in the place of a store that no process has open; the old one is kept beside it. Afterwards nothing
    /// old is posted or done again, and <see cref="RestoredAtAsync"/> tells the server to look for overrides in the cluster.
    /// </summary>
    public static void Restore(string backup, string target, DateTimeOffset now) => Restoring.Run(backup, target, now);

    /// <summary>A consistent copy while running, readable by its owner alone. Throws <see cref="StorageRefusedException"/>.</summary>
    public Task BackupAsync(string path, CancellationToken ct) => writer.AloneAsync(store => Backup.Make(store, path), ct);

    /// <summary>Set from a restore until <see cref="ClearRestoredAsync"/>.</summary>
    public Task<DateTimeOffset?> RestoredAtAsync(CancellationToken ct) =>
        writer.ReadAsync<DateTimeOffset?>(books => books.State.RestoredAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, ct);

    public Task ClearRestoredAsync(CancellationToken ct) =>
        writer.WriteAsync(
            books =>
            {
                books.State.RestoredAt = null;
                books.Touch();
                return true;
            },
            ct);

    public Task<bool> AcceptAsync(Delivery delivery, CancellationToken ct) =>
        writer.WriteAsync(books => Deliveries.Accept(books, delivery, seal), ct);

    public Task CommitAsync(Changes changes, CancellationToken ct)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return writer.WriteAsync(
            books =>
            {
                new Step(books, changes, now, seal).Apply();
                return true;
            },
            ct);
    }

    public Task<IReadOnlyList<Delivery>> WaitingAsync(int most, CancellationToken ct) =>
        ListAsync(books => books.Catalogue.Inbox.Waiting.Take(most).Select(id => books.Read<DeliveryDocument>(Shelf.Inbox, id)?.ToDelivery(seal)), ct);

    public Task<Incident?> FindIncidentAsync(int number, CancellationToken ct) => writer.ReadAsync(books => Incident(books, number), ct);

    public Task<IReadOnlyList<Incident>> IncidentsAsync(bool onlyOpen, CancellationToken ct) =>
        ListAsync(books => books.Catalogue.Incidents(onlyOpen).Select(number => Incident(books, number)), ct);

    public Task<int> NextIncidentAsync(CancellationToken ct) =>
        writer.ReadAsync(books => Math.Max(books.Catalogue.Incidents(onlyOpen: false).FirstOrDefault(), books.State.IncidentsFrom) + 1, ct);

    public Task<Incident?> FindIncidentAsync(MessageRef root, CancellationToken ct) =>
        writer.ReadAsync(
            books => Message(books, root) is { } message && IncidentNumber(message.Key) is { } number ? Incident(books, number) : null, ct);

    public Task<Operation?> FindOperationAsync(Guid id, CancellationToken ct) => writer.ReadAsync(books => Operation(books, Ids.Of(id)), ct);

    public Task<IReadOnlyList<Operation>> LiveOperationsAsync(CancellationToken ct) =>
        ListAsync(books => InOrder(books.Catalogue.Operations.Live.Select(id => Operation(books, id))), ct);

    public Task<IReadOnlyList<Operation>> OperationsAsync(int incident, CancellationToken ct) =>
        ListAsync(books => InOrder(books.Catalogue.Operations.Of(incident).Select(id => Operation(books, id))), ct);

    public Task<Lease?> FindLeaseAsync(Guid id, CancellationToken ct) => writer.ReadAsync(books => Lease(books, Ids.Of(id)), ct);

    public Task<IReadOnlyList<Lease>> UnsettledLeasesAsync(CancellationToken ct) =>
        ListAsync(books => InOrder(books.Catalogue.Leases.Live.Select(id => Lease(books, id))), ct);

    public Task<IReadOnlyList<Lease>> LeasesAsync(int incident, CancellationToken ct) =>
        ListAsync(books => InOrder(books.Catalogue.Leases.Of(incident).Select(id => Lease(books, id))), ct);

    public Task<Grant?> FindGrantAsync(Guid id, CancellationToken ct) => writer.ReadAsync(books => Grant(books, Ids.Of(id)), ct);

    public Task<IReadOnlyList<Grant>> UnsettledGrantsAsync(CancellationToken ct) =>
        ListAsync(books => InOrder(books.Catalogue.Grants.Live.Select(id => Grant(books, id))), ct);

    public Task<IReadOnlyList<Grant>> GrantsAsync(int incident, CancellationToken ct) =>
        ListAsync(books => InOrder(books.Catalogue.Grants.Of(incident).Select(id => Grant(books, id))), ct);

    public Task<GrantUse?> FindUseAsync(Guid grant, CancellationToken ct) => writer.ReadAsync(books => Use(books, Ids.Of(grant)), ct);

    public Task<IReadOnlyList<GrantUse>> LiveUsesAsync(CancellationToken ct) =>
        ListAsync(books => books.Catalogue.Uses.Live.Select(id => Use(books, id)), ct);

    public Task<Allowance?> FindAllowanceAsync(string of, CancellationToken ct) =>
        writer.ReadAsync(books => books.Read<AllowanceDocument>(Shelf.Allowances, Row.Key(of))?.ToAllowance(), ct);

    public Task<IReadOnlyList<TimelineEntry>> TimelineAsync(int incident, CancellationToken ct) =>
        ListAsync(books => books.Range<EntryDocument>(Shelf.Timeline, Ids.Of(incident, 0), Ids.Of(incident, int.MaxValue)).Select(entry => entry.ToEntry()), ct);

    public Task<IReadOnlyList<Alert>> AlertsAsync(bool onlyLive, CancellationToken ct) =>
        ListAsync(books => (onlyLive ? books.Catalogue.Alerts.Live : books.Catalogue.Alerts.All).Select(id => books.Read<AlertDocument>(Shelf.Alerts, id)?.ToAlert()), ct);

    public Task<Baseline?> FindBaselineAsync(ApplicationRef application, CancellationToken ct) =>
        writer.ReadAsync(books => books.Read<BaselineDocument>(Shelf.Baselines, Row.Key(application.ToString()))?.ToBaseline(), ct);

    public Task<KnownWindows?> FindKnownWindowsAsync(string instance, CancellationToken ct) =>
        writer.ReadAsync(books => books.Read<KnownWindowsDocument>(Shelf.Windows, Row.Key(instance))?.ToKnown(), ct);

    public Task<DateTimeOffset?> WatchedSinceAsync(string instance, CancellationToken ct) =>
        writer.ReadAsync(books => books.Read<WatchedDocument>(Shelf.Watched, Row.Key(instance))?.Since, ct);

    public Task<Choice?> FindChoiceAsync(string token, CancellationToken ct) =>
        writer.ReadAsync(books => books.Read<ChoiceDocument>(Shelf.Choices, Row.Key(token))?.ToChoice(), ct);

    public Task<PostedMessage?> FindMessageAsync(MessageKey key, Channel? channel, CancellationToken ct) =>
        writer.ReadAsync(
            books => channel is not null
                ? books.Read<PostedDocument>(Shelf.Messages, Ids.Of(key, channel))?.ToPosted()
                : books.Catalogue.Messages.Of(key.Value).Select(id => books.Read<PostedDocument>(Shelf.Messages, id)?.ToPosted()).MaxBy(posted => posted?.PostedAt),
            ct);

    public Task<PostedMessage?> FindMessageAsync(MessageRef message, CancellationToken ct) => writer.ReadAsync(books => Message(books, message), ct);

    public Task<IReadOnlyList<QueuedPost>> DueAsync(DateTimeOffset now, int most, CancellationToken ct) =>
        ListAsync(books => books.Catalogue.Outbox.Due(now.ToUnixTimeMilliseconds()).Take(most).Select(slot => Queued(books, slot.Id)), ct);

    public Task ChangedAsync(BooksPart parts) => writer.ChangedAsync(parts);

    public Task<RecordsBacklog> BacklogAsync(DateTimeOffset now, CancellationToken ct) =>
        writer.ReadAsync(
            books => new RecordsBacklog(
                books.Catalogue.Inbox.Count,
                books.Catalogue.Outbox.Count,
                AgeAt(now, books.Catalogue.Inbox.OldestAt),
                AgeAt(now, books.Catalogue.Outbox.OldestAt)),
            ct);

    public void Dispose() => writer.Dispose();

    private static Incident? Incident(Books books, int number) => books.Read<IncidentDocument>(Shelf.Incidents, number)?.ToIncident();

    private static Operation? Operation(Books books, string id) => books.Read<OperationDocument>(Shelf.Operations, id)?.ToOperation();

    private static Lease? Lease(Books books, string id) => books.Read<LeaseDocument>(Shelf.Leases, id)?.ToLease();

    private static Grant? Grant(Books books, string id) => books.Grant(id);

    private static GrantUse? Use(Books books, string id) => books.Read<UseDocument>(Shelf.Uses, id)?.ToUse();

    private static PostedMessage? Message(Books books, MessageRef message) =>
        books.Catalogue.Messages.At(Ids.Of(message)) is { } id ? books.Read<PostedDocument>(Shelf.Messages, id)?.ToPosted() : null;

    private static IEnumerable<Operation?> InOrder(IEnumerable<Operation?> operations) => operations.OrderBy(operation => operation?.RequestedAt).ThenBy(operation => operation?.Id);

    private static IEnumerable<Lease?> InOrder(IEnumerable<Lease?> leases) => leases.OrderBy(lease => lease?.StartedAt).ThenBy(lease => lease?.Id);

    private static IEnumerable<Grant?> InOrder(IEnumerable<Grant?> grants) => grants.OrderBy(grant => grant?.StartedAt).ThenBy(grant => grant?.Id);

    private static TimeSpan AgeAt(DateTimeOffset now, long? since) =>
        since is { } at ? TimeSpan.FromMilliseconds(Math.Max(0, now.ToUnixTimeMilliseconds() - at)) : TimeSpan.Zero;

    private static int? IncidentNumber(MessageKey key)
    {
        var parts = key.Value.Split('/');
        return parts is ["incident", var number] && int.TryParse(number, out var parsed) ? parsed : null;
    }

    private QueuedPost? Queued(Books books, long id) =>
        books.Read<QueuedDocument>(Shelf.Outbox, id) is { } queued
            ? new(queued.Id, queued.Post.ToOutgoing(seal), queued.QueuedAt, queued.Attempts, queued.NotBefore)
            : null;

    private Task<IReadOnlyList<T>> ListAsync<T>(Func<Books, IEnumerable<T?>> read, CancellationToken ct)
        where T : class => writer.ReadAsync<IReadOnlyList<T>>(books => [.. read(books).OfType<T>()], ct);
}
