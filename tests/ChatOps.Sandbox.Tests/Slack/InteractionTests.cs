using System.Net;
using System.Text.Json.Nodes;
using ChatOps.Sandbox.Slack.Model;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Sandbox.Tests.Slack;

public sealed class InteractionTests
{
    private const string Incident = SampleWorkspace.IncidentChannel;

    private static readonly object Modal = new
    {
        type = "modal",
        callback_id = "deny",
        private_metadata = "op-1",
        title = new { type = "plain_text", text = "Deny" },
        submit = new { type = "plain_text", text = "Deny" },
        blocks = new[] { new { type = "input", block_id = "why", label = new { type = "plain_text", text = "Reason" }, element = new { type = "plain_text_input", action_id = "reason", max_length = 20 } } },
    };

    [Fact]
    public async Task A_trigger_opens_one_dialog_within_three_seconds()
    {
        await using var bench = await SlackBench.StartAsync();
        await bench.WithAppAsync();
        var first = await TriggerAsync(bench);
        var second = await TriggerAsync(bench);

        Assert.True((bool?)(await OpenAsync(bench, first))["ok"]);
        Assert.Equal("exchanged_trigger_id", (string?)(await OpenAsync(bench, first))["error"]);
        bench.Time.Advance(TimeSpan.FromSeconds(3.1));
        Assert.Equal("expired_trigger_id", (string?)(await OpenAsync(bench, second))["error"]);
        Assert.Equal("Deny", bench.Slack.As("alice").Dialogs.Top?.Title);
        Assert.Null(bench.Slack.As("bob").Dialogs.Top);
    }

    [Fact]
    public async Task A_response_url_answers_five_times_in_thirty_minutes()
    {
        await using var bench = await SlackBench.StartAsync();
        await bench.WithAppAsync();
        var url = await ResponseUrlAsync(bench);
        var late = await ResponseUrlAsync(bench);

        for (var use = 1; use <= 5; use++)
        {
            using var taken = await bench.AnswerLateAsync(url, new { text = $"use {use}" });
            Assert.Equal("ok", await taken.Content.ReadAsStringAsync());
        }

        using var sixth = await bench.AnswerLateAsync(url, new { text = "use 6" });
        bench.Time.Advance(TimeSpan.FromMinutes(31));
        using var expired = await bench.AnswerLateAsync(late, new { text = "late" });

        Assert.Equal((HttpStatusCode.NotFound, "used_url"), (sixth.StatusCode, await sixth.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.NotFound, "expired_url"), (expired.StatusCode, await expired.Content.ReadAsStringAsync()));
        Assert.Equal(5, bench.Slack.As("alice").Ephemerals(Incident).Count);
    }

    [Fact]
    public async Task Pressing_a_button_tells_which_where_and_by_whom_and_its_url_replaces_an_ephemeral_message()
    {
        await using var bench = await SlackBench.StartAsync();
        await bench.WithAppAsync();
        var blocks = new[] { new { type = "actions", block_id = "vote", elements = new[] { new { type = "button", action_id = "approve", text = new { type = "plain_text", text = "Approve" }, value = "op-1" } } } };
        await bench.CallAsync("chat.postEphemeral", new { channel = Incident, user = SampleWorkspace.Bob, text = "plan", blocks });
        var bob = bench.Slack.As("bob");

        var pressed = await bob.PressAsync(bob.Ephemerals(Incident)[0], "Approve");
        using var replaced = await bench.AnswerLateAsync((string)pressed.Payload["response_url"]!, new { replace_original = true, text = "done" });

        var action = pressed.Payload["actions"]![0]!;
        Assert.Equal(("approve", "vote", "op-1"), ((string?)action["action_id"], (string?)action["block_id"], (string?)action["value"]));
        Assert.True((bool?)pressed.Payload["container"]!["is_ephemeral"]);
        Assert.Null(pressed.Payload["message"]);
        var left = Assert.Single(bob.Ephemerals(Incident));
        Assert.Equal("done", left.Text);
        Assert.Null(left.Blocks);
    }

    [Fact]
    public async Task A_dialog_stays_open_with_the_apps_problems_and_closes_when_it_has_none()
    {
        await using var bench = await SlackBench.StartAsync();
        var app = await bench.WithAppAsync();
        await OpenAsync(bench, await TriggerAsync(bench));
        var dialogs = bench.Slack.As("alice").Dialogs;

        var empty = await dialogs.SubmitAsync(new Dictionary<string, string>());
        var tooLong = await dialogs.SubmitAsync(new Dictionary<string, string> { ["Reason"] = new('x', 21) });
        app.Answer = (_, context) => context.Response.WriteAsync("""{"response_action":"errors","errors":{"why":"Say more"}}""");
        var refused = await dialogs.SubmitAsync(new Dictionary<string, string> { ["Reason"] = "no" });
        app.Answer = (_, _) => Task.CompletedTask;
        var taken = await dialogs.SubmitAsync(new Dictionary<string, string> { ["Reason"] = "because" });

        Assert.Null(empty.Delivery);
        Assert.Null(tooLong.Delivery);
        Assert.Equal("Say more", refused.Problems["why"]);
        Assert.True(taken.IsClosed);
        Assert.Null(dialogs.Top);
        var view = taken.Delivery!.Payload["view"]!;
        Assert.Equal(("because", "op-1"), ((string?)view["state"]!["values"]!["why"]!["reason"]!["value"], (string?)view["private_metadata"]));
    }

    [Fact]
    public async Task A_view_changes_only_under_the_hash_that_was_seen_and_stacks_three_high()
    {
        await using var bench = await SlackBench.StartAsync();
        await bench.WithAppAsync();
        var opened = await OpenAsync(bench, await TriggerAsync(bench));
        var (id, hash) = ((string?)opened["view"]!["id"], (string?)opened["view"]!["hash"]);

        Assert.True((bool?)(await bench.CallAsync("views.update", new { view_id = id, hash, view = Modal }))["ok"]);
        Assert.Equal("hash_conflict", (string?)(await bench.CallAsync("views.update", new { view_id = id, hash, view = Modal }))["error"]);
        Assert.True((bool?)(await bench.CallAsync("views.push", new { trigger_id = await TriggerAsync(bench), view = Modal }))["ok"]);
        Assert.True((bool?)(await bench.CallAsync("views.push", new { trigger_id = await TriggerAsync(bench), view = Modal }))["ok"]);
        Assert.Equal("push_limit_reached", (string?)(await bench.CallAsync("views.push", new { trigger_id = await TriggerAsync(bench), view = Modal }))["error"]);
    }

    [Fact]
    public async Task A_button_of_an_older_version_of_a_card_can_still_be_pressed()
    {
        await using var bench = await SlackBench.StartAsync();
        await bench.WithAppAsync();
        var blocks = new[] { new { type = "actions", elements = new[] { new { type = "button", action_id = "approve", text = new { type = "plain_text", text = "Approve" } } } } };
        var posted = await bench.CallAsync("chat.postMessage", new { channel = Incident, text = "plan", blocks });
        var ts = (string)posted["ts"]!;
        await bench.CallAsync("chat.update", new { channel = Incident, ts, text = "decided", blocks = Array.Empty<object>() });
        var card = bench.Slack.Channel(Incident).Find(ts)!;

        await Assert.ThrowsAsync<ArgumentException>(() => bench.Slack.As("bob").PressAsync(card, "approve"));
        var pressed = await bench.Slack.As("bob").PressAsync(card, "approve", evenIfGone: true);

        Assert.Equal("approve", (string?)pressed.Payload["actions"]![0]!["action_id"]);
    }

    private static async Task<string> TriggerAsync(SlackBench bench) =>
        (string)(await bench.Slack.As("alice").CommandAsync("/gitops", "status", Incident)).Payload["trigger_id"]!;

    private static async Task<string> ResponseUrlAsync(SlackBench bench) =>
        (string)(await bench.Slack.As("alice").CommandAsync("/gitops", "status", Incident)).Payload["response_url"]!;

    private static Task<JsonObject> OpenAsync(SlackBench bench, string trigger) => bench.CallAsync("views.open", new { trigger_id = trigger, view = Modal });
}
