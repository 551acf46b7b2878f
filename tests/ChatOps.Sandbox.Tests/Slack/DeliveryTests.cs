using System.Globalization;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Wire;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Sandbox.Tests.Slack;

public sealed class DeliveryTests
{
    [Fact]
    public async Task A_command_arrives_signed_with_mentions_as_ids_and_its_answer_is_seen_by_nobody_else()
    {
        await using var bench = await SlackBench.StartAsync();
        var app = await bench.WithAppAsync();
        app.Answer = (_, context) => context.Response.WriteAsync("on it");

        await bench.Slack.As("alice").CommandAsync("/incident", "declare Checkout <500s> commander @bob", "incident-checkout");

        var request = Assert.Single(app.Requests);
        Assert.Equal("/slack/commands", request.Path);
        var stamp = long.Parse(request.Headers["X-Slack-Request-Timestamp"], CultureInfo.InvariantCulture);
        Assert.Equal(SlackSignature.Sign(bench.Slack.Options.SigningSecret, stamp, request.Body), request.Headers["X-Slack-Signature"]);
        Assert.Equal("declare Checkout &lt;500s&gt; commander <@U0BOB|bob>", request.Form["text"]);
        Assert.Equal("false", request.Form["is_enterprise_install"]);
        Assert.Equal("on it", Assert.Single(bench.Slack.As("alice").Ephemerals("incident-checkout")).Text);
        Assert.Empty(bench.Slack.As("bob").Ephemerals("incident-checkout"));
        Assert.Empty(bench.Slack.Channel("incident-checkout").Messages);
    }

    [Fact]
    public async Task A_command_that_is_not_answered_in_three_seconds_fails_and_is_not_sent_again()
    {
        await using var bench = await SlackBench.StartAsync();
        var app = await bench.WithAppAsync();
        var arrived = new TaskCompletionSource();
        app.Answer = (_, context) =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        var command = bench.Slack.As("alice").CommandAsync("/incident", "status", "incident-checkout");
        await arrived.Task;
        bench.Time.Advance(TimeSpan.FromSeconds(3));
        await command;
        bench.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Single(app.Requests);
        Assert.Contains("operation_timeout", Assert.Single(bench.Slack.As("alice").Ephemerals("incident-checkout")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_is_tried_again_at_once_then_after_one_and_after_five_minutes_and_says_why()
    {
        await using var bench = await SlackBench.StartAsync();
        var app = await bench.WithAppAsync();
        app.Answer = (_, context) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };

        await bench.Slack.As("bob").MentionAsync("incident-checkout", threadTs: null, "status");
        await Attempt(bench, 1);
        bench.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(2, app.Requests.Count);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await Attempt(bench, 2);
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        await Attempt(bench, 3);
        bench.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([null, "1", "2", "3"], app.Requests.Select(request => request.Headers.GetValueOrDefault("x-slack-retry-num")));
        Assert.Equal("http_error", app.Requests.Last().Headers["x-slack-retry-reason"]);
        Assert.Single(bench.Slack.Deliveries.Select(delivery => (string?)delivery.Payload["event_id"]).Distinct());
    }

    [Fact]
    public async Task An_app_can_forbid_to_try_an_event_again()
    {
        await using var bench = await SlackBench.StartAsync();
        var app = await bench.WithAppAsync();
        app.Answer = (_, context) =>
        {
            context.Response.Headers["x-slack-no-retry"] = "1";
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };

        await bench.Slack.As("bob").MentionAsync("incident-checkout", threadTs: null, "status");
        bench.Time.Advance(TimeSpan.FromHours(1));

        Assert.Single(app.Requests);
    }

    [Fact]
    public async Task A_forged_delivery_differs_in_its_signature_and_a_replay_in_nothing()
    {
        await using var bench = await SlackBench.StartAsync();
        var app = await bench.WithAppAsync();

        var genuine = await bench.Slack.As("alice").CommandAsync("/incident", "status", "incident-checkout");
        await bench.Slack.ReplayAsync(genuine, CancellationToken.None);
        bench.Slack.Tweak = new DeliveryTweak { SigningSecret = "somebody else's", SignedAgo = TimeSpan.FromMinutes(6) };
        await bench.Slack.As("alice").CommandAsync("/incident", "status", "incident-checkout");

        var requests = app.Requests.ToList();
        Assert.Equal(requests[0].Body, requests[1].Body);
        Assert.Equal(requests[0].Headers["X-Slack-Signature"], requests[1].Headers["X-Slack-Signature"]);
        var stamp = long.Parse(requests[2].Headers["X-Slack-Request-Timestamp"], CultureInfo.InvariantCulture);
        Assert.Equal(bench.Time.GetUtcNow().ToUnixTimeSeconds() - 360, stamp);
        Assert.NotEqual(SlackSignature.Sign(bench.Slack.Options.SigningSecret, stamp, requests[2].Body), requests[2].Headers["X-Slack-Signature"]);
    }

    [Fact]
    public async Task A_mention_tells_who_said_it_where_and_from_which_team()
    {
        await using var bench = await SlackBench.StartAsync();
        await bench.WithAppAsync();

        var root = await bench.Slack.As("alice").SayAsync("incident-checkout", "checkout is slow");
        await bench.Slack.As(SampleWorkspace.Stranger).MentionAsync("incident-checkout", root.Ts, "pause checkout");

        var payload = Assert.Single(bench.Slack.Deliveries).Payload;
        var told = payload["event"]!;
        Assert.Equal("app_mention", (string?)told["type"]);
        Assert.Equal(root.Ts, (string?)told["thread_ts"]);
        Assert.Equal(SampleWorkspace.ForeignTeamId, (string?)told["user_team"]);
        Assert.Equal("<@U0CHATOPS> pause checkout", (string?)told["text"]);
    }

    private static Task<Delivery> Attempt(SlackBench bench, int retry) =>
        bench.Slack.WaitForDeliveryAsync(delivery => delivery.Retry == retry, $"attempt {retry}", CancellationToken.None);
}
