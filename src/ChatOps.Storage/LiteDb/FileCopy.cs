namespace ChatOps.Storage.LiteDb;

/// <summary>Copies that are on disk, and readable by their owner alone, before they have their name.</summary>
internal static class FileCopy
{
    public static void Make(string from, string to, bool overwrite)
    {
        var half = to + ".part";
        try
        {
            using (var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            using (var target = PrivateFile.Create(half))
            {
                source.CopyTo(target);
                target.Flush(flushToDisk: true);
            }

            File.Move(half, to, overwrite);
        }
        finally
        {
            File.Delete(half);
        }
    }
}
