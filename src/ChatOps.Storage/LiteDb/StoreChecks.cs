namespace ChatOps.Storage.LiteDb;

/// <summary>What is wrong with the files on disk, in words for the person who has to act.</summary>
internal static class StoreChecks
{
    public const int PageSize = 8192;
    private static readonly byte[] Magic = "** This is a LiteDB file **"u8.ToArray();

    public static void BeforeOpening(string path, string log, long lastBatch)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length == 0)
        {
            if (lastBatch > 0)
            {
                throw new StorageRefusedException(
                    $"{path} is {(file.Exists ? "empty" : "gone")}, and {lastBatch} batches were written to it. Put it back, or restore a backup: ChatOps.Server storage restore <file>. To begin with empty books on purpose, delete {StoreLock.PathFor(path)} too.");
            }

            if (File.Exists(log) && new FileInfo(log).Length > 0)
            {
                throw new StorageRefusedException($"{path} is gone, but its log {log} is there. Put the file back beside it, or restore a backup.");
            }

            return;
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var head = new byte[32 + Magic.Length];
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.AsSpan(32).SequenceEqual(Magic))
        {
            throw new StorageRefusedException($"{path} is not a ChatOps store, or its first page is damaged. Check Storage:LiteDb:Path, or restore a backup: ChatOps.Server storage restore <file>.");
        }

        if (file.Length % PageSize != 0 && (!File.Exists(log) || new FileInfo(log).Length == 0))
        {
            throw new StorageRefusedException($"{path} ends in the middle of a page: it was cut off. Restore the newest backup: ChatOps.Server storage restore <file>.");
        }
    }

    public static void AfterOpening(string path, long batch, long lastBatch)
    {
        if (batch < lastBatch)
        {
            throw new StorageRefusedException(
                $"{path} ends at batch {batch}, and {lastBatch} were written and acknowledged: its log was deleted, or an older copy was put in its place. Put the right files back. To go on with this one on purpose, treat it as a backup: ChatOps.Server storage restore <file>.");
        }
    }

    public static string SpaceLeft(string path)
    {
        try
        {
            var drive = new DriveInfo(Path.GetDirectoryName(path)!);
            return $"{drive.AvailableFreeSpace / (1024 * 1024)} MiB are free on {drive.Name}; make room there, nothing needs to be restarted.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "Check the space and the rights on its directory; nothing needs to be restarted.";
        }
    }
}
