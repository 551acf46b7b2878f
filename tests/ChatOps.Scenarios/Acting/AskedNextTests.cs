using ChatOps.Sandbox.Slack.Model;
using ChatOps.Scenarios.World;

namespace ChatOps.Scenarios.Acting;

/// <summary>Nobody answers, and the policy names who is asked then: bob first, carol after ten minutes.</summary>
public sealed class AskedNextTests
{
    private static readonly Dictionary<string, string?> Policy = new()
    {
        ["Policy:Roles:2:Name"] = "first-line",
        ["Policy:Roles:2:Users:0"] = "bob",
        ["Policy:Roles:3:Name"] = "second-line",
        ["Policy:Roles:3:Users:0"] = "carol",
        ["Policy:Rules:3:Approvals:FromRole"] = "first-line",
        ["Policy:Rules:3:Approvals:AskNext:0:Role"] = "second-line",
        ["Policy:Rules:3:Approvals:AskNext:0:After"] = "00:10:00",
    };

    [Fact]
    public async Task Who_is_named_next_is_asked_in_person_when_nobody_answered_and_their_press_runs_it()
    {
        await using var world = await ScenarioWorld.StartAsync(SimulatedShopCluster.StartAsync, socketMode: false, Policy);
        await world.Alice.CommandAsync("/incident", "declare \"Checkout 500s\" sev1 commander @bob apps checkout", SampleWorkspace.IncidentChannel);
        var thread = (await world.Slack.WaitForAsync(() => world.Channel.Pinned is [var pinned, ..] ? pinned : null, "a pinned card", CancellationToken.None, ScenarioWorld.Patience)).Ts;
        await world.Alice.MentionAsync(SampleWorkspace.IncidentChannel, thread, "pause checkout for 45m because the gateway is wrong");
        await world.PersonIsToldAsync(world.Bob, "Pause checkout", "needs one approval");
        Assert.Empty(world.Slack.DirectWith(SampleWorkspace.Carol).Messages);

        world.Clock.Advance(TimeSpan.FromMinutes(10));

        await world.ThreadSaysAsync(thread, "is not decided after 10 minutes", "second-line", $"<@{SampleWorkspace.Carol}>");
        await world.Carol.PressAsync(await world.PersonIsToldAsync(world.Carol, "Pause checkout", "needs one approval"), "Approve");
        await world.ThreadSaysAsync(thread, "checkout", "is paused until");
    }
}
