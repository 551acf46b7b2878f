using System.Text.Json.Nodes;
using ChatOps.Chat.Slack.Posting;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Chat.Tests.Slack;

public sealed class SlackWebApiTests : IAsyncLifetime
{
    private static readonly Card Hello = Card.Note("Hello", Tone.Neutral);

    private SlackHost host = null!;

    public async Task InitializeAsync()
    {
        host = await SlackHost.StartAsync();
        host.Slack.On("chat.postMessage", arguments => FakeSlack.Ok(new() { ["channel"] = arguments["channel"]!.ToString(), ["ts"] = "1.1" }));
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task A_limit_is_passed_on_at_once_and_holds_that_channel_only_until_it_is_over()
    {
        var limited = true;
        host.Slack.On("chat.postMessage", (arguments, http) => limited ? Limited(http, 30) : FakeSlack.Ok(new() { ["channel"] = "C1", ["ts"] = "1.1" }));

        var refused = await Assert.ThrowsAsync<ChatUnavailableException>(() => PostAsync("C1"));
        limited = false;
        var waiting = await Assert.ThrowsAsync<ChatUnavailableException>(() => PostAsync("C1"));
        await PostAsync("C2");
        Assert.Equal(2, host.Slack.CallsOf("chat.postMessage").Count);
        host.Time.Advance(TimeSpan.FromSeconds(31));
        await PostAsync("C1");

        Assert.Equal((TimeSpan.FromSeconds(30), false), (refused.RetryAfter, refused.MayHaveHappened));
        Assert.Equal((TimeSpan.FromSeconds(30), false), (waiting.RetryAfter, waiting.MayHaveHappened));
        Assert.Equal(3, host.Slack.CallsOf("chat.postMessage").Count);
    }

    [Fact]
    public async Task A_channel_gets_one_post_a_second_after_a_short_burst()
    {
        await PostAsync("C1");
        await PostAsync("C1");
        await PostAsync("C1");

        var fourth = PostAsync("C1");
        Assert.False(fourth.IsCompleted);
        Assert.Equal(3, host.Slack.CallsOf("chat.postMessage").Count);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await fourth;

        Assert.Equal(4, host.Slack.CallsOf("chat.postMessage").Count);
    }

    /// <summary>Slack allows fifty edits a minute, wherever they are: a quarter of them at once, then one each 1.2 seconds.</summary>
    [Fact]
    public async Task A_method_keeps_to_its_own_limit_over_all_channels_and_who_would_wait_long_is_told_how_long()
    {
        host.Slack.On("chat.update", _ => FakeSlack.Ok());
        for (var burst = 0; burst < 12; burst++)
        {
            await EditAsync(burst);
        }

        var waiting = Enumerable.Range(12, 4).Select(EditAsync).ToList();
        Assert.All(waiting, edit => Assert.False(edit.IsCompleted));
        var refused = await Assert.ThrowsAsync<ChatUnavailableException>(() => EditAsync(16));
        Assert.Equal((TimeSpan.FromSeconds(6), false), (refused.RetryAfter, refused.MayHaveHappened));
        Assert.Equal(12, host.Slack.CallsOf("chat.update").Count);
        host.Time.Advance(TimeSpan.FromSeconds(1.2));
        await waiting[0];
        Assert.False(waiting[1].IsCompleted);
        host.Time.Advance(TimeSpan.FromSeconds(3.6));
        await Task.WhenAll(waiting);

        for (var more = 16; more < 51; more++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1.2));
            await EditAsync(more);
        }

        Assert.Equal(51, host.Slack.CallsOf("chat.update").Count);
    }

    [Theory]
    [InlineData("internal_error")]
    [InlineData("fatal_error")]
    [InlineData("service_unavailable")]
    [InlineData("request_timeout")]
    public async Task A_post_whose_fate_is_not_known_is_not_repeated(string code)
    {
        host.Slack.On("chat.postMessage", _ => FakeSlack.Error(code));

        var lost = await Assert.ThrowsAsync<ChatUnavailableException>(() => PostAsync("C1"));

        Assert.True(lost.MayHaveHappened);
        Assert.Single(host.Slack.CallsOf("chat.postMessage"));
    }

    [Fact]
    public async Task A_lost_connection_may_have_posted()
    {
        host.Slack.On("chat.postMessage", (_, http) =>
        {
            http.Abort();
            return [];
        });

        Assert.True((await Assert.ThrowsAsync<ChatUnavailableException>(() => PostAsync("C1"))).MayHaveHappened);
        Assert.Single(host.Slack.CallsOf("chat.postMessage"));
    }

    [Fact]
    public async Task No_connection_has_not_posted()
    {
        await using var alone = await SlackHost.StartAsync(new() { ["Slack:ApiBaseUrl"] = FakeSlack.DeadUrl() });
        var chat = alone.Services.GetRequiredService<IChat>();

        Assert.False((await Assert.ThrowsAsync<ChatUnavailableException>(() => chat.PostAsync(Room("C1"), null, MessageKey.Incident(1), Hello, CancellationToken.None))).MayHaveHappened);
    }

    [Fact]
    public async Task A_read_is_asked_once_more()
    {
        var asked = 0;
        host.Slack.On("users.info", _ => ++asked == 1 ? FakeSlack.Error("internal_error") : FakeSlack.Ok(new() { ["user"] = FakeSlack.User("U1") }));

        Assert.NotNull(await host.Services.GetRequiredService<IChatDirectory>().FindAsync(new(ChatPlatform.Slack, "T1", "U1"), fresh: true, CancellationToken.None));
        Assert.Equal(2, asked);
    }

    /// <summary>Several decisions within a minute are more look-ups than Slack allows at once.</summary>
    [Fact]
    public async Task A_read_that_is_to_wait_some_seconds_waits_and_one_that_would_wait_long_says_so()
    {
        var limits = new Queue<int>([2, 3]);
        host.Slack.On("users.info", (_, http) => limits.TryDequeue(out var seconds) ? Limited(http, seconds) : FakeSlack.Ok(new() { ["user"] = FakeSlack.User("U1") }));
        var started = host.Time.GetUtcNow();

        var found = FindAsync();
        await host.AdvanceUntilAsync(found, TimeSpan.FromMilliseconds(500));

        Assert.NotNull(await found);
        Assert.Equal(3, host.Slack.CallsOf("users.info").Count);
        Assert.InRange(host.Time.GetUtcNow() - started, TimeSpan.FromSeconds(5), TimeSpan.MaxValue);
        limits.Enqueue(21);
        Assert.Equal(TimeSpan.FromSeconds(21), (await Assert.ThrowsAsync<ChatUnavailableException>(FindAsync)).RetryAfter);

        Task<ChatProfile?> FindAsync() => host.Services.GetRequiredService<IChatDirectory>().FindAsync(new(ChatPlatform.Slack, "T1", "U1"), fresh: true, CancellationToken.None);
    }

    /// <summary>Several decisions in a row are more look-ups than a minute has, and each of them waits its few seconds.</summary>
    [Fact]
    public async Task Limits_that_pass_are_sat_out_by_each_who_asks()
    {
        var limited = false;
        host.Slack.On("users.info", (_, http) => (limited = !limited) ? Limited(http, 6) : FakeSlack.Ok(new() { ["user"] = FakeSlack.User("U1") }));

        for (var asks = 0; asks < 4; asks++)
        {
            var found = host.Services.GetRequiredService<IChatDirectory>().FindAsync(new(ChatPlatform.Slack, "T1", $"U{asks}"), fresh: true, CancellationToken.None);
            await host.AdvanceUntilAsync(found, TimeSpan.FromMilliseconds(500));
            Assert.NotNull(await found);
        }
    }

    [Fact]
    public async Task An_answer_that_is_not_Slacks_is_an_outage_and_a_redirect_is_not_followed()
    {
        host.Slack.On("chat.postMessage", (_, http) =>
        {
            http.Response.StatusCode = 302;
            http.Response.Headers.Location = host.Slack.ResponseUrl;
            return [];
        });

        await Assert.ThrowsAsync<ChatUnavailableException>(() => PostAsync("C1"));

        Assert.Empty(host.Slack.Responses);
    }

    [Theory]
    [InlineData("invalid_auth", ChatRefusal.Configuration)]
    [InlineData("token_revoked", ChatRefusal.Configuration)]
    [InlineData("account_inactive", ChatRefusal.Configuration)]
    [InlineData("missing_scope", ChatRefusal.Configuration)]
    [InlineData("channel_not_found", ChatRefusal.Channel)]
    [InlineData("not_in_channel", ChatRefusal.Channel)]
    [InlineData("is_archived", ChatRefusal.Channel)]
    [InlineData("restricted_action", ChatRefusal.Channel)]
    [InlineData("user_not_found", ChatRefusal.Person)]
    [InlineData("message_not_found", ChatRefusal.MessageGone)]
    [InlineData("cant_update_message", ChatRefusal.MessageGone)]
    [InlineData("invalid_blocks", ChatRefusal.Content)]
    [InlineData("msg_too_long", ChatRefusal.Content)]
    [InlineData("no_text", ChatRefusal.Content)]
    [InlineData("never_heard_of", ChatRefusal.Content)]
    [InlineData("expired_trigger_id", ChatRefusal.HandleExpired)]
    public async Task Each_no_says_what_kind_it_is_and_what_to_do(string code, ChatRefusal kind)
    {
        host.Slack.On("chat.postMessage", _ => FakeSlack.Error(code));

        var refused = await Assert.ThrowsAsync<ChatRefusedException>(() => PostAsync("C1"));

        Assert.Equal((kind, code), (refused.Refusal, refused.Code));
        Assert.NotEmpty(refused.Fix);
    }

    [Fact]
    public async Task A_missing_scope_is_named_and_an_uninvited_bot_says_how_to_invite_it()
    {
        host.Slack.On("chat.postMessage", _ => new() { ["ok"] = false, ["error"] = "missing_scope", ["needed"] = "chat:write", ["provided"] = "commands" });
        Assert.Contains("chat:write", (await Assert.ThrowsAsync<ChatRefusedException>(() => PostAsync("C1"))).Fix, StringComparison.Ordinal);

        host.Slack.On("chat.postMessage", _ => FakeSlack.Error("not_in_channel"));
        Assert.Contains("/invite @chatops", (await Assert.ThrowsAsync<ChatRefusedException>(() => PostAsync("C1"))).Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://hooks.slack.com/commands/T1/1/x", true)]
    [InlineData("https://hooks.slack-gov.com/actions/T1/1/x", true)]
    [InlineData("http://hooks.slack.com/commands/T1/1/x", false)]
    [InlineData("https://hooks.slack.com:8443/commands", false)]
    [InlineData("https://hooks.slack.com@evil.example/x", false)]
    [InlineData("https://u:p@hooks.slack.com/x", false)]
    [InlineData("https://hooks.slack.com.evil.example/x", false)]
    [InlineData("https://169.254.169.254/latest/meta-data", false)]
    [InlineData("https://slack.example:444/x", false)]
    [InlineData("https://slack.example/x", true)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("not an address", false)]
    public void Only_Slacks_own_hosts_or_the_configured_one_are_answered_to(string address, bool allowed) =>
        Assert.Equal(allowed, new SlackHosts(new("https://slack.example/api/")).AllowsResponse(address, out _));

    private static Channel Room(string id) => new(ChatPlatform.Slack, "T1", id);

    private static JsonObject Limited(HttpContext http, int seconds)
    {
        http.Response.StatusCode = 429;
        http.Response.Headers.RetryAfter = $"{seconds}";
        return FakeSlack.Error("ratelimited");
    }

    private Task EditAsync(int channel) =>
        host.Services.GetRequiredService<IChat>().EditAsync(new(Room($"C{channel}"), "1.1", null), Hello, CancellationToken.None);

    private Task<MessageRef> PostAsync(string channel) =>
        host.Services.GetRequiredService<IChat>().PostAsync(Room(channel), null, MessageKey.Incident(1), Hello, CancellationToken.None);
}
