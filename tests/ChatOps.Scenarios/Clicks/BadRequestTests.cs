using System.Net;
using System.Text;
using ChatOps.Core.Operations;
using ChatOps.Sandbox.Slack.Model;
using ChatOps.Sandbox.Slack.Wire;

namespace ChatOps.Scenarios.Clicks;

/// <summary>Requests that Slack did not send, or not now: refused at the door, before anything of them is believed.</summary>
public sealed class BadRequestTests(Building building) : IClassFixture<Building>, IAsyncLifetime
{
    private readonly Room room = building.NewRoom();
    private SlackMessage? card;
    private Effects? before;

    public async Task InitializeAsync()
    {
        card = await room.BeginAsync();
        before = await Effects.OfAsync(room);
    }

    /// <summary>Whatever came: nothing happened, and the true click still counts.</summary>
    public async Task DisposeAsync()
    {
        building.Slack.Tweak = new DeliveryTweak();
        Assert.Equal(before, await Effects.OfAsync(room));
        Assert.Empty(room.Told("bob"));
        await room.PressAsync("alice", card!, "Withdraw");
        await room.OperationIsAsync(OperationState.Withdrawn);
    }

    [Fact]
    public Task A_forged_signature_is_refused() => RefusedAsync(new DeliveryTweak { SigningSecret = "guessed" });

    [Fact]
    public Task A_missing_signature_is_refused() => RefusedAsync(new DeliveryTweak { IsWithoutSignature = true });

    [Fact]
    public Task A_click_signed_six_minutes_ago_is_refused() => RefusedAsync(new DeliveryTweak { SignedAgo = TimeSpan.FromMinutes(6) });

    [Fact]
    public Task A_click_signed_six_minutes_ahead_is_refused() => RefusedAsync(new DeliveryTweak { SignedAgo = TimeSpan.FromMinutes(-6) });

    [Fact]
    public Task A_click_changed_on_its_way_is_refused() => RefusedAsync(new DeliveryTweak { Body = body => [.. body, (byte)' '] });

    [Fact]
    public async Task A_refused_click_stays_refused_when_it_is_replayed()
    {
        var forged = await RefusedAsync(new DeliveryTweak { SigningSecret = "guessed" });

        Assert.Equal(401, (await building.Slack.ReplayAsync(forged, Room.Ct)).Status);
    }

    [Fact]
    public async Task Five_megabytes_are_not_read_even_when_they_are_signed()
    {
        var large = new byte[5 << 20];
        Array.Fill(large, (byte)'a');

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(large));
    }

    [Fact]
    public async Task Five_megabytes_in_chunks_are_not_read_either()
    {
        using var http = new HttpClient();
        using var content = new StreamContent(new MemoryStream(new byte[5 << 20]));
        content.Headers.ContentType = new("application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(building.Url, "/slack/interactions")) { Content = content };
        request.Headers.TransferEncodingChunked = true;
        try
        {
            using var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            // Closed while we were still sending: refused as well.
        }
    }

    [Fact]
    public async Task Signed_bytes_that_are_not_UTF_8_are_a_bad_request() =>
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync([.. "payload="u8, 0xFF, 0xFE, 0xC3, 0x28]));

    [Fact]
    public async Task Escaped_bytes_that_are_not_UTF_8_are_a_bad_request() =>
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("payload=%FF%FE%C3%28"u8.ToArray()));

    [Theory]
    [InlineData("payload=")]
    [InlineData("payload={\"type\":\"block_actions\"")]
    [InlineData("payload=[]")]
    [InlineData("payload={\"type\":\"block_actions\",\"actions\":[{}]}")]
    [InlineData("no-payload=1")]
    [InlineData("")]
    public async Task A_signed_payload_that_makes_no_sense_is_a_bad_request(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(Encoding.UTF8.GetBytes(body)));

    private Task<HttpStatusCode> PostAsync(byte[] body) => SignedPost.SendAsync(building, "/slack/interactions", "application/x-www-form-urlencoded", body);

    private async Task<Delivery> RefusedAsync(DeliveryTweak tweak)
    {
        building.Slack.Tweak = tweak;
        var delivery = await room.PressAsync("bob", card!, "Approve");
        building.Slack.Tweak = new DeliveryTweak();
        delivery.Is(401);
        return delivery;
    }
}
