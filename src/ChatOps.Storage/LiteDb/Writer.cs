using System.Collections.Concurrent;
using ChatOps.Core.Records;
using LiteDB;

namespace ChatOps.Storage.LiteDb;

/// <summary>
/// The one thread that writes. Everything that waits goes into one transaction and is answered after that is durable:
/// a commit costs the same two flushes to disk for one change as for a hundred.
/// </summary>
internal sealed class Writer : IDisposable
{
    private const int MostPerBatch = 256;
    private readonly BlockingCollection<Work> queue = [];
    private readonly Gate gate = new();
    private readonly StoreFile store;
    private readonly Action<Books> housekeeping;
    private readonly Thread thread;
    private readonly Bells bells = new();
    private int closed;

    public Writer(StoreFile store, Action<Books> housekeeping)
    {
        this.store = store;
        this.housekeeping = housekeeping;
        thread = new Thread(Run) { IsBackground = true, Name = "ChatOps records" };
        thread.Start();
    }

    /// <summary>Completes with the next commit that changes one of these.</summary>
    public Task ChangedAsync(BooksPart parts) => bells.NextAsync(parts);

    /// <summary>Runs inside a transaction together with others; completes when that is durable.</summary>
    public Task<bool> WriteAsync(Func<Books, bool> change, CancellationToken ct) => EnqueueAsync(new Work(change, Alone: null, ct));

    /// <summary>Runs with the file to itself, between transactions.</summary>
    public Task<bool> AloneAsync(Action<StoreFile> action, CancellationToken ct) => EnqueueAsync(new Work(Change: null, action, ct));

    /// <summary>Reads what is committed; waits for at most one batch.</summary>
    public async Task<T> ReadAsync<T>(Func<Books, T> read, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (store.Books is null)
        {
            await AloneAsync(_ => { }, ct); // the writer opens the file again, or says why it cannot
        }

        await gate.EnterReadAsync();
        try
        {
            return read(store.Books ?? throw new RecordsUnavailableException($"{store.Path} is closed."));
        }
        catch (Exception e) when (e is LiteException or IOException or DamagedException or StorageRefusedException)
        {
            throw new RecordsUnavailableException($"{store.Path} cannot be read: {e.Message}", e);
        }
        finally
        {
            gate.ExitRead();
        }
    }

    /// <summary>Finishes what waits, then closes the file.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref closed, 1) == 1)
        {
            return; // a container disposes a singleton once for each type it is registered as
        }

        queue.CompleteAdding();
        thread.Join();
        queue.Dispose();
        store.Dispose();
    }

    private Task<bool> EnqueueAsync(Work work)
    {
        work.Ct.ThrowIfCancellationRequested();
        try
        {
            queue.Add(work, CancellationToken.None);
        }
        catch (InvalidOperationException e)
        {
            throw new RecordsUnavailableException("The store is closed: the program is stopping.", e);
        }

        return work.Done.Task;
    }

    private void Run()
    {
        var batch = new List<Work>(MostPerBatch);
        foreach (var first in queue.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < MostPerBatch && batch[^1].Alone is null && queue.TryTake(out var next))
            {
                batch.Add(next);
            }

            batch.RemoveAll(work => work.IsCanceled());
            gate.EnterWrite();
            var books = store.Books;
            try
            {
                Batch(batch);
            }
#pragma warning disable CA1031 // The writer outlives everything: who waits learns what happened, the next batch tries again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                batch.ForEach(work => work.Fail(AsUnavailable(e)));
            }
            finally
            {
                gate.ExitWrite();
            }

            batch.ForEach(work => work.Complete());
            bells.Ring(books is not null && books == store.Books ? books.TakeChanged() : BooksPart.Any);
        }
    }

    private void Batch(List<Work> batch)
    {
        if (store.Books is null)
        {
            store.Reopen(batch: 0);
        }

        var changes = batch.Where(work => work.Alone is null).ToList();
        if (changes.Count > 0 && !TryTogether(changes))
        {
            changes.ForEach(work => TryTogether([work]));
        }

        foreach (var work in batch.Where(work => work.Alone is not null))
        {
            work.Run(() =>
            {
                work.Alone!(store);
                return true;
            });
        }
    }

    /// <summary>False when one of several broke half way and none of them is stored: then each is tried by itself.</summary>
    private bool TryTogether(List<Work> batch)
    {
        var books = store.Books!;
        var number = books.State.Batch + 1;
        try
        {
            var before = books.Writes;
            store.Database.BeginTrans();
            foreach (var work in batch)
            {
                var written = books.Writes;
                work.Run(() => work.Change!(books));
                if (work.Failed && books.Writes != written)
                {
                    store.Rollback();
                    return batch.Count == 1;
                }
            }

            if (books.Writes == before)
            {
                store.Database.Rollback();
                return true;
            }

            housekeeping(books);
            store.Commit(books);
        }
#pragma warning disable CA1031 // What LiteDB throws when it cannot write depends on what it was doing.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // LiteDB is closed for good after this. Open again, which also tells whether the commit made it.
            if (!store.Reopen(number))
            {
                batch.ForEach(work => work.Fail(AsUnavailable(e)));
            }

            return true;
        }

        AfterCommit();
        return true;
    }

    private void AfterCommit()
    {
        try
        {
            store.Checkpoint(always: false);
        }
        catch (Exception e) when (e is IOException or LiteException)
        {
            // Not the caller's trouble: what was committed is in the log, and the next batch tries to move it again.
        }
    }

    private RecordsUnavailableException AsUnavailable(Exception e) =>
        e as RecordsUnavailableException
        ?? new($"{store.Path} could not be written: {e.Message} {StoreChecks.SpaceLeft(store.Path)}", e);
}
