using ChatOps.Sandbox.Slack;
using ChatOps.Scenarios.Clicks;

namespace ChatOps.Scenarios.Refusals;

/// <summary>Every call of the story to Slack, refused in every way: twice each, as an outage that passes.</summary>
public abstract class SlackRefusalTests(Building building, Step step, string method)
{
    public static TheoryData<string> Refusals { get; } =
    [
        "limited", "500", "503", "dropped", "hang", "answer lost", "hang after it happened", "internal_error",
        "not_in_channel", "missing_scope", "invalid_auth", "channel_not_found", "invalid_blocks", "message_not_found",
    ];

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task The_story_ends_well_after(string refusal)
    {
        var room = await building.CleanRoomAsync();
        var before = 0;
        await new Story(room, now =>
        {
            if (now == step)
            {
                before = building.Slack.Calls.Count(call => call.Method == method);
                building.Slack.Faults.Plan(method, Wrong(refusal), times: 2);
            }

            return Task.CompletedTask;
        }).TellAsync();

        Assert.True(building.Slack.Calls.Count(call => call.Method == method) > before, "the call was never made");
        await Truth.HoldsAsync(room);
        Assert.False(await Truth.IsPausedAsync(room));
        building.Slack.Faults.Clear();
        building.LeaveClean();
    }

    public static Fault Wrong(string refusal) => refusal switch
    {
        "limited" => Fault.RateLimited(TimeSpan.FromSeconds(3)),
        "500" => Fault.ServerError(500),
        "503" => Fault.ServerError(),
        "dropped" => Fault.Drop(),
        "hang" => Fault.Hang(),
        "answer lost" => Fault.LoseAnswer(),
        "hang after it happened" => Fault.HangAfterApplying(),
        _ => Fault.Refuse(refusal),
    };
}
