using System.Text;
using ChatOps.Core.Conversation;

namespace ChatOps.Chat.Tests.Slack;

public sealed class SlackEndpointsTests : IAsyncLifetime
{
    private SlackHost host = null!;

    public async Task InitializeAsync() => host = await SlackHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task A_command_is_stored_before_it_is_acknowledged_with_silence()
    {
        var answer = await host.CommandAsync("pause checkout for 45m because &lt;reasons&gt;");

        Assert.Equal((200, ""), (answer.Status, answer.Body));
        var delivery = host.Records.Only;
        Assert.StartsWith("slack/trigger/", delivery.Key, StringComparison.Ordinal);
        // Keys are stored and logged as they are, and whoever has a trigger may open a dialog with it.
        Assert.DoesNotContain("1.2.a", delivery.Key, StringComparison.Ordinal);
        Assert.Equal(new Said.Command("gitops", "pause checkout for 45m because <reasons>"), delivery.Said);
        Assert.Equal(new(new(Core.People.ChatPlatform.Slack, "T1", "C1"), null), delivery.Place);
        Assert.Contains(host.Slack.ResponseUrl, delivery.ReplyHandle, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-360)]
    [InlineData(360)]
    public async Task Six_minutes_old_or_ahead_is_refused(int seconds)
    {
        var body = Encoding.UTF8.GetBytes(SlackHost.CommandForm("apps"));

        var answer = await host.PostAsync("/slack/commands", body, request => SlackHost.Sign(request, body, host.Time.GetUtcNow().AddSeconds(seconds)));

        Assert.Equal(401, answer.Status);
        Assert.Equal(0, host.Records.Offered);
    }

    [Theory]
    [InlineData("/slack/commands")]
    [InlineData("/slack/interactions")]
    [InlineData("/slack/events")]
    public async Task A_forged_signature_is_refused_on_every_door(string path)
    {
        var body = Encoding.UTF8.GetBytes("""{"type":"url_verification","challenge":"x"}""");

        var answer = await host.PostAsync(path, body, request => SlackHost.Sign(request, body, host.Time.GetUtcNow(), "another-secret-0123456789"));

        Assert.Equal((401, ""), (answer.Status, answer.Body));
        Assert.Equal(0, host.Records.Offered);
    }

    [Fact]
    public async Task A_header_that_comes_twice_is_refused()
    {
        var answer = await host.PostAsync("/slack/commands", SlackHost.CommandForm("apps"), request =>
            request.Headers.TryAddWithoutValidation("X-Slack-Signature", request.Headers.GetValues("X-Slack-Signature").First()));

        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task The_same_signed_bytes_again_are_stored_once_and_acknowledged_again()
    {
        var body = Encoding.UTF8.GetBytes(SlackHost.CommandForm("apps", change: fields => fields.Remove("trigger_id")));

        Assert.Equal(200, (await host.PostAsync("/slack/commands", body)).Status);
        Assert.Equal(200, (await host.PostAsync("/slack/commands", body)).Status);

        Assert.StartsWith("slack/body/", host.Records.Only.Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_megabytes_are_refused_whether_the_length_is_announced_or_not()
    {
        var body = new byte[5 << 20];

        Assert.Equal(413, (await host.PostAsync("/slack/events", body)).Status);
        Assert.Equal(413, (await host.PostAsync("/slack/events", body, request =>
        {
            request.Content = new StreamContent(new MemoryStream(body));
            request.Headers.TransferEncodingChunked = true;
        })).Status);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'t', (byte)'=', 0xff, 0xfe })]
    [InlineData(new byte[] { (byte)'t', (byte)'=', (byte)'%', (byte)'f', (byte)'f' })]
    public async Task What_is_not_UTF8_is_refused(byte[] body) =>
        Assert.Equal(400, (await host.PostAsync("/slack/commands", body)).Status);

    [Theory]
    [InlineData("/slack/events", "{")]
    [InlineData("/slack/events", "[]")]
    [InlineData("/slack/interactions", "payload=%7B")]
    [InlineData("/slack/interactions", "other=1")]
    [InlineData("/slack/commands", "command=%2Fgitops")]
    public async Task What_Slack_would_never_send_is_refused(string path, string body) =>
        Assert.Equal(400, (await host.PostAsync(path, body)).Status);

    [Fact]
    public async Task The_certificate_check_needs_no_signature_and_smuggles_nothing_in()
    {
        Assert.Equal(200, (await host.GetAsync("/slack/commands?ssl_check=1&token=x")).Status);
        var smuggled = await host.PostAsync("/slack/commands", $"ssl_check=1&{SlackHost.CommandForm("pause checkout")}", request => request.Headers.Remove("X-Slack-Signature"));

        Assert.Equal((200, ""), (smuggled.Status, smuggled.Body));
        Assert.Equal(0, host.Records.Offered);
    }

    [Fact]
    public async Task The_challenge_is_answered_when_it_is_signed()
    {
        var answer = await host.EventAsync(new() { ["type"] = "url_verification", ["challenge"] = "3eZbrw1aB" });

        Assert.Equal((200, "3eZbrw1aB"), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task A_command_of_another_name_is_told_what_there_is()
    {
        var answer = await host.PostAsync("/slack/commands", SlackHost.CommandForm("x", change: fields => fields["command"] = "/deploy"));

        Assert.Contains("/incident", answer.Json["text"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, host.Records.Offered);
    }

    [Fact]
    public async Task With_the_socket_alone_no_unsigned_door_is_open()
    {
        await using var socketOnly = await SlackHost.StartAsync(new() { ["Slack:AppToken"] = "xapp-1" }, withSecret: false);

        Assert.Equal(404, (await socketOnly.CommandAsync("apps")).Status);
    }
}
