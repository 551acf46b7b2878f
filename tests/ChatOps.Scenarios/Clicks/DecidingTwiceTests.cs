using ChatOps.Core.Operations;
using ChatOps.Core.Timeline;
using ChatOps.Sandbox.Slack.Wire;

namespace ChatOps.Scenarios.Clicks;

/// <summary>Several clicks that mean the same: one effect, one entry, a clear answer for everybody.</summary>
public sealed class DecidingTwiceTests(Building building) : IClassFixture<Building>
{
    [Fact]
    [Trait("Bug", "01")]
    public async Task Two_approvals_in_the_same_second_pause_once_and_both_get_an_answer()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var patches = building.Patches.Count;

        await Task.WhenAll(room.PressAsync("bob", card, "Approve"), room.PressAsync("carol", card, "Approve"));

        var operation = await room.OperationIsAsync(OperationState.Succeeded);
        await Effects.QuietAsync(room);
        Assert.Single(operation.Approvals);
        var late = operation.Approvals[0].Person == "bob" ? "carol" : "bob";
        Assert.Contains($"This was approved already by {operation.Approvals[0].Person}.", await room.ToldAsync(late, "approved already"), StringComparison.Ordinal);
        await OnceAsync(room, patches);
        await room.ResumeAsync();
    }

    [Fact]
    public async Task A_click_that_is_delivered_five_times_counts_once()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var patches = building.Patches.Count;

        building.Slack.Tweak = new DeliveryTweak { Copies = 5 };
        await room.PressAsync("bob", card, "Approve");
        building.Slack.Tweak = new DeliveryTweak();

        await room.OperationIsAsync(OperationState.Succeeded);
        await Effects.QuietAsync(room);
        Assert.Empty(room.Told("bob"));
        await OnceAsync(room, patches);
        await room.ResumeAsync();
    }

    [Fact]
    [Trait("Bug", "01")]
    public async Task A_double_click_counts_once_and_says_so()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var patches = building.Patches.Count;

        await Task.WhenAll(room.PressAsync("bob", card, "Approve"), room.PressAsync("bob", card, "Approve"));

        await room.OperationIsAsync(OperationState.Succeeded);
        Assert.Contains("This was approved already by bob.", await room.ToldAsync("bob", "approved already"), StringComparison.Ordinal);
        await OnceAsync(room, patches);
        await room.ResumeAsync();
    }

    [Fact]
    public async Task A_replayed_click_is_taken_and_does_nothing()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        var click = await room.PressAsync("bob", card, "Approve");
        await room.OperationIsAsync(OperationState.Succeeded);
        await room.ResumeAsync();
        var before = await Effects.OfAsync(room);

        var answer = await building.Slack.ReplayAsync(click, Room.Ct);

        Assert.Equal(200, answer.Status);
        Assert.Equal(before, await Effects.OfAsync(room));
        Assert.Empty(room.Told("bob"));
    }

    [Fact]
    public async Task A_denial_and_an_approval_at_once_have_one_outcome()
    {
        var room = building.NewRoom();
        var card = await room.BeginAsync();
        await room.PressAsync("carol", card, "Deny …");
        await room.Carol.Dialogs.WaitAsync(Room.Ct);
        var patches = building.Patches.Count;

        await Task.WhenAll(
            room.PressAsync("bob", card, "Approve"),
            room.Carol.Dialogs.SubmitAsync(new Dictionary<string, string> { ["reason"] = "not while the sale runs" }));

        var operation = await room.EventuallyAsync(room.OperationAsync, one => one.IsTerminal, one => $"an end, it is {one.State}");
        await Effects.QuietAsync(room);
        var decisions = (await building.Records.TimelineAsync(room.Number, Room.Ct)).Count(entry => entry.Kind is TimelineKind.Approved or TimelineKind.Denied);
        Assert.Equal(1, decisions);
        if (operation.State == OperationState.Denied)
        {
            Assert.Equal(patches, building.Patches.Count);
            Assert.Contains("This is over: denied by carol: not while the sale runs.", await room.ToldAsync("bob", "This is over"), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(patches + 1, building.Patches.Count);
            Assert.Contains("This was approved already by bob.", await room.ToldAsync("carol", "approved already"), StringComparison.Ordinal);
            await room.ResumeAsync();
        }
    }

    private async Task OnceAsync(Room room, int patchesBefore)
    {
        Assert.Equal(patchesBefore + 1, building.Patches.Count);
        var entries = await building.Records.TimelineAsync(room.Number, Room.Ct);
        Assert.Single(entries, entry => entry.Kind == TimelineKind.Approved);
        Assert.Single(entries, entry => entry.Kind == TimelineKind.Started);
        Assert.Single(entries, entry => entry.Kind == TimelineKind.Paused);
        Assert.Single(await building.Records.LeasesAsync(room.Number, Room.Ct));
    }
}
