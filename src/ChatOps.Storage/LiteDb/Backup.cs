using LiteDB;

namespace ChatOps.Storage.LiteDb;

/// <summary>One file with everything that is committed, checked before it counts as made.</summary>
internal static class Backup
{
    public static void Make(StoreFile store, string path)
    {
        if (File.Exists(path))
        {
            throw new StorageRefusedException($"{path} exists already. Name a new file: a backup never replaces one.");
        }

        try
        {
            store.Checkpoint(always: true);
            FileCopy.Make(store.Path, path, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageRefusedException($"The backup {path} could not be written: {e.Message} {StoreChecks.SpaceLeft(Path.GetFullPath(path))}", e);
        }

        try
        {
            Check(path);
        }
        catch (StorageRefusedException)
        {
            File.Delete(path);
            throw;
        }
    }

    private static void Check(string path)
    {
        try
        {
            using var copy = new LiteDatabase(new ConnectionString { Filename = path, ReadOnly = true });
            Books.Load(copy);
        }
#pragma warning disable CA1031 // LiteDB meets a damaged page with whatever exception that page leads to.
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new StorageRefusedException($"The backup {path} could not be read back ({e.Message}) and was deleted. Look at the disk; the running store goes on.", e);
        }
    }
}
