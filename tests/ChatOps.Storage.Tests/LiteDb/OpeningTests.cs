using ChatOps.Core.Conversation;
using ChatOps.Core.Records;
using ChatOps.Storage.LiteDb;
using LiteDB;

namespace ChatOps.Storage.Tests.LiteDb;

public sealed class OpeningTests : IDisposable
{
    private readonly TempStore temp = new();

    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task A_second_process_is_refused_and_a_killed_one_leaves_nothing_in_the_way()
    {
        using var first = ChildProcess.Start("obey", temp.Path);
        Assert.Equal("ready", await first.StandardOutput.ReadLineAsync(Ct));

        var refused = Assert.Throws<StorageRefusedException>(temp.Open);
        Assert.Contains(temp.Path + " is in use by another process", refused.Message, StringComparison.Ordinal);

        first.Kill();
        await first.WaitForExitAsync(Ct);
        temp.Open().Dispose();
    }

    [Fact]
    public void The_same_file_by_another_name_is_the_same_store()
    {
        using var first = temp.Open();
        var link = Path.Combine(temp.Directory, "link.db");
        File.CreateSymbolicLink(link, temp.Path);

        Assert.Throws<StorageRefusedException>(() => LiteDbRecords.Open(link, temp.Time));
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_new_start()
    {
        using (var records = temp.Open())
        {
            await records.AcceptAsync(Some.Delivery("1"), Ct);
            await records.CommitAsync(new Changes().Save(Some.Incident()).Post(Some.Say("a")).Offer(Some.Choice("token")), Ct);
        }

        Assert.Equal(0, File.Exists(temp.Log) ? new FileInfo(temp.Log).Length : 0);
        using var again = temp.Open();
        Assert.Equal([Some.Delivery("1")], await again.WaitingAsync(10, Ct));
        Assert.NotNull(await again.FindIncidentAsync(7, Ct));
        Assert.NotNull(await again.FindChoiceAsync("token", Ct));
        await again.CommitAsync(new Changes().Post(Some.Say("b")), Ct);
        var due = await again.DueAsync(Some.Now.AddDays(1), 10, Ct);
        await again.CommitAsync(new Changes().Sent(due[0].Id), Ct);
        Assert.True((await again.DueAsync(Some.Now.AddDays(1), 10, Ct))[0].Id > due[0].Id);
    }

    [Fact]
    public void A_newer_schema_is_refused_and_left_alone()
    {
        temp.Open().Dispose();
        Edit(store => store["schema"] = Schema.Current + 1);
        var before = File.ReadAllBytes(temp.Path);

        var refused = Assert.Throws<StorageRefusedException>(temp.Open);

        Assert.Contains("newer ChatOps", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(temp.Path));
    }

    [Fact]
    public async Task An_older_schema_is_brought_up_to_date_after_a_copy_was_made()
    {
        using (var records = temp.Open())
        {
            await records.AcceptAsync(Some.Delivery("1"), Ct);
            await records.CommitAsync(new Changes().Save(Some.Incident()).Post(Some.Say("a")), Ct);
        }

        AsSchema0();
        using (var records = temp.Open())
        {
            Assert.Equal([Some.Delivery("1")], await records.WaitingAsync(10, Ct));
            Assert.NotNull(await records.FindIncidentAsync(7, Ct));
            Assert.True(await records.AcceptAsync(Some.Delivery("2"), Ct));
            Assert.Equal(["1", "2"], (await records.WaitingAsync(10, Ct)).Select(delivery => delivery.Key));
        }

        using var copy = new LiteDatabase(temp.Path + ".schema-0");
        Assert.Equal(0, StoreState.SchemaOf(copy));
        Assert.Equal(1, copy.GetCollection(Shelf.Incidents).Count());
    }

    // Keys are hashes: as row ids they scattered every batch over the whole index.
    [Fact]
    public async Task Deliveries_lie_in_the_order_they_came_and_those_of_schema_1_under_their_keys_are_still_known()
    {
        using (var records = temp.Open())
        {
            await records.AcceptAsync(Some.Delivery("z"), Ct);
            await records.AcceptAsync(Some.Delivery("a"), Ct);
        }

        using (var file = new LiteDatabase(temp.Path))
        {
            var inbox = file.GetCollection(Shelf.Inbox);
            Assert.Equal(["z", "a"], inbox.FindAll().OrderBy(row => row["_id"]).Select(Deliveries.KeyOf));
            var rows = inbox.FindAll().ToList();
            inbox.DeleteAll();
            foreach (var row in rows)
            {
                row["_id"] = row[Column.Key];
                row.Remove(Column.Key);
                inbox.Insert(Row.Sealed(row));
            }
        }

        Edit(store => store["schema"] = 1);
        using var again = temp.Open();
        Assert.False(await again.AcceptAsync(Some.Delivery("a"), Ct));
        Assert.True(await again.AcceptAsync(Some.Delivery("b"), Ct));
        await again.CommitAsync(new Changes().Done(Some.Delivery("z")), Ct);
        Assert.Equal(["a", "b"], (await again.WaitingAsync(10, Ct)).Select(delivery => delivery.Key));
        await Assert.ThrowsAsync<StaleRecordException>(() => again.CommitAsync(new Changes().Done(Some.Delivery("z")), Ct));
        Assert.True(File.Exists(temp.Path + ".schema-1"));
    }

    [Fact]
    public async Task A_document_of_an_unknown_version_is_refused()
    {
        using (var records = temp.Open())
        {
            await records.CommitAsync(new Changes().Save(Some.Incident()), Ct);
        }

        using (var file = new LiteDatabase(temp.Path))
        {
            var row = file.GetCollection(Shelf.Incidents).FindById(7);
            row[Row.Body] = row[Row.Body].AsString.Replace("\"version\":1", "\"version\":9", StringComparison.Ordinal);
            file.GetCollection(Shelf.Incidents).Update(Row.Sealed(row));
        }

        using var again = temp.Open();
        var refused = await Assert.ThrowsAsync<RecordsUnavailableException>(() => again.FindIncidentAsync(7, Ct));
        Assert.Contains("version 9", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_log_an_older_copy_and_a_lost_file_are_noticed()
    {
        var older = temp.Path + ".older";
        temp.Open().Dispose();
        File.Copy(temp.Path, older);
        using (var records = temp.Open())
        {
            await records.AcceptAsync(Some.Delivery("1"), Ct);
        }

        File.Copy(older, temp.Path, overwrite: true);
        Assert.Contains("an older copy", Assert.Throws<StorageRefusedException>(temp.Open).Message, StringComparison.Ordinal);

        File.Delete(temp.Path);
        Assert.Contains("is gone", Assert.Throws<StorageRefusedException>(temp.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Something_else_in_its_place_is_refused_and_left_alone()
    {
        File.WriteAllText(temp.Path, new string('x', 20_000));

        Assert.Contains("is not a ChatOps store", Assert.Throws<StorageRefusedException>(temp.Open).Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 20_000), File.ReadAllText(temp.Path));
    }

    [Fact]
    public async Task Reply_handles_are_nowhere_in_the_files_and_gone_when_done()
    {
        var delivery = Some.Delivery("1");
        using (var records = temp.Open())
        {
            await records.AcceptAsync(delivery, Ct);
            await records.CommitAsync(new Changes().Post(new Outgoing.Ask(Some.Anna, delivery.Place, "secret-trigger", Some.Dialog())), Ct);
            Assert.Equal(delivery.ReplyHandle, (await records.WaitingAsync(1, Ct))[0].ReplyHandle);
        }

        foreach (var file in Directory.GetFiles(temp.Directory))
        {
            Assert.DoesNotContain("secret-", File.ReadAllText(file), StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        File.Delete(temp.Path + ".key"); // without the key the words are left, the handle is not
        using var again = temp.Open();
        Assert.Equal(delivery with { ReplyHandle = null }, (await again.WaitingAsync(1, Ct))[0]);
        await again.CommitAsync(new Changes().Done(delivery), Ct);
    }

    public void Dispose() => temp.Dispose();

    private void Edit(Action<BsonDocument> change)
    {
        using var file = new LiteDatabase(temp.Path);
        var row = file.GetCollection(Shelf.Store).FindById("store");
        change(row);
        file.GetCollection(Shelf.Store).Update(Row.Sealed(row));
        file.Checkpoint();
    }

    private void AsSchema0()
    {
        using var file = new LiteDatabase(temp.Path);
        foreach (var shelf in Shelf.All)
        {
            foreach (var row in file.GetCollection(shelf).FindAll().ToList())
            {
                row.Remove(Row.Sum);
                file.GetCollection(shelf).Update(row);
            }
        }

        file.DropCollection(Shelf.Store);
        file.Checkpoint();
        File.Delete(temp.Path + ".lock");
    }
}
