using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ChatOps.Chat.Slack.Receiving;
using Microsoft.Extensions.Logging;

namespace ChatOps.Chat.Slack.Sockets;

/// <summary>
/// One connection, from Slack's greeting to its end. Payloads are handled side by side, so that the store can write what
/// waits together, and each is acknowledged on this same socket once it is stored.
/// </summary>
internal sealed partial class SlackSocket : IDisposable
{
    private const int MostAtOnce = 32;

    /// <summary>Slack ends connections after some hours and does not always say so before.</summary>
    private const double RenewAfter = 0.9;

    private static readonly TimeSpan GreetingPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(5);

    private readonly ClientWebSocket socket = new();
    private readonly SocketFrames frames;
    private readonly SlackIntake intake;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly SemaphoreSlim room = new(MostAtOnce);
    private readonly SemaphoreSlim sending = new(1);
    private readonly TaskCompletionSource<string> leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool closing;

    public SlackSocket(SlackIntake intake, TimeProvider time, ILogger logger)
    {
        (this.intake, this.time, this.logger) = (intake, time, logger);
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(10);
        socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(20);
        frames = new(socket);
    }

    /// <summary>Completes, with Slack's reason, when another connection should take over from this one.</summary>
    public Task<string> Leaving => leave.Task;

    /// <summary>Connects, and returns once Slack has said hello: before that nothing arrives here.</summary>
    public async Task ConnectAsync(Uri url, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(GreetingPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        await socket.ConnectAsync(url, either.Token);
        while (await frames.NextAsync(either.Token) is { } frame)
        {
            switch (Envelope.Read(frame))
            {
                case Envelope.Hello hello:
                    if (hello.Lasts is { } lasts)
                    {
                        _ = RenewAsync(lasts * RenewAfter, ct);
                    }

                    return;
                case Envelope.Disconnect(var reason):
                    leave.TrySetResult(reason);
                    return;
            }
        }

        throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, "closed before a greeting");
    }

    /// <summary>Reads until the connection ends, however it does, and until what was read is acknowledged.</summary>
    public async Task ReadAsync()
    {
        try
        {
            // Cancelling a read would abort the socket and lose acknowledgements; CloseAsync ends it instead.
            while (await frames.NextAsync(CancellationToken.None) is { } frame)
            {
                await HearAsync(frame);
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            LogBroken(e.Message);
        }

        await AllHandledAsync();
    }

    /// <summary>Takes nothing more, acknowledges what it has, and says goodbye.</summary>
    public async Task CloseAsync()
    {
        closing = true;
        using var patience = new CancellationTokenSource(ClosingPatience, time);
        try
        {
            await AllHandledAsync().WaitAsync(patience.Token);
            await sending.WaitAsync(patience.Token);
            try
            {
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
                }
            }
            finally
            {
                sending.Release();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            LogBroken(e.Message);
            socket.Abort();
        }
    }

    /// <summary>For an other side that does not answer a goodbye.</summary>
    public void Abort() => socket.Abort();

    public void Dispose()
    {
        socket.Dispose();
        room.Dispose();
        sending.Dispose();
    }

    private async Task HearAsync(ReadOnlyMemory<byte> frame)
    {
        Envelope envelope;
        try
        {
            envelope = Envelope.Read(frame);
        }
        catch (JsonException e)
        {
            LogBroken(e.Message);
            return;
        }

        switch (envelope)
        {
            case Envelope.Disconnect(var reason):
                leave.TrySetResult(reason);
                break;
            case Envelope.Other { Id: { } id }:
                await SendAsync(Envelope.Acknowledge(id, null));
                break;
            case Envelope.Payload payload when !closing:
                await room.WaitAsync();
                _ = HandleAsync(payload);
                break;
        }
    }

    private async Task HandleAsync(Envelope.Payload payload)
    {
        try
        {
            var ack = await intake.AcceptAsync(payload.Door, payload.Content, payload.FallbackKey, CancellationToken.None);
            if (Envelope.Acknowledge(payload, ack) is { } acknowledgement)
            {
                await SendAsync(acknowledgement);
            }
        }
#pragma warning disable CA1031 // Edge of one payload: not acknowledged, so Slack brings it again; the others must go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotAcknowledged(e, payload.Id);
        }
        finally
        {
            room.Release();
        }
    }

    private async Task SendAsync(string text)
    {
        await sending.WaitAsync();
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None);
        }
        finally
        {
            sending.Release();
        }
    }

    private async Task AllHandledAsync()
    {
        for (var i = 0; i < MostAtOnce; i++)
        {
            await room.WaitAsync();
        }

        room.Release(MostAtOnce);
    }

    private async Task RenewAsync(TimeSpan after, CancellationToken ct)
    {
        await Task.Delay(after, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        leave.TrySetResult("its time is nearly over");
    }

    [LoggerMessage(LogLevel.Information, "A socket to Slack ended: {Why}")]
    private partial void LogBroken(string why);

    [LoggerMessage(LogLevel.Error, "Envelope {EnvelopeId} was not acknowledged")]
    private partial void LogNotAcknowledged(Exception exception, string envelopeId);
}
