using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json;
using ChatOps.Chat.Slack.Posting;
using ChatOps.Chat.Slack.Receiving;
using ChatOps.Core.Conversation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Chat.Slack.Sockets;

/// <summary>
/// Hears Slack without being reachable from outside: two sockets, opened apart so that they do not end together, and each
/// replaced by a new one before it goes.
/// </summary>
internal sealed partial class SlackSocketMode(
    SlackOptions options,
    SlackWebApi api,
    SlackHosts hosts,
    SlackIntake intake,
    SlackSocketHealth health,
    TimeProvider time,
    ILogger<SlackSocketMode> logger) : BackgroundService
{
    private const int Sockets = 2;
    private const string LinkDisabled = "link_disabled";
    private const string TooMany = "too_many_websockets";

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TooManyWait = TimeSpan.FromMinutes(1);

    /// <summary>Somebody switched it off on purpose, and may switch it on again without thinking of us.</summary>
    private static readonly TimeSpan DisabledWait = TimeSpan.FromMinutes(5);

    /// <summary>A connection that ended sooner did not work, whatever Slack said when it greeted it.</summary>
    private static readonly TimeSpan WorkedFor = TimeSpan.FromSeconds(30);

    /// <summary>What Slack had already sent to the old connection still arrives there.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Sockets).Select(number => KeepAsync(Apart * number, stoppingToken)));

    private async Task KeepAsync(TimeSpan after, CancellationToken ct)
    {
        var failures = 0;
        var serving = new List<Task>();
        var relief = new Relief();
        await DelayAsync(after, ct);
        while (!ct.IsCancellationRequested)
        {
            var startedAt = time.GetUtcNow();
            var (reason, wait) = await ServeAsync(serving, relief, ct);
            if (reason == LinkDisabled)
            {
                health.Disabled();
                LogDisabled();
                wait = DisabledWait;
            }

            var worked = reason is not null && time.GetUtcNow() - startedAt >= WorkedFor || reason is "warning" or "refresh_requested";
            failures = worked ? 0 : failures + 1;
            var pause = reason == TooMany ? TooManyWait : wait ?? (worked ? TimeSpan.Zero : Backoff(failures));
            await DelayAsync(pause, ct);
            serving.RemoveAll(task => task.IsCompleted);
        }

        await Task.WhenAll(serving);
    }

    /// <summary>
    /// Opens one connection and returns when another is wanted in its place; the old one goes on until its successor
    /// serves. The reason is null when none could be opened.
    /// </summary>
    private async Task<(string? Reason, TimeSpan? Wait)> ServeAsync(List<Task> serving, Relief relief, CancellationToken ct)
    {
        var socket = new SlackSocket(intake, time, logger);
        try
        {
            var answer = await api.CallAsync(SlackMethod.OpenConnection, [], options.AppToken!, null, ct);
            if (!hosts.AllowsSocket(answer.At("url").Text(), out var url))
            {
                throw new ChatUnavailableException($"Slack named {url.Host} for the socket, which is not Slack's", null, mayHaveHappened: false);
            }

            await socket.ConnectAsync(url, ct);
        }
        catch (Exception e) when (e is ChatUnavailableException or ChatRefusedException or WebSocketException or OperationCanceledException or JsonException)
        {
            socket.Dispose();
            if (!ct.IsCancellationRequested)
            {
                health.Troubled(e.Message);
                LogNotOpened(e.Message);
            }

            return (null, (e as ChatUnavailableException)?.RetryAfter);
        }

        health.Connected(time.GetUtcNow());
        var reading = socket.ReadAsync();
        relief.Arrived();
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (ct.Register(stopping.SetResult))
        {
            await Task.WhenAny(reading, socket.Leaving, stopping.Task);
        }

        var reason = socket.Leaving.IsCompletedSuccessfully ? await socket.Leaving : "closed";
        LogLeaving(ct.IsCancellationRequested ? "stopping" : reason);
        var successor = reading.IsCompleted || reason is LinkDisabled or TooMany ? Task.CompletedTask : relief.Next;
        serving.Add(EndAsync(socket, reading, successor, ct));
        return (reason, null);
    }

    /// <summary>Make before break: reads on until the successor is greeted and what was under way has come, then closes.</summary>
    private async Task EndAsync(SlackSocket socket, Task reading, Task successor, CancellationToken ct)
    {
        using (socket)
        {
            if (!successor.IsCompleted)
            {
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
                await Task.WhenAny(reading, successor.WaitAsync(enough.Token));
                await Task.WhenAny(reading, DelayAsync(Overlap, enough.Token));
                await enough.CancelAsync();
            }

            await socket.CloseAsync();
            using var answered = new CancellationTokenSource();
            if (await Task.WhenAny(reading, DelayAsync(Overlap, answered.Token)) != reading)
            {
                socket.Abort();
            }

            await answered.CancelAsync();
            await reading;
            health.Disconnected();
        }
    }

    /// <summary>Doubles, up to a minute, and never the same for two of us.</summary>
    private static TimeSpan Backoff(int failures)
    {
        var most = Math.Min(LongestWait.TotalMilliseconds, 1000 * Math.Pow(2, Math.Min(failures - 1, 10)));
        return TimeSpan.FromMilliseconds((most / 2) + RandomNumberGenerator.GetInt32((int)(most / 2) + 1));
    }

    private async Task DelayAsync(TimeSpan delay, CancellationToken ct) =>
        await Task.Delay(delay, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(LogLevel.Warning, "No socket to Slack could be opened: {Why}")]
    private partial void LogNotOpened(string why);

    [LoggerMessage(LogLevel.Information, "A socket to Slack is being left: {Why}")]
    private partial void LogLeaving(string why);

    [LoggerMessage(LogLevel.Critical, "Socket Mode was switched off for the app; nothing is heard from Slack until it is on again; it is tried every five minutes")]
    private partial void LogDisabled();

    /// <summary>Tells the connection that is being left when its successor serves.</summary>
    private sealed class Relief
    {
        private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Next => next.Task;

        public void Arrived()
        {
            next.TrySetResult();
            next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
