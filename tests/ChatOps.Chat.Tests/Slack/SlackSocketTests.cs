using System.Text.Json.Nodes;
using ChatOps.Core.Records;

namespace ChatOps.Chat.Tests.Slack;

public sealed class SlackSocketTests
{
    [Fact]
    public async Task Two_sockets_are_opened_apart()
    {
        await using var slack = await FakeSocketSlack.StartAsync();

        var first = await slack.NextAsync();
        await first.HelloAsync();
        await slack.Host.UntilAsync(() => slack.Health.Connections == 1);
        Assert.Equal(1, slack.Opened);
        slack.Host.Time.Advance(TimeSpan.FromSeconds(10));
        await (await slack.NextAsync()).HelloAsync();

        await slack.Host.UntilAsync(() => slack.Health is { Connections: 2, IsHealthy: true, Problem: null });
    }

    [Fact]
    public async Task A_payload_is_acknowledged_on_its_own_socket_once_it_is_stored()
    {
        await using var slack = await FakeSocketSlack.StartAsync();
        var socket = await slack.NextAsync();
        await socket.HelloAsync();
        var stored = new TaskCompletionSource();
        slack.Host.Records.Before = _ => stored.Task;

        await socket.SendAsync(FakeSocketSlack.Envelope("e1", "events_api", Payloads.Mention("<@UBOT> status")));
        var acknowledgement = socket.ReceiveAsync();
        await slack.Host.UntilAsync(() => slack.Host.Records.Offered == 1);
        Assert.False(acknowledgement.IsCompleted);
        stored.SetResult();

        Assert.Equal("""{"envelope_id":"e1"}""", (await acknowledgement)!.ToJsonString());
        Assert.Single(slack.Host.Records.Accepted);
    }

    [Fact]
    public async Task A_command_that_cannot_be_stored_is_acknowledged_with_words_and_an_event_not_at_all()
    {
        await using var slack = await FakeSocketSlack.StartAsync();
        var socket = await slack.NextAsync();
        await socket.HelloAsync();
        slack.Host.Records.Trouble = new RecordsUnavailableException("disk full");
        var command = new JsonObject { ["command"] = "/gitops", ["text"] = "apps", ["user_id"] = "U1", ["team_id"] = "T1", ["channel_id"] = "C1", ["trigger_id"] = "1" };

        await socket.SendAsync(FakeSocketSlack.Envelope("e1", "events_api", Payloads.Mention("<@UBOT> status")));
        await slack.Host.UntilAsync(() => slack.Host.Records.Offered == 1);
        await socket.SendAsync(FakeSocketSlack.Envelope("e2", "slash_commands", command));

        var acknowledgement = await socket.ReceiveAsync();
        Assert.Equal("e2", acknowledgement!["envelope_id"]!.ToString());
        Assert.StartsWith("Nothing was done", acknowledgement["payload"]!["text"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_in_fragments_is_one_message_and_nonsense_is_passed_over()
    {
        await using var slack = await FakeSocketSlack.StartAsync();
        var socket = await slack.NextAsync();
        await socket.HelloAsync();

        await socket.SendTextAsync("{nonsense");
        await socket.SendAsync(new JsonObject { ["type"] = "something_new", ["envelope_id"] = "e0" });
        Assert.Equal("e0", (await socket.ReceiveAsync())!["envelope_id"]!.ToString());
        await socket.SendAsync(FakeSocketSlack.Envelope("e1", "interactive", Payloads.Press("k7")), fragments: 7);

        Assert.Equal("e1", (await socket.ReceiveAsync())!["envelope_id"]!.ToString());
        Assert.Single(slack.Host.Records.Accepted);
    }

    [Theory]
    [InlineData("warning")]
    [InlineData("refresh_requested")]
    public async Task A_socket_that_will_go_serves_until_its_successor_is_greeted(string reason)
    {
        await using var slack = await FakeSocketSlack.StartAsync();
        var old = await slack.NextAsync();
        await old.HelloAsync();
        await old.SendAsync(new JsonObject { ["type"] = "disconnect", ["reason"] = reason });

        var successor = await slack.NextAsync();
        await old.SendAsync(FakeSocketSlack.Envelope("e1", "interactive", Payloads.Press("k7")));
        Assert.Equal("e1", (await old.ReceiveAsync())!["envelope_id"]!.ToString());
        await successor.HelloAsync();
        await slack.Host.UntilAsync(() => slack.Health.Connections == 2);
        await slack.Host.AdvanceUntilAsync(old.Closed, TimeSpan.FromSeconds(1));

        await slack.Host.UntilAsync(() => slack.Health.Connections == 1);
        await successor.SendAsync(FakeSocketSlack.Envelope("e2", "interactive", Payloads.Press("k8")));
        Assert.Equal("e2", (await successor.ReceiveAsync())!["envelope_id"]!.ToString());
    }

    [Fact]
    public async Task At_nine_tenths_of_its_time_a_socket_is_replaced_unasked()
    {
        await using var slack = await FakeSocketSlack.StartAsync();
        var (old, _) = await BothAsync(slack, firstLasts: 1000);
        var began = slack.Host.Time.GetUtcNow();

        await slack.Host.AdvanceUntilAsync(slack.NextAsync(), TimeSpan.FromSeconds(5));

        Assert.True(slack.Host.Time.GetUtcNow() - began >= TimeSpan.FromSeconds(890));
        Assert.False(old.Closed.IsCompleted);
    }

    [Fact]
    public async Task Socket_Mode_switched_off_is_reported_and_tried_again_slowly()
    {
        await using var slack = await FakeSocketSlack.StartAsync();
        var socket = await slack.NextAsync();
        await socket.HelloAsync();
        await socket.SendAsync(new JsonObject { ["type"] = "disconnect", ["reason"] = "link_disabled" });

        // Time stands still until the product has read it: it would wait fifteen seconds of it for a greeting, and try again at once without one.
        await socket.Closed.WaitAsync(TimeSpan.FromSeconds(20));
        await slack.Host.UntilAsync(() => slack.Health.IsDisabled && slack.Health.Connections == 0);
        Assert.Contains("switch it on", slack.Health.WhatIsWrong, StringComparison.Ordinal);
        var told = slack.Host.Time.GetUtcNow();

        slack.Host.Time.Advance(TimeSpan.FromSeconds(10));
        var other = await slack.NextAsync(); // the second socket comes at its own time and hears the same
        await other.SendAsync(new JsonObject { ["type"] = "disconnect", ["reason"] = "link_disabled" });
        await other.Closed.WaitAsync(TimeSpan.FromSeconds(20));
        var again = slack.NextAsync();
        await slack.Host.AdvanceUntilAsync(again, TimeSpan.FromSeconds(5));

        Assert.True(slack.Host.Time.GetUtcNow() - told >= TimeSpan.FromMinutes(4));
        await (await again).HelloAsync();
        await slack.Host.UntilAsync(() => slack.Health is { IsHealthy: true, IsDisabled: false, WhatIsWrong: null });
    }

    [Fact]
    public async Task Too_many_sockets_makes_us_wait_a_minute()
    {
        await using var slack = await FakeSocketSlack.StartAsync();
        var (socket, _) = await BothAsync(slack);
        var told = slack.Host.Time.GetUtcNow();

        await socket.SendAsync(new JsonObject { ["type"] = "disconnect", ["reason"] = "too_many_websockets" });
        await slack.Host.AdvanceUntilAsync(slack.NextAsync(), TimeSpan.FromSeconds(1));

        Assert.True(slack.Host.Time.GetUtcNow() - told >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_stop_acknowledges_what_it_has_and_says_goodbye()
    {
        var slack = await FakeSocketSlack.StartAsync();
        var socket = await slack.NextAsync();
        await socket.HelloAsync();
        var stored = new TaskCompletionSource();
        slack.Host.Records.Before = _ => stored.Task;
        await socket.SendAsync(FakeSocketSlack.Envelope("e1", "interactive", Payloads.Press("k7")));
        await slack.Host.UntilAsync(() => slack.Host.Records.Offered == 1);

        var stopping = slack.StopAsync();
        stored.SetResult();

        Assert.Equal("e1", (await socket.ReceiveAsync())!["envelope_id"]!.ToString());
        Assert.Null(await socket.ReceiveAsync());
        await slack.Host.AdvanceUntilAsync(stopping, TimeSpan.FromSeconds(1));
        await slack.DisposeAsync();
    }

    [Fact]
    public async Task A_socket_somewhere_else_is_not_opened()
    {
        await using var slack = await FakeSocketSlack.StartAsync(socketUrl: "wss://evil.example.com/link");

        await slack.Host.UntilAsync(() => slack.Health.Problem is not null);

        Assert.Contains("not Slack's", slack.Health.Problem, StringComparison.Ordinal);
    }

    private static async Task<(FakeSocketSlack.ServedSocket First, FakeSocketSlack.ServedSocket Second)> BothAsync(FakeSocketSlack slack, int firstLasts = 20_000)
    {
        var first = await slack.NextAsync();
        await first.HelloAsync(firstLasts);
        await slack.Host.UntilAsync(() => slack.Health.Connections == 1);
        slack.Host.Time.Advance(TimeSpan.FromSeconds(10));
        var second = await slack.NextAsync();
        await second.HelloAsync();
        await slack.Host.UntilAsync(() => slack.Health.Connections == 2);
        return (first, second);
    }
}
