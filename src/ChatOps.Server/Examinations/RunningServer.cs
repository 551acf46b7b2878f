namespace ChatOps.Server.Examinations;

/// <summary>Whether a server has the store open: it holds a lock of the operating system on a file beside it.</summary>
internal static class RunningServer
{
    public static bool HasOpen(string store)
    {
        var held = store + ".lock";
        if (!File.Exists(held))
        {
            return false;
        }

        try
        {
            // A shared look, over at once; the server's own lock is exclusive.
            using var look = new FileStream(held, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
