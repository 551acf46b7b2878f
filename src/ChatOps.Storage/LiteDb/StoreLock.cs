using System.Buffers.Binary;

namespace ChatOps.Storage.LiteDb;

/// <summary>
/// One process per store: a lock of the operating system on a file beside it, which a killed process cannot leave behind.
/// The file also carries the number of the last durable batch, so that a store that lost its end (a deleted log, an older
/// copy put in its place) is noticed instead of continued.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream file;

    private StoreLock(FileStream file) => this.file = file;

    public static StoreLock Take(string storePath)
    {
        var path = PathFor(storePath);
        try
        {
            return new(PrivateFile.Create(path, FileMode.OpenOrCreate));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageRefusedException($"{path} cannot be written: {e.Message} Give the directory to the user that this program runs as.", e);
        }
        catch (IOException e)
        {
            throw new StorageRefusedException(
                $"{storePath} is in use by another process, or its lock {path} cannot be taken ({e.Message}). One store, one process: stop the other one. The lock goes with its process, so there is nothing to delete.", e)
            { IsInUse = true };
        }
    }

    public static string PathFor(string storePath) => storePath + ".lock";

    /// <summary>0 when nothing was ever written.</summary>
    public long LastBatch
    {
        get
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            return RandomAccess.Read(file.SafeFileHandle, bytes, 0) == bytes.Length ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;
        }
    }

    /// <summary>Not flushed to disk: after a power cut it may be behind the store, which is harmless; it is never ahead of it.</summary>
    public void Remember(long batch)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, batch);
        RandomAccess.Write(file.SafeFileHandle, bytes, 0);
    }

    public void Dispose() => file.Dispose();
}
