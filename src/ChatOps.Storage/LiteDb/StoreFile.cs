using ChatOps.Core.Records;
using LiteDB;
using LiteDB.Engine;

namespace ChatOps.Storage.LiteDb;

/// <summary>
/// One opened file under its lock. Opening checks everything that can be checked and refuses with a reason; a failed
/// write closes LiteDB for good, so the file is opened again behind the same lock when it is next needed.
/// </summary>
internal sealed class StoreFile : IDisposable
{
    private const long CheckpointAt = 16 * 1024 * 1024;
    private readonly StoreLock held;
    private LiteDatabase? file;
    private DurableStream? data;
    private LogStream? log;

    private StoreFile(string path, StoreLock held)
    {
        Path = path;
        this.held = held;
    }

    public string Path { get; }

    public string LogPath => LogOf(Path);

    /// <summary>Null while the file could not be opened again after a failed write.</summary>
    public Books? Books { get; private set; }

    public LiteDatabase Database => file ?? throw new InvalidOperationException("the file is closed");

    public static StoreFile Open(string path)
    {
        path = Resolve(path);
        var store = new StoreFile(path, StoreLock.Take(path));
        try
        {
            store.OpenFile();
            return store;
        }
        catch
        {
            store.CloseFile();
            store.held.Dispose();
            throw;
        }
    }

    /// <summary>LiteDB's name for the log beside a file. Committed data may be in it alone: it is never deleted.</summary>
    public static string LogOf(string path) =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, System.IO.Path.GetFileNameWithoutExtension(path) + "-log" + System.IO.Path.GetExtension(path));

    public static string Resolve(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        return File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : path;
    }

    /// <summary>Makes what is in the open transaction durable, and remembers that it was.</summary>
    public void Commit(Books books)
    {
        books.State.Batch++;
        books.State.Write(Database);
        var before = log!.Confirmed;
        Database.Commit();
        log.AwaitConfirmed(before + 1);
        held.Remember(books.State.Batch);
    }

    /// <summary>Forgets what the open transaction did.</summary>
    public void Rollback()
    {
        Database.Rollback();
        Database.Checkpoint(); // a rollback may write too: as after opening
        Books = Books.Load(Database);
    }

    /// <summary>Moves the log into the file once it is long, or when the file is needed whole.</summary>
    public void Checkpoint(bool always)
    {
        if (log!.Length > (always ? 0 : CheckpointAt))
        {
            try
            {
                Database.Checkpoint();
            }
            catch (Exception e) when (e is IOException or LiteException)
            {
                Reopen(batch: 0); // LiteDB closes itself; what was committed is still in the log
                throw;
            }
        }
    }

    /// <summary>After a failed write: true when the batch with this number turned out to be stored after all.</summary>
    public bool Reopen(long batch)
    {
        // LiteDB itself is not closed but dropped: after a failed write that can wait for its own locks. It has nothing
        // but the streams, and they are closed.
        file = null;
        CloseFile();
        OpenFile();
        return Books!.State.Batch == batch;
    }

    public void Dispose()
    {
        try
        {
            if (file is not null)
            {
                Checkpoint(always: true);
            }
        }
        catch (Exception e) when (e is IOException or LiteException)
        {
            // The log keeps what could not be moved; the next start reads it.
        }

        CloseFile();
        held.Dispose();
    }

    private void CloseFile()
    {
        Books = null;
        try
        {
            file?.Dispose();
        }
#pragma warning disable CA1031 // LiteDB throws all sorts when it is closed after a failed write; its log has what was committed.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        file = null;
        data?.Dispose();
        log?.Dispose();
    }

    private void OpenFile()
    {
        StoreChecks.BeforeOpening(Path, LogPath, held.LastBatch);
        try
        {
            data = new DurableStream(Path);
            log = new LogStream(LogPath);
            log.SetLength(log.Length - (log.Length % StoreChecks.PageSize)); // half a page at the end was never committed
            file = new LiteDatabase(new LiteEngine(new EngineSettings
            {
                DataStream = data,
                LogStream = log,
                Collation = new Collation(127, System.Globalization.CompareOptions.Ordinal), // keys differ by case; LiteDB's default does not
            }));
            var written = file.CheckpointSize != 0;
            if (written)
            {
                file.CheckpointSize = 0; // the writer moves the log itself, never in the middle of somebody's commit
            }

            written |= Schema.BringUpToDate(file, Path, CopyBeforeMigration);
            if (written)
            {
                file.Checkpoint(); // waits for what LiteDB writes behind its back: what it confirms from here on is ours
            }

            Books = Books.Load(file);
        }
        catch (Exception e) when (e is StorageRefusedException or RecordsUnavailableException)
        {
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecordsUnavailableException($"{Path} cannot be opened: {e.Message} {StoreChecks.SpaceLeft(Path)}", e);
        }
#pragma warning disable CA1031 // LiteDB meets a damaged page with whatever exception that page leads to.
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new StorageRefusedException(
                $"{Path} is damaged ({e.Message}). Nothing was changed. Keep the file and {LogPath}, and restore the newest backup: ChatOps.Server storage restore <file>.", e);
        }

        StoreChecks.AfterOpening(Path, Books.State.Batch, held.LastBatch);
        held.Remember(Books.State.Batch);
    }

    private void CopyBeforeMigration(int schema)
    {
        Checkpoint(always: true);
        FileCopy.Make(Path, $"{Path}.schema-{schema}", overwrite: true);
    }
}
