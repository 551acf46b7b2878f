using System.Net.WebSockets;

namespace ChatOps.Chat.Slack.Sockets;

/// <summary>Whole text messages out of a web socket's fragments, none larger than we would take over HTTP.</summary>
internal sealed class SocketFrames(WebSocket socket)
{
    public const int MostBytes = 1 << 20;

    private readonly byte[] chunk = new byte[16 * 1024];

    /// <summary>Null: the other side has closed.</summary>
    public async Task<ReadOnlyMemory<byte>?> NextAsync(CancellationToken ct)
    {
        using var message = new MemoryStream();
        while (true)
        {
            var part = await socket.ReceiveAsync(chunk.AsMemory(), ct);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (message.Length + part.Count > MostBytes)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, null, ct);
                throw new WebSocketException(WebSocketError.HeaderError, $"a message of more than {MostBytes} bytes");
            }

            message.Write(chunk, 0, part.Count);
            if (part.EndOfMessage)
            {
                return message.ToArray();
            }
        }
    }
}
