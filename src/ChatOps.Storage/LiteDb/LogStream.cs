namespace ChatOps.Storage.LiteDb;

/// <summary>
/// LiteDB's log, flushed where it matters and nowhere else. LiteDB 5.0 flushes after each page, keeps the failure of a
/// transaction's last page to itself, and may return from a commit before another thread of its wrote the pages. A page
/// that confirms a transaction is therefore recognised here: what belongs to it is on disk before it is written, it is on
/// disk before <see cref="AwaitConfirmed"/> returns, and a failure of either is told there.
/// </summary>
internal sealed class LogStream(string path) : DurableStream(path)
{
    private const int IsConfirmed = 18;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly object sync = new();
    private Exception? failure;
    private long confirmed;

    /// <summary>Transactions that are on disk, since this was opened.</summary>
    public long Confirmed
    {
        get
        {
            lock (sync)
            {
                return confirmed;
            }
        }
    }

    /// <summary>LiteDB's own, after every page: nothing to do here.</summary>
    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        lock (sync)
        {
            try
            {
                WritePage(buffer, offset, count);
            }
            catch (Exception e)
            {
                failure ??= e;
                throw;
            }
            finally
            {
                Monitor.PulseAll(sync);
            }
        }
    }

    /// <summary>Returns once this many transactions are on disk; throws when that will not be.</summary>
    public void AwaitConfirmed(long transactions)
    {
        lock (sync)
        {
            while (confirmed < transactions)
            {
                if (failure is not null)
                {
                    throw new IOException($"the log could not be written: {failure.Message}", failure);
                }

                if (!Monitor.Wait(sync, Patience))
                {
                    throw new IOException("the log was not written in time");
                }
            }
        }
    }

    private void WritePage(byte[] buffer, int offset, int count)
    {
        if (count != StoreChecks.PageSize || buffer[offset + IsConfirmed] == 0)
        {
            base.Write(buffer, offset, count);
            return;
        }

        FlushToDisk();
        base.Write(buffer, offset, count);
        FlushToDisk();
        confirmed++;
    }
}
