using ChatOps.Core.Operations;
using ChatOps.Storage.Documents;

namespace ChatOps.Storage.LiteDb;

/// <summary>
/// Puts a backup in the place of a store that nobody has open. What happened since the backup is not in it, so nothing in
/// it may be done or posted again: deliveries count as done, posts and buttons go, unfinished operations end.
/// </summary>
internal static class Restoring
{
    public static void Run(string backup, string target, DateTimeOffset now)
    {
        backup = StoreFile.Resolve(backup);
        target = StoreFile.Resolve(target);
        if (!File.Exists(backup))
        {
            throw new StorageRefusedException($"There is no file {backup} to restore.");
        }

        if (backup == target)
        {
            throw new StorageRefusedException(
                $"{target} is the store itself. To go on with it as if it were a backup, copy it (and {Path.GetFileName(StoreFile.LogOf(target))}, if it is there) to another directory and restore the copy.");
        }

        using var held = StoreLock.Take(target);
        var prepared = Path.ChangeExtension(target, ".restoring" + Path.GetExtension(target));
        var batch = Prepare(backup, prepared, now);
        MoveAside(target, now);
        if (File.Exists(StoreFile.LogOf(prepared)))
        {
            File.Move(StoreFile.LogOf(prepared), StoreFile.LogOf(target)); // what was committed last may be in it alone
        }

        File.Move(prepared, target);
        held.Remember(batch);
    }

    private static long Prepare(string backup, string prepared, DateTimeOffset now)
    {
        foreach (var old in new[] { prepared, StoreFile.LogOf(prepared), StoreLock.PathFor(prepared) })
        {
            File.Delete(old); // left by a restore that did not come to its end
        }

        FileCopy.Make(backup, prepared, overwrite: true);
        if (File.Exists(StoreFile.LogOf(backup)))
        {
            FileCopy.Make(StoreFile.LogOf(backup), StoreFile.LogOf(prepared), overwrite: true);
        }

        long batch;
        using (var store = StoreFile.Open(prepared))
        {
            store.Database.BeginTrans();
            Retire(store.Books!, now);
            store.Commit(store.Books!);
            batch = store.Books!.State.Batch;
        }

        File.Delete(StoreLock.PathFor(prepared));
        return batch;
    }

    private static void Retire(Books books, DateTimeOffset now)
    {
        foreach (var id in books.Catalogue.Inbox.Waiting.ToList())
        {
            Deliveries.SettleAt(now.ToUnixTimeMilliseconds(), books, id);
        }

        foreach (var id in books.Catalogue.Outbox.All.ToList())
        {
            books.Remove(Shelf.Outbox, id);
        }

        foreach (var (_, token) in books.Catalogue.Choices.ToList())
        {
            books.Remove(Shelf.Choices, token);
        }

        foreach (var id in books.Catalogue.Operations.Live.ToList())
        {
            End(books, books.Read<OperationDocument>(Shelf.Operations, id)!.ToOperation(), now);
        }

        foreach (var id in books.Catalogue.Leases.Live.ToList())
        {
            Step.Save(books, books.Read<LeaseDocument>(Shelf.Leases, id)!.ToLease() with { FromBackup = true });
        }

        books.State.IncidentsFrom = (Math.Max(books.Catalogue.Incidents(onlyOpen: false).FirstOrDefault(), books.State.IncidentsFrom) / 100 + 1) * 100;
        books.State.RestoredAt = now.ToUnixTimeMilliseconds();
    }

    private static void End(Books books, Operation operation, DateTimeOffset now)
    {
        var begun = operation.State == OperationState.Running;
        Step.Save(books, operation with
        {
            State = begun ? OperationState.Failed : OperationState.Expired,
            StateSince = now,
            NextAttemptAt = null,
            Outcome = begun
                ? "The books were put back from a backup: whether this was done is not known from them, only from the cluster."
                : "The books were put back from a backup: ask again.",
        });
    }

    private static void MoveAside(string target, DateTimeOffset now)
    {
        var stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", null);
        var aside = Path.ChangeExtension(target, $".before-restore-{stamp}{Path.GetExtension(target)}");
        if (File.Exists(target))
        {
            File.Move(target, aside, overwrite: false);
        }

        if (File.Exists(StoreFile.LogOf(target)))
        {
            File.Move(StoreFile.LogOf(target), StoreFile.LogOf(aside), overwrite: false);
        }
    }
}
