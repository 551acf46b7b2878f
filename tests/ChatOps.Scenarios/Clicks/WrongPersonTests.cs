using ChatOps.Core.Operations;
using ChatOps.Core.Timeline;
using ChatOps.Sandbox.Slack.Model;

namespace ChatOps.Scenarios.Clicks;

/// <summary>Clicks by people who may not decide: each is told why, and nothing else happens.</summary>
public sealed class WrongPersonTests(Building building) : IClassFixture<Building>
{
    [Theory]
    [InlineData("alice", "Nobody approves their own request. Somebody with the role commander has to.")]
    [InlineData("dave", "Your account U0DAVE belongs to nobody in my configuration, or to more than one person.")]
    [InlineData("gil", "Guests cannot use ChatOps; ask a full member of this workspace. Nothing was done.")]
    [InlineData("sam", "This workspace is not allowed to use ChatOps (Slack:AllowedTeams). Nothing was done.")]
    [InlineData("deploybot", "Bots and workflows cannot use ChatOps; a person has to ask. Nothing was done.")]
    public async Task Who_may_not_decide_is_told_why(string person, string words)
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var before = await Effects.OfAsync(room);

        (await room.PressAsync(person, card, "Approve")).Is(200);

        Assert.Contains(words, (await room.ToldAsync(person, words[..20])).Replace('\n', ' '), StringComparison.Ordinal);
        Assert.Equal(before, await Effects.OfAsync(room));
        await LeaveAsync(room, card);
    }

    [Fact]
    public async Task Somebody_of_another_team_in_a_shared_channel_is_nobody()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var before = await Effects.OfAsync(room);
        var click = (await room.PressAsync("alice", card, "Approve")).Payload.DeepClone().AsObject();
        await room.ToldAsync("alice", "Nobody approves");

        // Slack Connect: the team is ours, the person's home is not.
        click["user"] = new System.Text.Json.Nodes.JsonObject { ["id"] = SampleWorkspace.Stranger, ["team_id"] = SampleWorkspace.ForeignTeamId };
        click["trigger_id"] = "another-trigger";
        await SignedPost.PressAsync(building, click);

        Assert.Contains("Only members of this workspace can use ChatOps, not guests from another one.", await room.ToldAsync("alice", "Only members"), StringComparison.Ordinal);
        Assert.Equal(before, await Effects.OfAsync(room));
        await LeaveAsync(room, card);
    }

    [Fact]
    public async Task Who_lost_the_role_before_the_click_is_refused()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var before = await Effects.OfAsync(room);
        using (WithoutRole("bob"))
        {
            await room.PressAsync("bob", card, "Approve");
            Assert.Contains("and you do not hold it now.", await room.ToldAsync("bob", "Rule pause-shop wants"), StringComparison.Ordinal);
        }

        Assert.Equal(before, await Effects.OfAsync(room));
        await LeaveAsync(room, card);
    }

    [Fact]
    public async Task Who_lost_the_role_between_click_and_execution_does_not_count()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var patches = building.Patches.Count;
        building.Cluster.Faults.Answer(request => request.Verb == "get" && request.Path.EndsWith("/checkout", StringComparison.Ordinal), 503);
        await room.PressAsync("bob", card, "Approve");
        await room.EventuallyAsync(room.OperationAsync, one => one is { State: OperationState.Approved, NextAttemptAt: not null }, one => $"waiting for the cluster, it is {one.State}");
        using (WithoutRole("bob"))
        {
            building.Cluster.Faults.Clear();
            building.Clock.Advance(TimeSpan.FromSeconds(30));
            var operation = await room.OperationIsAsync(OperationState.AwaitingApproval);

            Assert.Empty(operation.Approvals);
            Assert.Equal(patches, building.Patches.Count);
            await room.View.WaitForTextAsync("no longer holds the role to approve", Room.Ct);
            Assert.Single(await building.Records.TimelineAsync(room.Number, Room.Ct), entry => entry.Kind == TimelineKind.VotesFell && entry.Text.StartsWith("bob no longer holds", StringComparison.Ordinal));
        }

        await LeaveAsync(room, await room.CardAsync());
    }

    [Fact]
    public async Task A_requester_who_lost_the_role_after_the_approval_gets_nothing()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var patches = building.Patches.Count;
        var group = building.Slack.Group("on-call");
        building.Slack.Change(group with { Users = [SampleWorkspace.Carol] });
        await room.PressAsync("bob", card, "Approve");

        var operation = await room.OperationIsAsync(OperationState.Refused);
        building.Slack.Change(group);

        Assert.StartsWith("Alice Adler may not do this any more", operation.Outcome, StringComparison.Ordinal);
        Assert.Equal(patches, building.Patches.Count);
        await room.View.WaitForTextAsync("was approved, but not done", Room.Ct);
    }

    [Fact]
    public async Task Only_the_requester_withdraws()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var before = await Effects.OfAsync(room);

        await room.PressAsync("bob", card, "Withdraw");

        Assert.Contains("Only the person who asked can withdraw it.", await room.ToldAsync("bob", "Only the person"), StringComparison.Ordinal);
        Assert.Equal(before, await Effects.OfAsync(room));
        await LeaveAsync(room, card);
    }

    /// <summary>The next test asks for the same application.</summary>
    private static async Task LeaveAsync(Room room, SlackMessage card)
    {
        await room.PressAsync("alice", card, "Withdraw");
        await room.OperationIsAsync(OperationState.Withdrawn);
    }

    private Restored WithoutRole(string person)
    {
        var group = building.Slack.Group("commanders");
        building.Slack.Change(group with { Users = [.. group.Users.Where(member => member != building.Slack.User(person).Id)] });
        return new(() => building.Slack.Change(group));
    }

    private sealed class Restored(Action restore) : IDisposable
    {
        public void Dispose() => restore();
    }
}
