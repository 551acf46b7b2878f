using System.Collections.Concurrent;
using ChatOps.Core.Conversation;
using ChatOps.Core.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Chat.Tests.Slack;

/// <summary>A curve comes into the thread as a picture, and never at the cost of the words.</summary>
public sealed class SlackPictureTests : IAsyncLifetime
{
    private static readonly Channel Room = new(ChatPlatform.Slack, "T1", "C1");
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    private static readonly Part.Curve Errors = new(
        "error rate of checkout", [.. Enumerable.Range(0, 60).Select(i => new CurvePoint(Start.AddSeconds(i * 15), i < 30 ? 40 : 0.2))], Below: 1, Above: null, Mark: Start.AddSeconds(450));

    private static readonly Card Signals = new("Signals of checkout: good", Tone.Good, [new Part.Paragraph("error rate 0.2 %"), Errors]);

    private readonly ConcurrentQueue<byte[]> uploads = [];
    private SlackHost host = null!;
    private int uploadStatus = 200;
    private string? elsewhere;

    public async Task InitializeAsync()
    {
        host = await SlackHost.StartAsync(remote: slack => slack.MapPost("/files/{id}", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            uploads.Enqueue(body.ToArray());
            http.Response.StatusCode = uploadStatus;
        }));
        host.Slack.On("chat.postMessage", _ => FakeSlack.Ok(new() { ["channel"] = "C1", ["ts"] = "1.1" }));
        host.Slack.On("files.getUploadURLExternal", _ => FakeSlack.Ok(new() { ["file_id"] = "F1", ["upload_url"] = elsewhere ?? new Uri(host.Slack.Url, "files/F1").ToString() }));
        host.Slack.On("files.completeUploadExternal", _ => FakeSlack.Ok());
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task A_curve_is_given_to_slack_as_a_picture_that_the_message_shows()
    {
        await PostAsync();

        var asked = Assert.Single(host.Slack.CallsOf("files.getUploadURLExternal"));
        var png = Assert.Single(uploads);
        Assert.Equal((png.Length.ToString(null, null), "error rate of checkout"), (asked["length"]!.ToString(), asked["alt_text"]!.ToString()));
        Assert.Equal("F1", Assert.Single(host.Slack.CallsOf("files.completeUploadExternal"))["files"]![0]!["id"]!.ToString());
        Assert.Null(host.Slack.CallsOf("files.completeUploadExternal")[0]["channel_id"]);
        var picture = Assert.Single(host.Slack.CallsOf("chat.postMessage"))["blocks"]!.AsArray().Single(block => block!["type"]!.ToString() == "image")!;
        Assert.Equal(("F1", "error rate of checkout"), (picture["slack_file"]!["id"]!.ToString(), picture["alt_text"]!.ToString()));
    }

    [Fact]
    public async Task Without_the_scope_the_words_are_said_alone()
    {
        host.Slack.On("files.getUploadURLExternal", _ => FakeSlack.Error("missing_scope"));

        await PostAsync();

        Assert.Empty(uploads);
        AssertSaidOnceWithoutPicture();
    }

    [Fact]
    public async Task An_upload_that_fails_costs_the_picture_only()
    {
        uploadStatus = 500;

        await PostAsync();

        Assert.Empty(host.Slack.CallsOf("files.completeUploadExternal"));
        AssertSaidOnceWithoutPicture();
    }

    [Fact]
    public async Task Nothing_is_sent_to_an_address_that_is_not_slacks()
    {
        elsewhere = "https://files.slack.com.example.org/upload/F1";

        await PostAsync();

        Assert.Empty(uploads);
        AssertSaidOnceWithoutPicture();
    }

    [Fact]
    public async Task A_picture_that_slack_is_not_ready_to_show_does_not_keep_the_message_back()
    {
        host.Slack.On("chat.postMessage", arguments => arguments["blocks"]!.ToJsonString().Contains("slack_file", StringComparison.Ordinal)
            ? FakeSlack.Error("invalid_blocks")
            : FakeSlack.Ok(new() { ["channel"] = "C1", ["ts"] = "1.1" }));

        await PostAsync();

        var said = host.Slack.CallsOf("chat.postMessage");
        Assert.Equal(2, said.Count);
        Assert.DoesNotContain("slack_file", said[1].ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("error rate 0.2 %", said[1].ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_picture_shows_what_is_good_and_where_the_number_is()
    {
        var picture = CurvePicture.Paint(Errors)!;

        var (top, bottom) = (picture[CurvePicture.Width - 40, 40], picture[CurvePicture.Width / 4, CurvePicture.Height - 5]);
        Assert.Equal(new(0xff, 0xff, 0xff), top);
        Assert.True(bottom.Green > bottom.Red, $"below the threshold the ground is {bottom}");
        Assert.True(IsDark(picture, x: 12, from: 0, to: 60), "the line begins high");
        Assert.True(IsDark(picture, x: CurvePicture.Width - 14, from: 120, to: CurvePicture.Height), "and ends low, with a dot");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void One_value_is_no_curve(int values) => Assert.Null(CurvePicture.Draw(Errors with { Points = [.. Errors.Points.Take(values)] }));

    [Fact]
    public void A_flat_line_and_values_that_are_no_numbers_are_drawn_all_the_same()
    {
        Assert.NotNull(CurvePicture.Draw(Errors with { Points = [.. Errors.Points.Select(point => point with { Value = 0 })], Below = null }));
        Assert.NotNull(CurvePicture.Draw(Errors with { Points = [new(Start, double.NaN), .. Errors.Points, new(Start.AddHours(1), double.PositiveInfinity)] }));
    }

    private static bool IsDark(Canvas picture, int x, int from, int to) =>
        Enumerable.Range(from, to - from).Any(y => picture[x, y] is { Red: < 0x60, Green: < 0x60, Blue: < 0x70 });

    private Task<MessageRef> PostAsync() => host.Services.GetRequiredService<IChat>().PostAsync(Room, "1.0", MessageKey.Entry(1, 2), Signals, CancellationToken.None);

    private void AssertSaidOnceWithoutPicture()
    {
        var said = Assert.Single(host.Slack.CallsOf("chat.postMessage")).ToJsonString();
        Assert.DoesNotContain("\"image\"", said, StringComparison.Ordinal);
        Assert.Contains("error rate 0.2 %", said, StringComparison.Ordinal);
    }
}
