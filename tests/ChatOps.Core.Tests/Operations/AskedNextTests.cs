using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Operations;

public class AskedNextTests
{
    [Fact]
    public async Task Who_is_named_next_is_asked_once_when_their_time_has_come_and_may_decide_from_then_on()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 20m because the rollback needs hands");
        world.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        await RoundAsync(world);
        Assert.Empty(AskedDave(world));
        Assert.Equal(RefusalKind.NotAllowed.Title(), (await world.PressAsync("dave", ChoiceKind.Approve))?.Title);

        world.Time.Advance(TimeSpan.FromSeconds(1));
        await RoundAsync(world);
        world.Time.Advance(TimeSpan.FromMinutes(5));
        await RoundAsync(world);

        var told = Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.Escalated).Text;
        Assert.Equal("shop-a is not decided after 10 minutes. Now platform may decide too: @U-dave ", told);
        Assert.Single(world.Chat.Said, said => said is { What: "post", Thread: not null } && said.Card.Summary == told);
        Assert.Single(AskedDave(world));
        var his = world.Records.Choices.Last(choice => choice.Kind == ChoiceKind.Approve && choice.Message == MessageKey.AskApprover(world.OnlyOperation().Id, World.Account("dave")));
        Assert.Null(await world.PressAsync("dave", his));
        Assert.Equal((OperationState.Approved, "dave"), (world.OnlyOperation().State, Assert.Single(world.OnlyOperation().Approvals).Person));
    }

    [Fact]
    public async Task What_was_decided_in_time_asks_nobody_else()
    {
        var world = await World.WithPauseAsync();

        world.Time.Advance(TimeSpan.FromMinutes(11));
        await RoundAsync(world);

        Assert.Empty(AskedDave(world));
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Kind == TimelineKind.Escalated);
    }

    private static async Task RoundAsync(World world)
    {
        await world.WorkAsync();
        await world.PostAllAsync();
    }

    private static List<(string What, string Where, string? Thread, Card Card)> AskedDave(World world) =>
        [.. world.Chat.Said.Where(said => said is { What: "post", Where: "DU-dave" } && said.Card.Parts.OfType<Part.Buttons>().Any())];
}
