using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Wire;

namespace ChatOps.Sandbox.Tests.Slack;

public sealed class SocketModeTests
{
    private const string Incident = SampleWorkspace.IncidentChannel;

    [Fact]
    public async Task A_ticket_opens_one_socket_which_says_hello()
    {
        await using var bench = await SocketsAsync();
        var url = await UrlAsync(bench);
        using var socket = await ConnectAsync(url);

        var hello = await ReadAsync(socket);

        Assert.Equal(("hello", 1), ((string?)hello["type"], (int?)hello["num_connections"]));
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(url));
    }

    [Fact]
    public async Task A_command_comes_as_JSON_and_the_acknowledgements_payload_is_its_answer()
    {
        await using var bench = await SocketsAsync();
        using var socket = await HelloAsync(bench);

        var command = bench.Slack.As("alice").CommandAsync("/incident", "status", Incident);
        var envelope = await ReadAsync(socket);
        await AcknowledgeAsync(socket, envelope, new JsonObject { ["text"] = "all quiet" });
        await command;

        Assert.Equal("slash_commands", (string?)envelope["type"]);
        Assert.True((bool?)envelope["accepts_response_payload"]);
        Assert.Equal("status", (string?)envelope["payload"]!["text"]);
        Assert.Equal("all quiet", Assert.Single(bench.Slack.As("alice").Ephemerals(Incident)).Text);
    }

    [Fact]
    public async Task What_a_broken_socket_did_not_acknowledge_comes_again_on_another_one()
    {
        await using var bench = await SocketsAsync();
        using var first = await HelloAsync(bench);
        using var second = await HelloAsync(bench);

        var said = bench.Slack.As("bob").MentionAsync(Incident, threadTs: null, "status");
        var onFirst = ReadAsync(first);
        var onSecond = ReadAsync(second);
        var (taker, other) = await Task.WhenAny(onFirst, onSecond) == onFirst ? (first, onSecond) : (second, onFirst);
        var before = await (other == onFirst ? onSecond : onFirst);
        taker.Abort();
        var again = await other;
        await AcknowledgeAsync(taker == first ? second : first, again, payload: null);
        await said;

        Assert.Equal((string?)before["envelope_id"], (string?)again["envelope_id"]);
        Assert.True(bench.Slack.Deliveries[^1].Answer!.IsAcknowledged);
    }

    [Fact]
    public async Task A_lost_acknowledgement_makes_the_payload_come_twice()
    {
        await using var bench = await SocketsAsync();
        using var socket = await HelloAsync(bench);
        bench.Slack.Sockets.LoseNextAcknowledgement();

        var command = bench.Slack.As("alice").CommandAsync("/incident", "status", Incident);
        var first = await ReadAsync(socket);
        await AcknowledgeAsync(socket, first, payload: null);
        var second = await ReadAsync(socket);
        await AcknowledgeAsync(socket, second, payload: null);
        await command;

        Assert.True(JsonNode.DeepEquals(first["payload"], second["payload"]));
    }

    [Fact]
    public async Task An_event_without_an_acknowledgement_is_delivered_again_and_says_so()
    {
        await using var bench = await SocketsAsync();
        using var socket = await HelloAsync(bench);

        var said = bench.Slack.As("bob").MentionAsync(Incident, threadTs: null, "status");
        var first = await ReadAsync(socket);
        bench.Time.Advance(TimeSpan.FromSeconds(3));
        await said;
        var again = await ReadAsync(socket);
        await AcknowledgeAsync(socket, again, payload: null);

        Assert.Equal((0, 1, "timeout"), ((int?)first["retry_attempt"], (int?)again["retry_attempt"], (string?)again["retry_reason"]));
    }

    [Fact]
    public async Task The_eleventh_socket_is_one_too_many()
    {
        await using var bench = await SocketsAsync();
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < SlackSockets.MostSockets; i++)
        {
            sockets.Add(await HelloAsync(bench));
        }

        using var eleventh = await ConnectAsync(await UrlAsync(bench));

        Assert.Equal("too_many_websockets", (string?)(await ReadAsync(eleventh))["reason"]);
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Disconnects_are_announced_and_a_disabled_app_gets_no_new_socket()
    {
        await using var bench = await SocketsAsync();
        using var socket = await HelloAsync(bench);

        await bench.Slack.Sockets.WarnAsync(CancellationToken.None);
        await bench.Slack.Sockets.DisableAsync(CancellationToken.None);

        Assert.Equal("warning", (string?)(await ReadAsync(socket))["reason"]);
        Assert.Equal("link_disabled", (string?)(await ReadAsync(socket))["reason"]);
        Assert.Equal("socket_mode_not_enabled", (string?)(await OpenAsync(bench))["error"]);
    }

    private static Task<SlackBench> SocketsAsync() => SlackBench.StartAsync(options => options with { SocketMode = true });

    private static Task<JsonObject> OpenAsync(SlackBench bench) => bench.CallAsync("apps.connections.open", new { }, bench.Slack.Options.AppToken);

    private static async Task<Uri> UrlAsync(SlackBench bench) => new((string)(await OpenAsync(bench))["url"]!);

    private static async Task<ClientWebSocket> ConnectAsync(Uri url)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(url, CancellationToken.None);
        return socket;
    }

    private static async Task<ClientWebSocket> HelloAsync(SlackBench bench)
    {
        var before = bench.Slack.Sockets.Count;
        var socket = await ConnectAsync(await UrlAsync(bench));
        await ReadAsync(socket);
        await bench.Slack.WaitForAsync(() => bench.Slack.Sockets.Count > before ? "connected" : null, "the socket", CancellationToken.None);
        return socket;
    }

    private static async Task<JsonObject> ReadAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var buffer = new byte[1 << 16];
        var frame = await socket.ReceiveAsync(buffer, patience.Token);
        return (JsonObject)JsonNode.Parse(buffer.AsSpan(0, frame.Count))!;
    }

    private static Task AcknowledgeAsync(ClientWebSocket socket, JsonObject envelope, JsonObject? payload)
    {
        var ack = new JsonObject { ["envelope_id"] = (string?)envelope["envelope_id"] };
        if (payload is not null)
        {
            ack["payload"] = payload;
        }

        return socket.SendAsync(Encoding.UTF8.GetBytes(ack.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
    }
}
