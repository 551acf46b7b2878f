using ChatOps.Server.Backups;
using ChatOps.Storage;
using ChatOps.Storage.LiteDb;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChatOps.Server.Tests.Backups;

public sealed class BackupDoorTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("chatops-door-").FullName;
    private LiteDbRecords records = null!;
    private BackupDoor door = null!;

    private string Store => Path.Combine(folder, "chatops.db");

    public async Task InitializeAsync()
    {
        records = LiteDbRecords.Open(Store, TimeProvider.System);
        door = new BackupDoor(records, Options.Create(new StorageOptions { LiteDb = { Path = Store } }), NullLogger<BackupDoor>.Instance);
        await door.StartAsync(CancellationToken.None);
    }

    [Fact]
    public void A_store_in_use_is_copied_by_the_process_that_holds_it()
    {
        var copy = Path.Combine(folder, "copy.db");

        Assert.True(BackupDoor.TryBackup(Store, copy));

        using var opened = LiteDbRecords.Open(copy, TimeProvider.System);
        Assert.Throws<StorageRefusedException>(() => LiteDbRecords.Open(Store, TimeProvider.System));
    }

    [Fact]
    public void A_backup_never_overwrites_a_file_and_says_so()
    {
        var taken = Path.Combine(folder, "taken.db");
        File.WriteAllText(taken, "something");

        Assert.Throws<StorageRefusedException>(() => BackupDoor.TryBackup(Store, taken));
        Assert.Equal("something", File.ReadAllText(taken));
    }

    [Fact]
    public async Task Reading_beside_a_running_server_reads_a_copy_and_leaves_nothing()
    {
        using var books = new BooksToRead(Store, TimeProvider.System);

        var read = books.Open();

        Assert.NotSame(records, read);
        Assert.Empty(await read.IncidentsAsync(onlyOpen: false, CancellationToken.None));
    }

    [Fact]
    public void Reading_where_there_is_no_store_says_so_and_makes_none()
    {
        var mistyped = Path.Combine(folder, "other", "chatops.db");
        using var books = new BooksToRead(mistyped, TimeProvider.System);

        Assert.Contains(mistyped, Assert.Throws<StorageRefusedException>(books.Open).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(mistyped)));
    }

    [Fact]
    public void Only_the_servers_own_user_may_knock()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(BackupDoor.PathFor(Store)));
        }
    }

    [Fact]
    public async Task Nobody_answers_when_no_server_runs()
    {
        await door.StopAsync(CancellationToken.None);

        Assert.False(BackupDoor.TryBackup(Store, Path.Combine(folder, "none.db")));
    }

    public async Task DisposeAsync()
    {
        await door.StopAsync(CancellationToken.None);
        door.Dispose();
        records.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
