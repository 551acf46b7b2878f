using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Sandbox.Tests.Slack;

public sealed class WebApiTests
{
    private const string Incident = SampleWorkspace.IncidentChannel;

    [Fact]
    public async Task A_posted_message_is_in_the_channel_and_its_thread_can_be_read_back()
    {
        await using var bench = await SlackBench.StartAsync();

        var root = await bench.CallAsync("chat.postMessage", new { channel = Incident, text = "INC-1" });
        await bench.CallAsync("chat.postMessage", new { channel = Incident, text = "a reply", thread_ts = (string?)root["ts"] });
        var thread = await bench.FormAsync("conversations.replies", ("channel", Incident), ("ts", (string)root["ts"]!));

        Assert.Equal(["INC-1", "a reply"], bench.Slack.Channel(Incident).Thread((string)root["ts"]!).Select(message => message.Text));
        Assert.Equal(["INC-1", "a reply"], thread["messages"]!.AsArray().Select(message => (string?)message!["text"]));
        Assert.Equal(1, (int?)thread["messages"]![0]!["reply_count"]);
    }

    [Theory]
    [InlineData("chat.postMessage", """{"channel":"C0NOWHERE","text":"x"}""", "channel_not_found")]
    [InlineData("chat.postMessage", """{"channel":"C0PAYMENTS","text":"x"}""", "not_in_channel")]
    [InlineData("chat.postMessage", """{"channel":"C0INCIDENT"}""", "no_text")]
    [InlineData("chat.postMessage", """{"channel":"C0INCIDENT","text":"x","blocks":"{"}""", "invalid_blocks_format")]
    [InlineData("chat.postMessage", """{"channel":"C0INCIDENT","text":"x","thread_ts":"1.2"}""", "thread_not_found")]
    [InlineData("chat.update", """{"channel":"C0INCIDENT","ts":"1.2","text":"x"}""", "message_not_found")]
    [InlineData("chat.postEphemeral", """{"channel":"C0GENERAL","user":"U0GUEST","text":"x"}""", "user_not_in_channel")]
    [InlineData("pins.add", """{"channel":"C0INCIDENT","timestamp":"1.2"}""", "message_not_found")]
    [InlineData("views.open", """{"trigger_id":"1.2.3","view":{"type":"modal","title":{"type":"plain_text","text":"x"},"blocks":[]}}""", "invalid_trigger_id")]
    [InlineData("conversations.open", """{"users":"U0NOBODY"}""", "user_not_found")]
    [InlineData("conversations.info", """{"channel":"C0INCIDENT"}""", "invalid_arguments")]
    [InlineData("chat.unheardOf", "{}", "unknown_method")]
    [InlineData("apps.connections.open", "{}", "not_allowed_token_type")]
    public async Task A_wrong_call_gets_the_error_code_that_Slack_gives(string method, string arguments, string error)
    {
        await using var bench = await SlackBench.StartAsync();

        var answer = await bench.CallAsync(method, JsonNode.Parse(arguments)!);

        Assert.False((bool?)answer["ok"]);
        Assert.Equal(error, (string?)answer["error"]);
    }

    [Fact]
    public async Task A_wrong_token_and_a_missing_scope_are_told_apart()
    {
        await using var bench = await SlackBench.StartAsync(options => options with { Scopes = ["commands"] });

        Assert.Equal("invalid_auth", (string?)(await bench.CallAsync("auth.test", new { }, token: "xoxb-wrong"))["error"]);
        var refused = await bench.CallAsync("chat.postMessage", new { channel = Incident, text = "x" });

        Assert.Equal(("missing_scope", "chat:write", "commands"), ((string?)refused["error"], (string?)refused["needed"], (string?)refused["provided"]));
    }

    [Fact]
    public async Task Only_the_bots_own_messages_can_be_changed_and_the_earlier_text_is_kept()
    {
        await using var bench = await SlackBench.StartAsync();
        var hers = await bench.Slack.As("alice").SayAsync(Incident, "mine");
        var posted = await bench.CallAsync("chat.postMessage", new { channel = Incident, text = "before" });
        var ts = (string)posted["ts"]!;

        Assert.Equal("cant_update_message", (string?)(await bench.CallAsync("chat.update", new { channel = Incident, ts = hers.Ts, text = "x" }))["error"]);
        Assert.Equal("msg_too_long", (string?)(await bench.CallAsync("chat.update", new { channel = Incident, ts, text = new string('x', 4001) }))["error"]);
        await bench.CallAsync("chat.update", new { channel = Incident, ts, text = "after" });

        var message = bench.Slack.Channel(Incident).Find(ts)!;
        Assert.Equal(("after", "before"), (message.Text, Assert.Single(message.Edits).Text));
    }

    [Fact]
    public async Task A_text_of_more_than_4040_characters_comes_out_as_several_messages()
    {
        await using var bench = await SlackBench.StartAsync();

        await bench.CallAsync("chat.postMessage", new { channel = Incident, text = new string('x', 4040) });
        await bench.CallAsync("chat.postMessage", new { channel = Incident, text = new string('y', 4041) });

        Assert.Equal([4040, 4000, 41], bench.Slack.Channel(Incident).Messages.Select(message => message.Text.Length));
    }

    [Fact]
    public async Task Lists_come_in_pages()
    {
        await using var bench = await SlackBench.StartAsync();
        var seen = new List<string>();
        var cursor = "";
        do
        {
            var page = await bench.FormAsync("users.list", ("limit", "2"), ("cursor", cursor));
            Assert.InRange(page["members"]!.AsArray().Count, 1, 2);
            seen.AddRange(page["members"]!.AsArray().Select(user => (string)user!["id"]!));
            cursor = (string)page["response_metadata"]!["next_cursor"]!;
        }
        while (cursor.Length > 0);

        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal("invalid_cursor", (string?)(await bench.FormAsync("users.list", ("cursor", "made up")))["error"]);
    }

    [Fact]
    public async Task Who_somebody_is_can_change_under_the_app()
    {
        await using var bench = await SlackBench.StartAsync();

        bench.Slack.Change(bench.Slack.Group("commanders") with { Users = [SampleWorkspace.Carol] });
        bench.Slack.Change(bench.Slack.User("bob") with { Deleted = true });

        Assert.Equal(["U0CAROL"], (await bench.FormAsync("usergroups.users.list", ("usergroup", SampleWorkspace.CommandersGroup)))["users"]!.AsArray().Select(user => (string?)user));
        var bob = (await bench.FormAsync("users.info", ("user", SampleWorkspace.Bob)))["user"]!;
        Assert.True((bool?)bob["deleted"]);
        Assert.Equal(-18000, (int?)bob["tz_offset"]);
    }

    [Fact]
    public async Task A_planned_fault_strikes_at_the_call_it_was_planned_for()
    {
        await using var bench = await SlackBench.StartAsync();
        bench.Slack.Faults.Plan("chat.postMessage", Fault.RateLimited(TimeSpan.FromSeconds(30)), nth: 2);
        bench.Slack.Faults.Plan("chat.postMessage", Fault.LoseAnswer(), nth: 3);
        bench.Slack.Faults.Plan("chat.postMessage", Fault.Drop(), nth: 4);

        await bench.CallAsync("chat.postMessage", new { channel = Incident, text = "first" });
        using var body = JsonContent.Create(new { channel = Incident, text = "second" });
        using var limited = await bench.SendAsync("chat.postMessage", body);
        await Assert.ThrowsAsync<HttpRequestException>(() => bench.CallAsync("chat.postMessage", new { channel = Incident, text = "third" }));
        await Assert.ThrowsAsync<HttpRequestException>(() => bench.CallAsync("chat.postMessage", new { channel = Incident, text = "fourth" }));

        Assert.Equal((HttpStatusCode.TooManyRequests, "30"), (limited.StatusCode, limited.Headers.RetryAfter?.ToString()));
        Assert.Equal(["first", "third"], bench.Slack.Channel(Incident).Messages.Select(message => message.Text));
        Assert.Equal(4, bench.Slack.Calls.Count);
    }

    [Fact]
    public async Task More_than_a_message_a_second_is_slowed_down_where_pacing_is_on()
    {
        await using var bench = await SlackBench.StartAsync(options => options with { EnforceRateLimits = true });
        var errors = new List<string?>();
        for (var i = 0; i < 7; i++)
        {
            errors.Add((string?)(await bench.CallAsync("chat.postMessage", new { channel = Incident, text = "x" }))["error"]);
        }

        Assert.Equal("ratelimited", errors[^1]);
        Assert.Null(errors[0]);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null((string?)(await bench.CallAsync("chat.postMessage", new { channel = Incident, text = "x" }))["error"]);
    }

    [Fact]
    public async Task Text_that_was_not_escaped_is_accepted_and_held_against_the_app()
    {
        await using var bench = await SlackBench.StartAsync();

        await bench.CallAsync("chat.postMessage", new { channel = Incident, text = "&lt;b&gt; &amp; <@U0BOB> <!date^1^{time}|x> <https://example.com|y> <!subteam^S0ONCALL>" });
        Assert.Empty(bench.Slack.Complaints);
        await bench.CallAsync("chat.postMessage", new { channel = Incident, text = "a < b, <script>, R&D" });

        Assert.Equal(3, bench.Slack.Complaints.Count);
    }
}
