using ChatOps.Sandbox.Slack.Scripting;

namespace ChatOps.Scenarios.Clicks;

/// <summary>An incident declared where the bot may not speak: the people learn it at once, and how to mend it.</summary>
public sealed class BotNotInChannelTests(Building building) : IClassFixture<Building>
{
    [Fact]
    [Trait("Bug", "18")]
    public async Task The_declarer_is_told_in_private_and_the_channel_catches_up_when_the_bot_is_invited()
    {
        var room = building.NewRoom(withBot: false);
        await room.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 apps checkout commander @bob", room.Channel);

        foreach (var person in new[] { "alice", "bob" })
        {
            var notice = await building.Slack.DirectWith(person).WaitForTextAsync("Nobody sees incident", Room.Ct);
            Assert.Contains("To mend it: invite the bot: /invite @chatops.", Words.Of(notice), StringComparison.Ordinal);
        }

        await room.RememberAsync();
        await room.Alice.CommandAsync("/incident", "note the database is fine", room.Channel);
        building.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Empty(room.View.Messages);

        building.Invite(room);
        building.Clock.Advance(TimeSpan.FromSeconds(20));
        await room.View.WaitForTextAsync("the database is fine", Room.Ct);
        await Effects.QuietAsync(room);

        Assert.Single(room.View.Messages, message => !message.IsReply && message.OnlyFor is null && ChannelView.Shows(message, "Checkout 500s"));
        Assert.Single(building.Slack.DirectWith("alice").Messages, message => ChannelView.Shows(message, "Nobody sees incident"));
    }
}
