using ChatOps.Core.Operations;
using ChatOps.Sandbox.Slack;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Scenarios.Clicks;

/// <summary>Slack made the post and its answer never came: what people see is ours, and its buttons count.</summary>
public sealed class RepeatedPostTests(Building building) : IClassFixture<Building>
{
    [Fact]
    public async Task A_click_that_is_quicker_than_Slack_s_answer_counts_and_the_card_is_not_posted_again()
    {
        var room = await DeclaredAsync();
        building.Slack.Faults.Plan("chat.postMessage", Fault.HangAfterApplying(), times: 100);
        var card = await room.AskAsync();

        await room.PressAsync("bob", card, "Approve");
        await room.OperationIsAsync(OperationState.Succeeded);

        building.Slack.Faults.Clear();
        building.Clock.Hurry(TimeSpan.FromSeconds(16));
        await Effects.QuietAsync(room);
        Assert.Equal("bob", Assert.Single((await room.OperationAsync()).Approvals).Person);
        Assert.Single(Cards(room));
        await room.ResumeAsync();
    }

    // The clock went on while Slack's answer was on its way, the card was posted again, and who pressed the first one was called a forger.
    [Fact]
    public async Task A_late_click_on_a_card_whose_answer_was_lost_hears_that_it_is_late()
    {
        var room = await DeclaredAsync();
        building.Slack.Faults.Plan("chat.postMessage", Fault.HangAfterApplying(), times: 100);
        var card = await room.AskAsync();
        building.Slack.Faults.Clear();
        building.Clock.Hurry(TimeSpan.FromMinutes(31));
        await room.OperationIsAsync(OperationState.Expired);
        await Effects.QuietAsync(room);

        await room.PressAsync("bob", card, "Approve");

        Assert.Contains("This request has expired; nothing was done.", await room.ToldAsync("bob", "expired"), StringComparison.Ordinal);
        Assert.Single(Cards(room));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Where_the_channel_may_not_be_read_each_copy_of_the_card_is_honoured(int copy)
    {
        var room = await DeclaredAsync();
        building.Slack.Faults.Plan("conversations.replies", Fault.Refuse("missing_scope"), times: 100);
        building.Slack.Faults.Plan("chat.postMessage", Fault.LoseAnswer(), times: 100);
        await room.AskAsync();
        while (Cards(room).Count < 2)
        {
            building.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        building.Slack.Faults.Clear();
        building.Clock.Advance(TimeSpan.FromMinutes(1));
        await Effects.QuietAsync(room);
        await room.PressAsync("bob", Cards(room)[copy], "Approve");

        await room.OperationIsAsync(OperationState.Succeeded);
        await room.ResumeAsync();
    }

    private static IReadOnlyList<SlackMessage> Cards(Room room) => [.. room.View.Messages.Where(message => message.IsReply && Words.Of(message).Contains("Pause checkout", StringComparison.Ordinal))];

    private async Task<Room> DeclaredAsync()
    {
        var room = building.NewRoom();
        await room.DeclareAsync();
        await Effects.QuietAsync(room);
        return room;
    }
}
