using LiteDB;

namespace ChatOps.Storage.LiteDb;

/// <summary>The version of the file's layout, and the way from each older one. Documents have versions of their own.</summary>
internal static class Schema
{
    public const int Current = 2;

    /// <summary>Throws for a file that a newer program wrote; brings an older one up to date, after a copy of it was made. True when it wrote.</summary>
    public static bool BringUpToDate(LiteDatabase file, string path, Action<int> copyFirst)
    {
        var stored = StoreState.SchemaOf(file);
        if (stored > Current)
        {
            throw new StorageRefusedException(
                $"{path} was written by a newer ChatOps (schema {stored}; this one knows {Current}). Run that version or a newer one, or restore a backup that this version made.");
        }

        if (stored == Current)
        {
            return false;
        }

        if (file.GetCollectionNames().Any())
        {
            copyFirst(stored);
        }

        file.BeginTrans();
        for (var from = stored; from < Current; from++)
        {
            From(from, file);
        }

        file.Commit();
        return true;
    }

    private static void From(int version, LiteDatabase file)
    {
        switch (version)
        {
            case 0:
                SealEveryRow(file);
                break;
            case 1:
                StoreState.Read(file)!.Write(file); // new deliveries have ids that schema 1 would take for their keys
                break;
            default:
                throw new StorageRefusedException($"There is no way from schema {version}.");
        }
    }

    /// <summary>Schema 0 (before the first release) had no checksums and no counts. An empty file passes through here as well.</summary>
    private static void SealEveryRow(LiteDatabase file)
    {
        var state = StoreState.New();
        foreach (var shelf in Shelf.All)
        {
            var rows = file.GetCollection(shelf);
            foreach (var row in rows.FindAll().ToList())
            {
                if (row.ContainsKey(Row.Sum))
                {
                    throw new DamagedException("the row that counts the others is gone"); // not old: it lost something
                }

                rows.Update(Row.Sealed(row));
                state.Count(shelf, 1);
                state.LastPost = shelf == Shelf.Outbox ? Math.Max(state.LastPost, row["_id"].AsInt64) : state.LastPost;
                state.LastDelivery = shelf == Shelf.Inbox ? Math.Max(state.LastDelivery, row[Column.Order].AsInt64) : state.LastDelivery;
            }
        }

        state.Write(file);
    }
}
