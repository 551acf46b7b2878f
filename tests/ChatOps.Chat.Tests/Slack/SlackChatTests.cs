using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Chat.Tests.Slack;

public sealed class SlackChatTests : IAsyncLifetime
{
    private static readonly ChatAccount Alice = new(ChatPlatform.Slack, "T1", "U1");
    private static readonly Channel Room = new(ChatPlatform.Slack, "T1", "C1");
    private static readonly Place Thread = new(Room, "1.0");
    private static readonly Card Hello = Card.Note("Hello", Tone.Neutral, "world");

    private SlackHost host = null!;
    private IChat chat = null!;

    public async Task InitializeAsync()
    {
        host = await SlackHost.StartAsync();
        chat = host.Services.GetRequiredService<IChat>();
        host.Slack.On("chat.postMessage", arguments => FakeSlack.Ok(new() { ["channel"] = arguments["channel"]!.ToString().Replace('U', 'D'), ["ts"] = "1.1" }));
        host.Slack.On("chat.postEphemeral", _ => FakeSlack.Ok(new() { ["message_ts"] = "1.2" }));
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task What_to_type_is_told_by_the_names_that_this_workspace_has_for_it()
    {
        await using var renamed = await SlackHost.StartAsync(new() { ["Slack:Commands:Incident"] = "/inc" });
        renamed.Slack.On("chat.postMessage", _ => FakeSlack.Ok(new() { ["ts"] = "1.1", ["channel"] = "C1" }));
        var card = Card.Note("/incident status", Tone.Neutral, Text.Of($"Say {"/incident note":code}, or {"/gitops help":code}; {"/incidental":code} is nothing of ours."));

        await renamed.Services.GetRequiredService<IChat>().PostAsync(new Channel(ChatPlatform.Slack, "T1", "C1"), null, MessageKey.Incident(1), card, CancellationToken.None);

        var posted = Assert.Single(renamed.Slack.CallsOf("chat.postMessage")).ToJsonString();
        Assert.Contains("\"/inc status\"", posted, StringComparison.Ordinal);
        Assert.Contains("\"/inc note\"", posted, StringComparison.Ordinal);
        Assert.Contains("\"/gitops help\"", posted, StringComparison.Ordinal);
        Assert.Contains("\"/incidental\"", posted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_goes_to_its_thread_with_the_bots_token_and_nothing_unfurled()
    {
        var posted = await chat.PostAsync(Room, "1.0", MessageKey.Incident(1), Hello, CancellationToken.None);

        Assert.Equal(new MessageRef(Room, "1.1", "1.0"), posted);
        var (_, arguments, token) = Assert.Single(host.Slack.Calls);
        Assert.Equal("Bearer xoxb-1", token);
        Assert.Equal(("C1", "1.0", "Hello", "false", "none"), (arguments["channel"]!.ToString(), arguments["thread_ts"]!.ToString(), arguments["text"]!.ToString(), arguments["unfurl_links"]!.ToString(), arguments["parse"]!.ToString()));
    }

    [Fact]
    public async Task A_post_is_found_again_by_the_mark_that_it_carries()
    {
        await chat.PostAsync(Room, "1.0", MessageKey.Entry(1, 2), Hello, CancellationToken.None);
        var metadata = host.Slack.CallsOf("chat.postMessage").Single()["metadata"]!;
        var message = new JsonObject { ["ts"] = "1.1", ["metadata"] = metadata.DeepClone() };
        host.Slack.On("conversations.replies", _ => FakeSlack.Ok(new() { ["messages"] = new JsonArray(new JsonObject { ["ts"] = "1.0" }, message.DeepClone()) }));
        host.Slack.On("conversations.open", _ => FakeSlack.Ok(new() { ["channel"] = new JsonObject { ["id"] = "D1" } }));
        host.Slack.On("conversations.history", _ => FakeSlack.Ok(new() { ["messages"] = new JsonArray(message.DeepClone()) }));
        var since = DateTimeOffset.FromUnixTimeMilliseconds(1764000000123);

        Assert.Equal(new MessageRef(Room, "1.1", "1.0"), await chat.FindAsync(Room, "1.0", MessageKey.Entry(1, 2), since, CancellationToken.None));
        Assert.Null(await chat.FindAsync(Room, "1.0", MessageKey.Entry(1, 3), since, CancellationToken.None));
        Assert.Equal("D1", (await chat.FindAsync(Alice, MessageKey.Entry(1, 2), since, CancellationToken.None))?.Channel.Id);

        var asked = host.Slack.CallsOf("conversations.replies")[0];
        Assert.Equal(("1764000000.123000", "true", "1.0"), (asked["oldest"]!.ToString(), asked["include_all_metadata"]!.ToString(), asked["ts"]!.ToString()));
    }

    [Fact]
    public async Task A_channel_that_may_not_be_read_is_no_reason_not_to_post()
    {
        host.Slack.On("conversations.history", _ => FakeSlack.Error("missing_scope"));

        Assert.Null(await chat.FindAsync(Room, null, MessageKey.Incident(1), DateTimeOffset.UnixEpoch, CancellationToken.None));
    }

    [Fact]
    public async Task A_direct_message_is_known_by_the_channel_it_landed_in() =>
        Assert.Equal("D1", (await chat.PostAsync(Alice, MessageKey.Incident(1), Hello, CancellationToken.None)).Channel.Id);

    [Fact]
    public async Task Pinning_what_is_pinned_is_done()
    {
        host.Slack.On("pins.add", _ => FakeSlack.Error("already_pinned"));

        await chat.PinAsync(new(Room, "1.1", null), CancellationToken.None);
    }

    [Fact]
    public async Task An_edit_names_its_message()
    {
        host.Slack.On("chat.update", _ => FakeSlack.Ok());

        await chat.EditAsync(new(Room, "1.1", null), Hello, CancellationToken.None);

        var edit = Assert.Single(host.Slack.CallsOf("chat.update"));
        Assert.Equal(("C1", "1.1"), (edit["channel"]!.ToString(), edit["ts"]!.ToString()));
    }

    [Fact]
    public async Task A_whisper_uses_the_handle_while_it_serves_and_an_ephemeral_message_after()
    {
        await chat.WhisperAsync(Alice, Thread, Hello, Handle(), CancellationToken.None);
        host.Slack.ResponseStatus = 404;
        await chat.WhisperAsync(Alice, Thread, Hello, Handle(), CancellationToken.None);

        Assert.Equal("ephemeral", host.Slack.Responses.First()["response_type"]!.ToString());
        var ephemeral = Assert.Single(host.Slack.CallsOf("chat.postEphemeral"));
        Assert.Equal(("C1", "U1", "1.0"), (ephemeral["channel"]!.ToString(), ephemeral["user"]!.ToString(), ephemeral["thread_ts"]!.ToString()));
    }

    [Theory]
    [InlineData("ok", 0)]
    [InlineData("{\"ok\": true}", 0)]
    [InlineData("invalid_blocks", 1)]
    [InlineData("{\"ok\":false,\"error\":\"used_url\"}", 1)]
    public async Task A_handle_that_answers_200_and_no_has_said_nothing(string body, int ephemerals)
    {
        host.Slack.ResponseBody = body;
        host.Slack.On("chat.postEphemeral", _ => FakeSlack.Ok());

        await chat.WhisperAsync(Alice, Thread, Hello, Handle(), CancellationToken.None);

        Assert.Equal(ephemerals, host.Slack.CallsOf("chat.postEphemeral").Count);
    }

    [Theory]
    [InlineData("user_not_in_channel")]
    [InlineData("not_in_channel")]
    [InlineData("channel_not_found")]
    public async Task A_whisper_where_we_are_not_both_becomes_a_direct_message(string code)
    {
        host.Slack.On("chat.postEphemeral", _ => FakeSlack.Error(code));

        await chat.WhisperAsync(Alice, Thread, Hello, null, CancellationToken.None);

        Assert.Equal("U1", Assert.Single(host.Slack.CallsOf("chat.postMessage"))["channel"]!.ToString());
    }

    [Fact]
    public async Task A_handle_that_leads_elsewhere_is_never_called()
    {
        await using var elsewhere = await FakeSlack.StartAsync();

        await chat.WhisperAsync(Alice, Thread, Hello, Handle(elsewhere.ResponseUrl), CancellationToken.None);

        Assert.Empty(elsewhere.Responses);
        Assert.Single(host.Slack.CallsOf("chat.postEphemeral"));
    }

    [Fact]
    public async Task A_lost_private_answer_is_not_said_twice()
    {
        host.Slack.ResponseStatus = 500;

        var lost = await Assert.ThrowsAsync<ChatUnavailableException>(() => chat.WhisperAsync(Alice, Thread, Hello, Handle(), CancellationToken.None));

        Assert.True(lost.MayHaveHappened);
        Assert.Empty(host.Slack.CallsOf("chat.postEphemeral"));
    }

    [Fact]
    public async Task A_dialog_opened_by_a_press_brings_its_answer_back_to_the_same_place()
    {
        host.Slack.On("views.open", _ => FakeSlack.Ok());
        await host.InteractAsync(Payloads.Press("k7", host.Slack.ResponseUrl));
        var press = host.Records.Only;

        await chat.AskAsync(Alice, press.ReplyHandle!, new("Why?", "k8", "Deny", Text.Empty, [new("reason", "Reason", true, 500)]), CancellationToken.None);

        var asked = Assert.Single(host.Slack.CallsOf("views.open"));
        Assert.Equal("1.2.press", asked["trigger_id"]!.ToString());
        await host.InteractAsync(Payloads.Answer(asked["view"]!["private_metadata"]!.ToString(), "reason", "because"));
        var answer = host.Records.Accepted.Last();
        Assert.Equal("k8", Assert.IsType<Said.Answered>(answer.Said).Token);
        Assert.Equal(press.Place, answer.Place);
    }

    [Fact]
    public async Task A_persons_own_page_is_published_for_them_alone()
    {
        host.Slack.On("views.publish", _ => FakeSlack.Ok());

        await chat.ShowHomeAsync(Alice, new Card("What is open", Tone.Neutral, [new Part.Paragraph("nothing")]), CancellationToken.None);

        var shown = Assert.Single(host.Slack.CallsOf("views.publish"));
        Assert.Equal((Alice.UserId, "home"), (shown["user_id"]!.ToString(), shown["view"]!["type"]!.ToString()));
        Assert.Contains("What is open", shown["view"]!["blocks"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dialog_without_a_press_to_open_it_came_too_late()
    {
        var refused = await Assert.ThrowsAsync<ChatRefusedException>(() =>
            chat.AskAsync(Alice, "{}", new("Why?", "k8", "Deny", Text.Empty, []), CancellationToken.None));

        Assert.Equal(ChatRefusal.HandleExpired, refused.Refusal);
    }

    [Fact]
    public async Task What_we_said_in_a_thread_is_read_back_in_words_page_by_page_and_what_others_said_there_is_not()
    {
        host.Slack.On("auth.test", _ => FakeSlack.Ok(new() { ["user_id"] = "UBOT" }));
        host.Slack.On("conversations.replies", arguments => arguments["cursor"] is null
            ? FakeSlack.Ok(new() { ["messages"] = new JsonArray(Message("1.0", "UBOT", "Head 12ab"), Message("1.1", "U1", "record 1.2 · 0123456789ab")), ["response_metadata"] = new JsonObject { ["next_cursor"] = "more" } })
            : FakeSlack.Ok(new() { ["messages"] = new JsonArray(Message("1.2", "UBOT", "record 1.2 · ba9876543210")), ["response_metadata"] = new JsonObject { ["next_cursor"] = "" } }));

        Assert.Equal([new Spoken("1.0", "Head 12ab"), new Spoken("1.2", "record 1.2 · ba9876543210")], await chat.ReadThreadAsync(new(Room, "1.0", null), CancellationToken.None));
        host.Slack.On("conversations.replies", _ => FakeSlack.Error("thread_not_found"));
        Assert.Null(await chat.ReadThreadAsync(new(Room, "1.0", null), CancellationToken.None));

        static JsonObject Message(string ts, string user, string words) => new()
        {
            ["ts"] = ts,
            ["user"] = user,
            ["text"] = "x",
            ["blocks"] = new JsonArray(new JsonObject { ["type"] = "header", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = words } }),
        };
    }

    [Fact]
    public async Task What_is_shown_may_be_minutes_old_and_what_decides_is_asked_anew()
    {
        var directory = host.Services.GetRequiredService<IChatDirectory>();
        host.Slack.On("usergroups.users.list", _ => FakeSlack.Ok(new() { ["users"] = new JsonArray("U1", "U2") }));

        await directory.FindAsync(Alice, fresh: false, CancellationToken.None);
        await directory.FindAsync(Alice, fresh: false, CancellationToken.None);
        Assert.Single(host.Slack.CallsOf("users.info"));
        var profile = await directory.FindAsync(Alice, fresh: true, CancellationToken.None);
        host.Time.Advance(TimeSpan.FromMinutes(6));
        await directory.FindAsync(Alice, fresh: false, CancellationToken.None);

        Assert.Equal(3, host.Slack.CallsOf("users.info").Count);
        Assert.Equal(("name of U1", "Europe/Vienna"), (profile!.DisplayName, profile.TimeZone));
        Assert.Equal(["U1", "U2"], (await directory.MembersAsync("S1", fresh: true, CancellationToken.None))!.Order());
    }

    [Theory]
    [InlineData("true", "alice@example.com")]
    [InlineData("false", null)]
    [InlineData(null, null)]
    public async Task An_address_counts_only_when_Slack_says_that_it_is_confirmed(string? confirmed, string? email)
    {
        host.Slack.On("users.info", _ => FakeSlack.Ok(new()
        {
            ["user"] = FakeSlack.User("U1", user =>
        {
            user["profile"]!["email"] = "alice@example.com";
            user["is_email_confirmed"] = confirmed is null ? null : JsonNode.Parse(confirmed);
        })
        }));

        Assert.Equal(email, (await host.Services.GetRequiredService<IChatDirectory>().FindAsync(Alice, fresh: true, CancellationToken.None))!.ConfirmedEmail);
    }

    [Fact]
    public async Task A_group_that_cannot_be_read_is_no_group_without_members()
    {
        var directory = host.Services.GetRequiredService<IChatDirectory>();
        host.Slack.On("usergroups.users.list", _ => FakeSlack.Error("missing_scope"));
        await Assert.ThrowsAsync<ChatUnavailableException>(() => directory.MembersAsync("S1", fresh: true, CancellationToken.None));

        host.Slack.On("usergroups.users.list", _ => FakeSlack.Error("no_such_subteam"));
        Assert.Null(await directory.MembersAsync("S1", fresh: true, CancellationToken.None));
    }

    private string Handle(string? url = null) => JsonSerializer.Serialize(new { response_url = url ?? host.Slack.ResponseUrl });
}
