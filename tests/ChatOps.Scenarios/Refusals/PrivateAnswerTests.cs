using System.Diagnostics;
using ChatOps.Core.Operations;
using ChatOps.Scenarios.Clicks;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Refusals;

/// <summary>What only one person is to hear or to fill in, refused by Slack: it reaches the person another way, later, or as a word that it did not work.</summary>
public sealed class PrivateAnswerTests(Building building) : IClassFixture<Building>
{
    public static TheoryData<string> Refusals => new(SlackRefusalTests.Outages.Concat(SlackRefusalTests.Nos));

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task An_answer_whose_url_is_refused_is_given_all_the_same(string refusal)
    {
        var room = await building.CleanRoomAsync();
        building.Slack.Faults.Plan("response_url", SlackRefusalTests.Wrong(refusal));

        await room.Alice.CommandAsync("/gitops", "help", room.Channel);

        await HeardAsync(room, "pause");
        building.LeaveClean();
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    [InlineData("user_not_in_channel")]
    [Trait("Bug", "18")]
    public async Task An_answer_to_a_mention_is_given_all_the_same(string refusal)
    {
        var room = await building.CleanRoomAsync();
        building.Slack.Faults.Plan("chat.postEphemeral", SlackRefusalTests.Wrong(refusal));

        await room.Alice.MentionAsync(room.View.Id, null, "gitops help");

        await HeardAsync(room, refusal is "msg_too_long" or "message_not_found" ? "could not show the whole answer" : "pause");
        building.LeaveClean();
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_window_that_cannot_be_opened_is_said_and_can_be_asked_for_again(string refusal)
    {
        var room = await building.CleanRoomAsync();
        var card = await room.BeginAsync();
        building.Slack.Faults.Plan("views.open", SlackRefusalTests.Wrong(refusal));

        await room.PressAsync("bob", card, "Deny …");
        if (!await OpensOrToldAsync(room))
        {
            await room.PressAsync("bob", card, "Deny …");
            await room.Bob.Dialogs.WaitAsync(Room.Ct);
        }

        await room.Bob.Dialogs.SubmitAsync(new Dictionary<string, string> { ["reason"] = "not now" });
        await room.OperationIsAsync(OperationState.Denied);
        await Truth.HoldsAsync(room);
        building.LeaveClean();
    }

    private static async Task<bool> OpensOrToldAsync(Room room)
    {
        await HurryAsync(room, () => room.Bob.Dialogs.Top is not null || room.Told("bob").Count > 0 || Private(room, "bob", "window"), "a window, or a word that there is none");
        return room.Bob.Dialogs.Top is not null;
    }

    private static Task HeardAsync(Room room, string words) =>
        HurryAsync(room, () => room.Told("alice").Any(text => text.Contains(words, StringComparison.Ordinal)) || Private(room, "alice", words), $"alice hearing '{words}'");

    private static bool Private(Room room, string person, string words) => room.Building.Slack.DirectWith(person).Messages.Any(message => Words.Of(message).Contains(words, StringComparison.Ordinal));

    private static async Task HurryAsync(Room room, Func<bool> isTrue, string what)
    {
        var since = Stopwatch.StartNew();
        while (!isTrue())
        {
            Assert.True(since.Elapsed < ScenarioWorld.Patience, $"waited in vain for {what}; told were {string.Join(" | ", room.Told("alice"))}");
            await Task.Delay(10);
            if (since.Elapsed > TimeSpan.FromMilliseconds(150))
            {
                room.Building.Pass(TimeSpan.FromSeconds(1));
            }
        }
    }
}
