using System.Text.Json.Nodes;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using ChatOps.Core.Records;

namespace ChatOps.Chat.Tests.Slack;

public sealed class SlackIntakeTests : IAsyncLifetime
{
    private static readonly Channel Room = new(ChatPlatform.Slack, "T1", "C1");

    private SlackHost host = null!;

    public async Task InitializeAsync() => host = await SlackHost.StartAsync(new() { ["Slack:AppId"] = "A1" });

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task A_mention_in_a_thread_is_a_command_there()
    {
        await host.EventAsync(Payloads.Mention("<@UBOT> own checkout <@U2|bob>", happened => happened["thread_ts"] = "1700000000.000001"));

        var delivery = host.Records.Only;
        Assert.Equal(new Said.Command(null, "own checkout @U2"), delivery.Said);
        Assert.Equal(new Place(Room, "1700000000.000001"), delivery.Place);
        Assert.Equal(new ChatAccount(ChatPlatform.Slack, "T1", "U1"), delivery.From);
    }

    [Fact]
    public async Task A_direct_message_is_a_command_without_a_mention()
    {
        await host.EventAsync(Payloads.Direct("status"));

        Assert.Equal(new Said.Command(null, "status"), host.Records.Only.Said);
        Assert.True(host.Records.Only.IsDirect);
    }

    [Theory]
    [InlineData("C1", false)]
    [InlineData("G1", false)]
    [InlineData("D1", true)]
    public async Task A_slash_command_tells_whether_anybody_else_is_there(string channel, bool isDirect)
    {
        await host.PostAsync("/slack/commands", SlackHost.CommandForm("status", change: fields => fields["channel_id"] = channel));

        Assert.Equal(isDirect, host.Records.Only.IsDirect);
    }

    [Fact]
    public async Task The_Home_tab_is_opened_by_a_person_who_is_the_place()
    {
        await host.EventAsync(Payloads.HomeOpened("messages"));
        await host.EventAsync(Payloads.HomeOpened("home"));
        await host.EventAsync(Payloads.HomeOpened("home"));

        var delivery = host.Records.Only;
        Assert.Equal((new Said.OpenedHome(), new Place(Room with { Id = "U1" }, null)), (delivery.Said, delivery.Place));
        Assert.True(delivery.IsAtHome);
    }

    [Fact]
    public async Task A_press_on_the_Home_tab_is_at_home_and_one_on_a_message_is_not()
    {
        var press = Payloads.Press("k7", host.Slack.ResponseUrl);
        press.Remove("channel");
        press.Remove("message");
        press.Remove("response_url");
        press["container"] = new JsonObject { ["type"] = "view", ["view_id"] = "V1" };
        press["view"] = new JsonObject { ["type"] = "home" };

        await host.InteractAsync(press);

        var delivery = host.Records.Only;
        Assert.Equal((new Said.Pressed("k7", null), true), (delivery.Said, delivery.IsAtHome));
        Assert.False((delivery with { Place = new(Room, null) }).IsAtHome);
    }

    [Fact]
    public async Task A_retry_and_a_second_event_for_the_same_message_are_one_delivery()
    {
        await host.EventAsync(Payloads.Mention("<@UBOT> status"));
        await host.EventAsync(Payloads.Mention("<@UBOT> status"));
        await host.EventAsync(Payloads.Mention("<@UBOT> status", changeEnvelope: envelope => envelope["event_id"] = "Ev2"));

        Assert.Single(host.Records.Accepted);
        Assert.Equal(3, host.Records.Offered);
    }

    [Fact]
    public async Task Half_a_character_in_a_payload_is_no_reason_to_have_it_brought_again()
    {
        var payload = Payloads.Mention("HERE").ToJsonString().Replace("HERE", "\\ud800", StringComparison.Ordinal);

        Assert.Equal(200, (await host.PostAsync("/slack/events", payload)).Status);
        Assert.Equal(new Said.Command(null, ""), host.Records.Only.Said);
    }

    [Fact]
    public async Task A_press_by_somebody_of_another_workspace_sits_on_the_same_message()
    {
        await using var shared = await SlackHost.StartAsync(new() { ["Slack:AllowedTeams:1"] = "T2" }, prepare: slack =>
            slack.On("users.info", arguments => FakeSlack.Ok(new() { ["user"] = FakeSlack.User(arguments["user"]!.ToString(), user => user["team_id"] = "T2") })));

        await shared.InteractAsync(Payloads.Press("k", change: payload =>
        {
            payload["team"]!["id"] = "T2";
            payload["user"]!["team_id"] = "T2";
        }));

        var delivery = shared.Records.Only;
        Assert.Equal(new ChatAccount(ChatPlatform.Slack, "T2", "U1"), delivery.From);
        Assert.Equal(Room, delivery.Place.Channel);
        Assert.Equal(Room, ((Said.Pressed)delivery.Said).Message!.Channel);
    }

    [Theory]
    [InlineData("bot_id", "B1")]
    [InlineData("subtype", "bot_message")]
    [InlineData("subtype", "message_changed")]
    [InlineData("user", "UBOT")]
    [InlineData("edited", null)]
    public async Task Bots_edits_and_our_own_words_never_command(string field, string? value)
    {
        JsonNode node = value is null ? new JsonObject { ["user"] = "U1" } : value;

        Assert.Equal(200, (await host.EventAsync(Payloads.Mention("<@UBOT> pause x", happened => happened[field] = node.DeepClone()))).Status);
        Assert.Equal(200, (await host.EventAsync(Payloads.Direct("pause x", happened => happened[field] = node.DeepClone()))).Status);

        Assert.Equal(0, host.Records.Offered);
    }

    [Fact]
    public async Task Messages_in_channels_that_do_not_mention_us_are_not_ours()
    {
        await host.EventAsync(Payloads.Direct("pause x", happened => happened["channel_type"] = "channel"));

        Assert.Equal(0, host.Records.Offered);
    }

    [Fact]
    public async Task A_press_carries_its_token_and_the_message_it_sat_on()
    {
        var answer = await host.InteractAsync(Payloads.Press("k7"));

        Assert.Equal((200, ""), (answer.Status, answer.Body));
        var delivery = host.Records.Only;
        Assert.Equal(new Said.Pressed("k7", new MessageRef(Room, "1700000002.000200", "1700000001.000100")), delivery.Said);
        Assert.Equal(new Place(Room, "1700000001.000100"), delivery.Place);
    }

    [Fact]
    public async Task A_press_on_the_first_message_of_a_thread_names_it_as_it_was_posted()
    {
        await host.InteractAsync(Payloads.Press("k7", change: payload => payload["container"]!["thread_ts"] = "1700000002.000200"));

        Assert.Equal(new Said.Pressed("k7", new MessageRef(Room, "1700000002.000200", null)), host.Records.Only.Said);
    }

    [Fact]
    public async Task A_press_on_a_private_answer_has_no_message()
    {
        await host.InteractAsync(Payloads.Press("k7", change: payload => payload["container"]!["is_ephemeral"] = true));

        Assert.Equal(new Said.Pressed("k7", null), host.Records.Only.Said);
    }

    [Fact]
    public async Task A_dialog_answer_finds_its_place_again_and_closes_the_dialog()
    {
        var answer = await host.InteractAsync(Payloads.Answer("""{"token":"k8","channel":"C1","thread":"1700000001.000100"}""", "reason", "because"));

        Assert.Equal((200, ""), (answer.Status, answer.Body));
        var said = Assert.IsType<Said.Answered>(host.Records.Only.Said);
        Assert.Equal(("k8", "because"), (said.Token, said.Values["reason"]));
        Assert.Equal(new Place(Room, "1700000001.000100"), host.Records.Only.Place);
    }

    [Theory]
    [InlineData("is_bot", "Bots")]
    [InlineData("is_restricted", "Guests")]
    [InlineData("is_ultra_restricted", "Guests")]
    [InlineData("is_stranger", "Only members")]
    [InlineData("deleted", "deactivated")]
    public async Task Who_is_no_full_member_is_told_so_and_nothing_is_stored(string trait, string why)
    {
        host.Slack.On("users.info", arguments => FakeSlack.Ok(new() { ["user"] = FakeSlack.User(arguments["user"]!.ToString(), user => user[trait] = true) }));

        var command = await host.CommandAsync("pause checkout");
        var press = await host.InteractAsync(Payloads.Press("k7", host.Slack.ResponseUrl));
        var mention = await host.EventAsync(Payloads.Mention("<@UBOT> pause checkout"));

        Assert.Contains(why, command.Json["text"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("ephemeral", command.Json["response_type"]!.ToString());
        Assert.Contains(why, Assert.Single(host.Slack.Responses)["text"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal((200, "", 200, ""), (press.Status, press.Body, mention.Status, mention.Body));
        Assert.Equal(0, host.Records.Offered);
    }

    [Fact]
    public async Task Another_workspace_or_another_app_is_refused()
    {
        var team = await host.PostAsync("/slack/commands", SlackHost.CommandForm("apps", change: fields => fields["team_id"] = "T9"));
        var app = await host.PostAsync("/slack/commands", SlackHost.CommandForm("apps", change: fields => fields["api_app_id"] = "A9"));
        await host.EventAsync(Payloads.Mention("<@UBOT> x", happened => happened["user_team"] = "T9"));
        await host.EventAsync(Payloads.Mention("<@UBOT> x", happened => happened.Remove("team"), envelope => envelope["is_ext_shared_channel"] = true));
        await host.InteractAsync(Payloads.Press("k7", change: payload => payload["user"]!["team_id"] = "T9"));

        Assert.Contains("AllowedTeams", team.Json["text"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("AppId", app.Json["text"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, host.Records.Offered);
    }

    [Fact]
    public async Task A_person_that_Slack_does_not_know_is_refused()
    {
        host.Slack.On("users.info", _ => FakeSlack.Error("user_not_found"));

        Assert.Contains("does not know your account", (await host.CommandAsync("apps")).Json["text"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, host.Records.Offered);
    }

    [Fact]
    public async Task When_Slack_cannot_say_who_somebody_is_their_words_are_kept_for_the_policy_to_decide()
    {
        host.Slack.On("users.info", _ => FakeSlack.Error("internal_error"));

        Assert.Equal(200, (await host.CommandAsync("apps")).Status);
        Assert.Single(host.Records.Accepted);
    }

    [Fact]
    public async Task A_store_that_cannot_take_it_makes_Slack_bring_events_again_and_tells_people_that_nothing_was_done()
    {
        host.Records.Trouble = new RecordsUnavailableException("disk full");

        var command = await host.CommandAsync("pause checkout");
        var mention = await host.EventAsync(Payloads.Mention("<@UBOT> pause checkout"));
        var press = await host.InteractAsync(Payloads.Press("k7", host.Slack.ResponseUrl));
        var dialog = await host.InteractAsync(Payloads.Answer("k8", "reason", "because"));

        Assert.StartsWith("Nothing was done", command.Json["text"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(503, mention.Status);
        Assert.Equal(200, press.Status);
        Assert.StartsWith("Nothing was done", Assert.Single(host.Slack.Responses)["text"]!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("Nothing was done", dialog.Json["errors"]!["reason"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_failed_store_the_retry_of_the_same_event_is_stored()
    {
        host.Records.Trouble = new RecordsUnavailableException("disk full");
        await host.EventAsync(Payloads.Mention("<@UBOT> status"));
        host.Records.Trouble = null;

        Assert.Equal(200, (await host.EventAsync(Payloads.Mention("<@UBOT> status"))).Status);

        Assert.Single(host.Records.Accepted);
    }

    [Fact]
    public async Task A_store_that_hangs_is_not_called_a_store_that_refused()
    {
        host.Records.Before = async ct =>
        {
            host.Time.Advance(TimeSpan.FromSeconds(3));
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        };

        var answer = await host.CommandAsync("pause checkout");

        Assert.Contains("could not confirm", answer.Json["text"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Looking_up_the_person_and_storing_share_the_three_seconds()
    {
        var said = host.Time.GetUtcNow();
        host.Slack.On("users.info", arguments =>
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(900));
            return FakeSlack.Ok(new() { ["user"] = FakeSlack.User(arguments["user"]!.ToString()) });
        });
        host.Records.Before = async ct =>
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(1600));
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        };

        var answer = await host.CommandAsync("pause checkout");

        Assert.Contains("could not confirm", answer.Json["text"]!.ToString(), StringComparison.Ordinal);
        Assert.True(host.Time.GetUtcNow() - said < TimeSpan.FromSeconds(3));
    }
}
