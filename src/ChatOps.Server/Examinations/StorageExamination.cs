using ChatOps.Core;
using ChatOps.Core.Records;
using ChatOps.Storage;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Server.Examinations;

/// <summary>
/// Looks at the store without its lock, because doctor may run beside the server that has it open. A store that nobody has
/// open is copied and the copy opened, which meets everything that a start would meet and changes nothing.
/// </summary>
internal sealed class StorageExamination(string path, TimeProvider time)
{
    private readonly string store = File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : Path.GetFullPath(path);

    public IReadOnlyList<Finding> Look()
    {
        var folder = WritableFolder.Probe("Storage:LiteDb:Path", Path.GetDirectoryName(store)!);
        return folder.Ok ? [folder, Content()] : [folder];
    }

    private Finding Content()
    {
        if (RunningServer.HasOpen(store))
        {
            return Finding.Good($"{store} is in use by a running server, which checked it when it started");
        }

        return File.Exists(store) || File.Exists(Lock) ? OpenCopy() : Finding.Good($"{store} is made at the first start");
    }

    private string Lock => store + ".lock";

    private string Log => Path.ChangeExtension(store, null) + "-log" + Path.GetExtension(store);

    private Finding OpenCopy()
    {
        var folder = Directory.CreateTempSubdirectory("chatops-doctor-").FullName;
        try
        {
            foreach (var file in new[] { store, Log, Lock }.Where(File.Exists))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            using var opened = LiteDbRecords.Open(Path.Combine(folder, Path.GetFileName(store)), time);
            return Finding.Good($"{store} can be opened");
        }
        catch (Exception e) when (e is StorageRefusedException or RecordsUnavailableException or IOException or UnauthorizedAccessException)
        {
            var (what, fix) = Halves(e.Message.Replace(folder, Path.GetDirectoryName(store), StringComparison.Ordinal));
            return Finding.Problem(what, fix);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The store's refusals say first what is wrong, then what to do.</summary>
    private static (string What, string Fix) Halves(string message)
    {
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? (message, "Give the file to the user that this program runs as, or restore a backup: ChatOps.Server storage restore <file>.") : (message[..end], message[(end + 2)..]);
    }
}
