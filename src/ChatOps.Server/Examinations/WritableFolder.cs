using ChatOps.Core;

namespace ChatOps.Server.Examinations;

/// <summary>Writes a file of no length where the program will write, and takes it away again.</summary>
internal static class WritableFolder
{
    private const long LeastSpace = 256L * 1024 * 1024;

    /// <param name="setting">Whose folder it is, for the person who has to correct it.</param>
    public static Finding Probe(string setting, string folder)
    {
        // What is missing is made at the first start, in the nearest folder that exists.
        var nearest = folder;
        while (!Directory.Exists(nearest) && Path.GetDirectoryName(nearest) is { Length: > 0 } parent)
        {
            nearest = parent;
        }

        try
        {
            var probe = Path.Combine(nearest, $".chatops-doctor-{Environment.ProcessId}");
            new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            var free = new DriveInfo(nearest).AvailableFreeSpace;
            return free < LeastSpace
                ? Finding.Problem($"{setting}: only {free / (1024 * 1024)} MiB are free in {nearest}", "Make room there, or mount a larger volume: when it is full, nothing can be recorded, and so nothing is done.")
                : Finding.Good($"{setting}: {folder} can be written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Problem(
                $"{setting}: {folder} cannot be written: {e.Message}",
                "Give the folder to the user that this program runs as (in a pod: securityContext.fsGroup), and mount its volume read-write.");
        }
    }
}
