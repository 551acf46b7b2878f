using ChatOps.Core.Records;
using ChatOps.Storage;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Server.Backups;

/// <summary>The books for a command that only reads: the store itself, or, while a server holds it, a copy that it makes.</summary>
internal sealed class BooksToRead(string storePath, TimeProvider time) : IDisposable
{
    private string? folder;
    private LiteDbRecords? books;

    /// <summary>Never creates a store: a mistyped path would be answered by empty books, in which nothing is wrong.</summary>
    public IRecords Open()
    {
        if (!File.Exists(storePath))
        {
            throw new StorageRefusedException($"There is no store at {Path.GetFullPath(storePath)}. Set Storage:LiteDb:Path to the server's own.");
        }

        try
        {
            return books ??= LiteDbRecords.Open(storePath, time);
        }
        catch (StorageRefusedException) when (Copy() is { } copy)
        {
            return books = LiteDbRecords.Open(copy, time);
        }
    }

    public void Dispose()
    {
        books?.Dispose();
        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string? Copy()
    {
        folder = Directory.CreateTempSubdirectory("chatops-read-").FullName;
        var file = Path.Combine(folder, "copy.db");
        return BackupDoor.TryBackup(storePath, file) ? file : null;
    }
}
