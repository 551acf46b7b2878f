using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Grants;

/// <summary>Whoever approves may give less time than was asked for.</summary>
public sealed class ApprovedForLessTests
{
    [Fact]
    public async Task The_access_ends_when_the_approver_said_and_the_record_says_so()
    {
        var world = await RequestedAsync(approvals: 1);

        await world.PressAsync("bob", ChoiceKind.ApproveForLess);
        Assert.Null(await world.AnswerAsync("bob", ("for", "10m")));
        await world.WorkAsync();

        Assert.Equal(world.Now.AddMinutes(10), Assert.Single(world.Records.AllGrants).EndsAt);
        Assert.Contains(world.Records.Entries, entry => entry.Kind == TimelineKind.Approved && entry.Text.Contains("for 10 minutes at most, shorter than asked", StringComparison.Ordinal));
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await world.WorkAsync();
        Assert.Empty(world.Access.Objects);
    }

    [Fact]
    public async Task Of_several_the_shortest_counts_and_the_next_sees_it_on_the_card_and_agrees_to_that_alone()
    {
        var world = await RequestedAsync(approvals: 2);
        await world.PressAsync("bob", ChoiceKind.ApproveForLess);
        await world.AnswerAsync("bob", ("for", "10m"));
        await world.PostAllAsync();

        Assert.Equal("Access as editor to shop-a for 10 minutes", world.Chat.Said.Last(said => said.Card.Title.StartsWith("Access as", StringComparison.Ordinal)).Card.Title);
        await world.PressAsync("carol", ChoiceKind.Approve);
        Assert.All(world.OnlyOperation().Approvals, vote => Assert.Equal(TimeSpan.FromMinutes(10), vote.AtMost));
        world.Chat.Groups["G-commander"] = ["U-carol", "U-dave"];
        await world.WorkAsync(); // the vote that made it shorter falls, and the other does not grow

        Assert.Equal((OperationState.AwaitingApproval, TimeSpan.FromMinutes(10)), (world.OnlyOperation().State, world.OnlyOperation().ApprovedAtMost));
    }

    [Theory]
    [InlineData("30m")]
    [InlineData("2h")]
    [InlineData("0m")]
    [InlineData("-5m")]
    [InlineData("soon")]
    [InlineData("")]
    public async Task Nobody_gives_as_much_or_more_this_way_or_no_time(string time)
    {
        var world = await RequestedAsync(approvals: 1);
        await world.PressAsync("bob", ChoiceKind.ApproveForLess);

        var told = await world.AnswerAsync("bob", ("for", time));

        Assert.Equal(RefusalKind.NotAllowed.Title(), told?.Title);
        Assert.Empty(world.OnlyOperation().Approvals);
    }

    [Fact]
    public async Task Whoever_may_not_approve_is_not_asked_for_how_long_and_an_answer_that_comes_twice_is_one_vote()
    {
        var world = await RequestedAsync(approvals: 2);
        Assert.NotNull(await world.PressAsync("alice", ChoiceKind.ApproveForLess));
        Assert.NotNull(await world.PressAsync("eve", ChoiceKind.ApproveForLess));
        Assert.Empty(world.Chat.Dialogs);

        await world.PressAsync("bob", ChoiceKind.ApproveForLess);
        await world.AnswerAsync("bob", ("for", "10m"));
        Assert.Equal(RefusalKind.AlreadyVoted.Title(), (await world.AnswerAsync("bob", ("for", "5m")))?.Title);
        Assert.Equal(TimeSpan.FromMinutes(10), Assert.Single(world.OnlyOperation().Approvals).AtMost);
    }

    [Fact]
    public async Task Votes_that_fall_with_their_plan_take_the_shorter_time_with_them()
    {
        var world = await RequestedAsync(approvals: 1);
        await world.PressAsync("bob", ChoiceKind.ApproveForLess);
        await world.AnswerAsync("bob", ("for", "10m"));
        world.Restart(policy => policy.Version = "8");

        await world.WorkAsync();

        Assert.Equal((OperationState.AwaitingApproval, null), (world.OnlyOperation().State, world.OnlyOperation().ApprovedAtMost));
        Assert.Equal(world.Now.AddMinutes(30), world.OnlyOperation().EndsAt(world.Now));
    }

    [Fact]
    public async Task An_extension_is_approved_as_asked_or_not_at_all()
    {
        var world = await RequestedAsync(approvals: 1);
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.SayAsync("alice", "breakglass", $"extend {world.Records.AllGrants.Single().ShortId} by 20m");

        Assert.DoesNotContain(world.Records.Choices, choice => choice.Kind == ChoiceKind.ApproveForLess && choice.Subject == world.NewestOperation().Id);
    }

    private static async Task<World> RequestedAsync(int approvals)
    {
        var world = await World.WithIncidentAsync();
        world.Policy.Rules.Single(rule => rule.Name == "access").Approvals!.Count = approvals;
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        return world;
    }
}
