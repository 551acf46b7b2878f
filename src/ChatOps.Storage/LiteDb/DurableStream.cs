namespace ChatOps.Storage.LiteDb;

/// <summary>
/// A file whose flush reaches the disk. LiteDB is given streams instead of paths because after a failed write it leaves
/// the files it opened itself open (litedb-org/LiteDB #2821), and because it would create them readable by everybody.
/// </summary>
internal class DurableStream(string path) : Stream
{
    // Unbuffered: what LiteDB wrote and did not flush must not be written later, when it has given the page up.
    private readonly FileStream file = PrivateFile.Create(path, FileMode.OpenOrCreate, FileShare.Read);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override void Flush() => FlushToDisk();

    public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void SetLength(long value)
    {
        try
        {
            file.SetLength(value);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new IOException(e.Message, e); // what .NET makes of a file system that allows no longer file
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => file.Write(buffer, offset, count);

    protected void FlushToDisk() => file.Flush(flushToDisk: true);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
