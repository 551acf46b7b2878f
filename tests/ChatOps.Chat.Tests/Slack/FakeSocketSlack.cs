using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ChatOps.Chat.Slack.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChatOps.Chat.Tests.Slack;

/// <summary>The other end of Socket Mode: hands each socket that is opened to the test, which speaks for Slack.</summary>
internal sealed class FakeSocketSlack : IAsyncDisposable
{
    private readonly Channel<ServedSocket> opened = Channel.CreateUnbounded<ServedSocket>();
    private int count;

    public SlackHost Host { get; private set; } = null!;

    public int Opened => count;

    public SlackSocketState Health => Host.Services.GetRequiredService<SlackSocketHealth>().Now;

    public static async Task<FakeSocketSlack> StartAsync(string? socketUrl = null)
    {
        var slack = new FakeSocketSlack();
        slack.Host = await SlackHost.StartAsync(new() { ["Slack:AppToken"] = "xapp-1" }, withSecret: false, remote: server => server.Map("/link", slack.ServeAsync), prepare: fake =>
        {
            var url = socketUrl ?? $"ws://{fake.Url.Authority}/link";
            fake.On("apps.connections.open", _ => FakeSlack.Ok(new() { ["url"] = url }));
        });
        return slack;
    }

    public static JsonObject Envelope(string id, string type, JsonObject payload) => new()
    {
        ["envelope_id"] = id,
        ["type"] = type,
        ["accepts_response_payload"] = type != "events_api",
        ["payload"] = payload,
    };

    public async Task<ServedSocket> NextAsync() => await opened.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public Task StopAsync() => Host.Services.GetServices<IHostedService>().OfType<SlackSocketMode>().Single().StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        var stopping = StopAsync();
        await Host.AdvanceUntilAsync(stopping, TimeSpan.FromSeconds(1));
        await Host.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var served = new ServedSocket(socket);
        Interlocked.Increment(ref count);
        await opened.Writer.WriteAsync(served);
        await served.ReadAsync();
    }

    internal sealed class ServedSocket(WebSocket socket)
    {
        private readonly Channel<JsonObject> received = Channel.CreateUnbounded<JsonObject>();
        private readonly TaskCompletionSource closed = new();

        public Task Closed => closed.Task;

        public Task HelloAsync(int seconds = 20_000) =>
            SendAsync(new JsonObject { ["type"] = "hello", ["num_connections"] = 1, ["debug_info"] = new JsonObject { ["approximate_connection_time"] = seconds } });

        public Task SendAsync(JsonObject message, int fragments = 1) => SendTextAsync(message.ToJsonString(), fragments);

        public async Task SendTextAsync(string text, int fragments = 1)
        {
            var parts = Encoding.UTF8.GetBytes(text).Chunk((text.Length / fragments) + 1).ToList();
            for (var i = 0; i < parts.Count; i++)
            {
                await socket.SendAsync(parts[i].AsMemory(), WebSocketMessageType.Text, i == parts.Count - 1, CancellationToken.None);
            }
        }

        /// <summary>What we were told; null when the other side said goodbye.</summary>
        public async Task<JsonObject?> ReceiveAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            return await received.Reader.WaitToReadAsync(patience.Token) ? await received.Reader.ReadAsync(patience.Token) : null;
        }

        public async Task ReadAsync()
        {
            var buffer = new byte[64 * 1024];
            try
            {
                while (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } part)
                {
                    await received.Writer.WriteAsync(JsonNode.Parse(buffer.AsSpan(0, part.Count))!.AsObject());
                }

                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            }
            catch (WebSocketException)
            {
                // Torn down without a goodbye: closed all the same.
            }

            received.Writer.TryComplete();
            closed.TrySetResult();
        }
    }
}
