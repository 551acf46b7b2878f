using ChatOps.Core.Records;
using ChatOps.Storage.Documents;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Storage.Tests.LiteDb;

/// <summary>Strangers share a transaction; none may feel another's failure.</summary>
public sealed class BatchTests : IDisposable
{
    private readonly TempStore temp = new();
    private readonly HandleSeal seal = new(new byte[32]);

    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task One_change_that_breaks_after_it_wrote_takes_nobody_with_it()
    {
        using (var writer = new Writer(StoreFile.Open(temp.Path), _ => { }))
        {
            using var go = new ManualResetEventSlim();
            var holdsUp = writer.AloneAsync(_ => go.Wait(), Ct); // so that the three come into one batch
            var before = writer.WriteAsync(books => Deliveries.Accept(books, Some.Delivery("before"), seal), Ct);
            var broken = writer.WriteAsync(
                books =>
                {
                    Deliveries.Accept(books, Some.Delivery("broken"), seal);
                    throw new InvalidOperationException("half way");
                },
                Ct);
            var after = writer.WriteAsync(books => Deliveries.Accept(books, Some.Delivery("after"), seal), Ct);
            go.Set();
            await holdsUp;

            Assert.True(await before);
            Assert.Equal("half way", (await Assert.ThrowsAsync<InvalidOperationException>(() => broken)).Message);
            Assert.True(await after);
        }

        using var records = temp.Open();
        Assert.Equal(["before", "after"], (await records.WaitingAsync(10, Ct)).Select(delivery => delivery.Key));
        await records.CommitAsync(new Changes().Done(Some.Delivery("before")), Ct);
    }

    [Fact]
    public async Task Who_asks_during_a_batch_is_answered_before_the_next()
    {
        var gate = new Gate();
        gate.EnterWrite();
        var reading = gate.EnterReadAsync();
        Assert.False(reading.IsCompleted);

        gate.ExitWrite();
        await reading;
        var next = Task.Run(gate.EnterWrite);
        Assert.NotSame(next, await Task.WhenAny(next, Task.Delay(50)));

        gate.ExitRead();
        await next;
    }

    [Fact]
    public void A_transaction_that_the_log_could_not_take_is_not_called_durable()
    {
        var log = new LogStream(temp.Log);
        var page = new byte[StoreChecks.PageSize];
        log.Write(page, 0, page.Length);
        Assert.Equal(0, log.Confirmed);

        page[18] = 1; // LiteDB's mark of a transaction's last page
        log.Write(page, 0, page.Length);
        log.AwaitConfirmed(1);

        log.Dispose();
        Assert.ThrowsAny<Exception>(() => log.Write(page, 0, page.Length)); // LiteDB keeps this to itself
        Assert.Throws<IOException>(() => log.AwaitConfirmed(2));
    }

    [Fact]
    public async Task A_document_of_a_version_that_is_not_known_is_refused_and_left_alone()
    {
        using (var writer = new Writer(StoreFile.Open(temp.Path), _ => { }))
        {
            await writer.WriteAsync(
                books =>
                {
                    books.Put(Shelf.Incidents, 7, IncidentDocument.From(Some.Incident(), 1) with { Version = 2 }, new(Column.Saves, 1), new(Column.Live, true));
                    return true;
                },
                Ct);
        }

        using var records = temp.Open();
        var refused = await Assert.ThrowsAsync<RecordsUnavailableException>(() => records.FindIncidentAsync(7, Ct));
        Assert.Contains("incidents 7 is stored in version 2, and this program knows version 1", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StaleRecordException>(() => records.CommitAsync(new Changes().Save(Some.Incident()), Ct));
    }

    public void Dispose() => temp.Dispose();
}
