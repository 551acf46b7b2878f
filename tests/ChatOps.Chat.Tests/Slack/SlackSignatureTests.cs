using System.Text;
using ChatOps.Chat.Slack.Receiving;
using Microsoft.Extensions.Primitives;

namespace ChatOps.Chat.Tests.Slack;

public sealed class SlackSignatureTests
{
    private const string Body =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    private const string Signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    private const string Timestamp = "1531420618";
    private static readonly DateTimeOffset Then = DateTimeOffset.FromUnixTimeSeconds(1531420618);
    private static readonly SlackSignature Ours = new([SlackHost.Secret]);

    [Fact]
    public void The_example_that_Slack_publishes_is_valid() => Assert.True(IsValid(Timestamp, Signature, Then));

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    [InlineData(-3600, false)]
    public void Five_minutes_are_allowed_either_way(int secondsLater, bool valid) =>
        Assert.Equal(valid, IsValid(Timestamp, Signature, Then.AddSeconds(secondsLater)));

    [Theory]
    [InlineData("")]
    [InlineData("v0=")]
    [InlineData("v1=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData("v0=A2114D57B48EAC39B9AD189DD8316235A7B4A8D21A10BD27519666489C69B503")]
    [InlineData("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b504")]
    [InlineData("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b5é3")]
    public void Any_other_signature_is_not(string signature) => Assert.False(IsValid(Timestamp, signature, Then));

    [Theory]
    [InlineData("")]
    [InlineData(" 1531420618")]
    [InlineData("+1531420618")]
    [InlineData("1531420618.0")]
    [InlineData("9999999999999999999")]
    public void Any_other_timestamp_is_not(string timestamp) => Assert.False(IsValid(timestamp, Signature, Then));

    [Fact]
    public void A_header_that_is_missing_or_comes_twice_is_not_believed()
    {
        Assert.False(IsValid(StringValues.Empty, Signature, Then));
        Assert.False(IsValid(Timestamp, StringValues.Empty, Then));
        Assert.False(IsValid(new([Timestamp, Timestamp]), Signature, Then));
        Assert.False(IsValid(Timestamp, new([Signature, Signature]), Then));
    }

    [Fact]
    public void While_secrets_rotate_the_old_and_the_new_one_are_good()
    {
        var body = Encoding.UTF8.GetBytes(Body);

        Assert.True(new SlackSignature(["a-new-secret-of-32-characters-xx", SlackHost.Secret]).IsValid(Timestamp, Signature, body, Then));
        Assert.False(new SlackSignature(["a-new-secret-of-32-characters-xx"]).IsValid(Timestamp, Signature, body, Then));
        Assert.False(new SlackSignature([]).IsValid(Timestamp, Signature, body, Then));
    }

    private static bool IsValid(StringValues timestamp, StringValues signature, DateTimeOffset now) =>
        Ours.IsValid(timestamp, signature, Encoding.UTF8.GetBytes(Body), now);
}
