using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Slack.Wire;

/// <summary>One socket of the app: frames out, acknowledgements in.</summary>
internal sealed class SocketConnection(WebSocket socket, Action<string, JsonObject?> acknowledged) : IDisposable
{
    private const int LargestFrame = 1 << 20;
    private readonly SemaphoreSlim sending = new(1, 1);
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when no acknowledgement can come any more.</summary>
    public Task Closed => closed.Task;

    /// <summary>False once it was told to disconnect: no new payload goes here.</summary>
    public bool IsTakingPayloads { get; set; } = true;

    /// <summary>False when the app is gone.</summary>
    public async Task<bool> SendAsync(JsonObject frame, CancellationToken ct)
    {
        await sending.WaitAsync(ct);
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(frame.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, ct);
            return true;
        }
        catch (Exception gone) when (gone is WebSocketException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            return false;
        }
        finally
        {
            sending.Release();
        }
    }

    public async Task ReadToEndAsync(CancellationToken ct)
    {
        try
        {
            while (await ReadFrameAsync(ct) is { } frame)
            {
                Take(frame);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException)
        {
            socket.Abort();
        }
        finally
        {
            closed.TrySetResult();
        }
    }

    public async Task CloseAsync(CancellationToken ct)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct);
        }
        catch (Exception gone) when (gone is WebSocketException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            socket.Abort();
        }
    }

    /// <summary>Breaks the connection without a word, as a lost network does.</summary>
    public void Cut()
    {
        socket.Abort();
        closed.TrySetResult();
    }

    public void Dispose() => sending.Dispose();

    private async Task<string?> ReadFrameAsync(CancellationToken ct)
    {
        var frame = new ArrayBufferWriter<byte>();
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(frame.GetMemory(4096), ct);
            frame.Advance(part.Count);
            if (part.MessageType == WebSocketMessageType.Close || frame.WrittenCount > LargestFrame)
            {
                return null;
            }
        }
        while (!part.EndOfMessage);
        return Encoding.UTF8.GetString(frame.WrittenSpan);
    }

    private void Take(string frame)
    {
        try
        {
            if (JsonNode.Parse(frame) is JsonObject json && (string?)json["envelope_id"] is { } envelope)
            {
                acknowledged(envelope, json["payload"] as JsonObject);
            }
        }
        catch (JsonException)
        {
            Cut();
        }
    }
}
