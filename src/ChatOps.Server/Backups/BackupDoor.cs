using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ChatOps.Storage;
using ChatOps.Storage.LiteDb;
using Microsoft.Extensions.Options;

namespace ChatOps.Server.Backups;

/// <summary>
/// The store belongs to one process, so a copy of it while it runs has to come from that process. Beside the store is a
/// socket that only the server's own user can open; it takes the path of a file to write and answers in one line.
/// </summary>
internal sealed partial class BackupDoor(LiteDbRecords records, IOptions<StorageOptions> storage, ILogger<BackupDoor> logger) : IHostedService, IDisposable
{
    /// <summary>Longest path that a socket may have.</summary>
    private const int MostBytes = 100;

    private readonly CancellationTokenSource stop = new();
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private Task answering = Task.CompletedTask;

    public static string PathFor(string storePath)
    {
        var beside = Path.GetFullPath(storePath) + ".sock";
        return Encoding.UTF8.GetByteCount(beside) <= MostBytes
            ? beside
            : Path.Combine(Path.GetTempPath(), $"chatops-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(beside)))[..16]}.sock");
    }

    /// <summary>
    /// Asks the server that holds the store for a copy. False when none is there to ask; throws with its sentence when it
    /// refused.
    /// </summary>
    public static bool TryBackup(string storePath, string file)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(PathFor(storePath)));
        }
        catch (SocketException)
        {
            return false;
        }

        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        stream.Write(Encoding.UTF8.GetBytes(file + "\n"));
        return reader.ReadLine() switch
        {
            "ok" => true,
            null => throw new StorageRefusedException("The running server stopped before the copy was complete. Try again."),
            var why => throw new StorageRefusedException(why),
        };
    }

    /// <summary>Listens when it returns: whoever asks a moment after the start is answered.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var path = PathFor(storage.Value.LiteDb.Path);
        File.Delete(path); // left by a killed server; the lock of the store says that there is no other
        listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        listener.Listen(backlog: 4);
        answering = Task.Run(AnswerAllAsync, CancellationToken.None); // whoever starts it may have a context that waits for the answer
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await answering;
        listener.Close();
        File.Delete(PathFor(storage.Value.LiteDb.Path));
    }

    public void Dispose()
    {
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AnswerAllAsync()
    {
        try
        {
            while (true)
            {
                using var caller = await listener.AcceptAsync(stop.Token);
                await AnswerAsync(caller, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task AnswerAsync(Socket caller, CancellationToken ct)
    {
        await using var stream = new NetworkStream(caller);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        string answer;
        try
        {
            var file = await reader.ReadLineAsync(ct);
            await records.BackupAsync(file ?? "", ct);
            answer = "ok";
        }
#pragma warning disable CA1031 // Whatever kept the copy from being made is the answer; the door stays open.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogRefused(e);
            answer = e.Message.ReplaceLineEndings(" ");
        }

        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer + "\n"), ct);
        }
        catch (IOException)
        {
            // Whoever asked has gone; the copy is where they wanted it.
        }
    }

    [LoggerMessage(LogLevel.Warning, "A copy of the store could not be made")]
    private partial void LogRefused(Exception exception);
}
