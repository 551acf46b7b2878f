using ChatOps.Core.Operations;
using ChatOps.Core.Records;
using ChatOps.Core.Timeline;
using ChatOps.Storage.LiteDb;

namespace ChatOps.Storage.Tests.LiteDb;

public sealed class BackupTests : IDisposable
{
    private readonly TempStore temp = new();

    private static CancellationToken Ct => CancellationToken.None;

    private string Copy => Path.Combine(temp.Directory, "backup.db");

    [Fact]
    public async Task A_backup_made_while_writing_is_whole()
    {
        using var records = temp.Open();
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var writing = Task.Run(async () =>
        {
            var incident = Some.Incident();
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                incident = incident.Record(TimelineKind.Note, "anna", "note", Some.Now, out var entry);
                await records.CommitAsync(new Changes().Save(incident with { Version = i }).Append(entry), Ct);
                started.TrySetResult();
            }
        });
        await started.Task;

        await records.BackupAsync(Copy, Ct);
        await stop.CancelAsync();
        await writing;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Copy));
        using var copy = LiteDbRecords.Open(Copy, temp.Time);
        var stored = (await copy.FindIncidentAsync(7, Ct))!;
        Assert.Empty(Chain.Faults(7, await copy.TimelineAsync(7, Ct), stored.Entries, stored.Head));
    }

    [Fact]
    public async Task A_backup_replaces_no_file()
    {
        using var records = temp.Open();
        await File.WriteAllTextAsync(Copy, "mine", Ct);

        await Assert.ThrowsAsync<StorageRefusedException>(() => records.BackupAsync(Copy, Ct));
        Assert.Equal("mine", await File.ReadAllTextAsync(Copy, Ct));
    }

    [Fact]
    public async Task A_backup_that_cannot_be_written_leaves_the_store_running()
    {
        using var records = temp.Open();

        await Assert.ThrowsAsync<StorageRefusedException>(() => records.BackupAsync("/proc/nowhere/backup.db", Ct));
        Assert.True(await records.AcceptAsync(Some.Delivery("1"), Ct));
    }

    [Fact]
    public async Task After_a_restore_nothing_old_is_posted_or_done_again()
    {
        var running = Some.Operation(Guid.CreateVersion7(Some.Now), state: OperationState.Running);
        var asked = Some.Operation(Guid.CreateVersion7(Some.Now), state: OperationState.AwaitingApproval);
        var done = Some.Operation(Guid.CreateVersion7(Some.Now), state: OperationState.Succeeded);
        var lease = Some.Lease(Guid.CreateVersion7(Some.Now)) with { FromBackup = false };
        using (var records = temp.Open())
        {
            await records.AcceptAsync(Some.Delivery("1"), Ct);
            await records.CommitAsync(new Changes().Save(Some.Incident()).Save(running).Save(asked).Save(done).Save(lease).Post(Some.Say("a")).Offer(Some.Choice("token")), Ct);
            await records.BackupAsync(Copy, Ct);
            await records.CommitAsync(new Changes().Save(Some.Incident(8)), Ct);
            Assert.Null(await records.RestoredAtAsync(Ct));
        }

        LiteDbRecords.Restore(Copy, temp.Path, Some.Now.AddHours(1));

        using (var records = temp.Open())
        {
            Assert.Empty(await records.WaitingAsync(10, Ct));
            Assert.False(await records.AcceptAsync(Some.Delivery("1"), Ct));
            Assert.Empty(await records.DueAsync(Some.Now.AddYears(1), 10, Ct));
            Assert.Null(await records.FindChoiceAsync("token", Ct));
            Assert.Empty(await records.LiveOperationsAsync(Ct));
            Assert.Equal(OperationState.Failed, (await records.FindOperationAsync(running.Id, Ct))!.State);
            Assert.Equal(OperationState.Expired, (await records.FindOperationAsync(asked.Id, Ct))!.State);
            Assert.Equal(OperationState.Succeeded, (await records.FindOperationAsync(done.Id, Ct))!.State);
            Assert.Equal([(lease.Id, true)], (await records.UnsettledLeasesAsync(Ct)).Select(unsettled => (unsettled.Id, unsettled.FromBackup)));
            Assert.Null(await records.FindIncidentAsync(8, Ct));
            Assert.Equal(101, await records.NextIncidentAsync(Ct)); // 8 was given, and nobody here knows to what
            Assert.Equal(Some.Now.AddHours(1), await records.RestoredAtAsync(Ct));
            await records.ClearRestoredAsync(Ct);
        }

        using var later = temp.Open();
        Assert.Null(await later.RestoredAtAsync(Ct));
        var aside = Assert.Single(Directory.GetFiles(temp.Directory, "*before-restore*Z.db"));
        using var old = LiteDbRecords.Open(aside, temp.Time);
        Assert.NotNull(await old.FindIncidentAsync(8, Ct));
    }

    [Fact]
    public async Task A_running_store_is_not_replaced()
    {
        using var records = temp.Open();
        await records.BackupAsync(Copy, Ct);

        var refused = Assert.Throws<StorageRefusedException>(() => LiteDbRecords.Restore(Copy, temp.Path, Some.Now));
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        Assert.True(await records.AcceptAsync(Some.Delivery("1"), Ct));
    }

    [Fact]
    public async Task A_damaged_backup_replaces_nothing()
    {
        using (var records = temp.Open())
        {
            await records.CommitAsync(new Changes().Save(Some.Incident()), Ct);
            await records.BackupAsync(Copy, Ct);
        }

        var bytes = await File.ReadAllBytesAsync(Copy, Ct);
        bytes[bytes.AsSpan().IndexOf("Checkout 500s"u8)] ^= 1;
        await File.WriteAllBytesAsync(Copy, bytes, Ct);

        Assert.Throws<StorageRefusedException>(() => LiteDbRecords.Restore(Copy, temp.Path, Some.Now));
        using var again = temp.Open();
        Assert.NotNull(await again.FindIncidentAsync(7, Ct));
    }

    [Fact]
    public async Task A_lost_store_comes_back_from_its_backup()
    {
        using (var records = temp.Open())
        {
            await records.CommitAsync(new Changes().Save(Some.Incident()), Ct);
            await records.BackupAsync(Copy, Ct);
            await records.CommitAsync(new Changes().Save(Some.Incident(8)), Ct);
        }

        File.Delete(temp.Path);
        LiteDbRecords.Restore(Copy, temp.Path, Some.Now);

        using var again = temp.Open();
        Assert.NotNull(await again.FindIncidentAsync(7, Ct));
    }

    public void Dispose() => temp.Dispose();
}
