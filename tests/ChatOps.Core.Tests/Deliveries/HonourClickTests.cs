using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Deliveries;

public class HonourClickTests
{
    private static readonly Place Here = new(World.Room, null);

    [Fact]
    public async Task A_token_that_was_never_given_out_means_nothing()
    {
        var world = await RequestedAsync();

        var answer = await world.DeliverAsync("carol", new Said.Pressed("0123456789abcdef0123456789abcdef", null), Here);

        Assert.Equal(RefusalKind.TooLate.Title(), answer?.Title);
        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
    }

    [Fact]
    public async Task A_button_that_comes_from_another_message_means_nothing()
    {
        var world = await RequestedAsync();
        var other = (await world.Records.FindMessageAsync(MessageKey.Incident(1), World.Room, default))!.Ref;

        Assert.Equal(RefusalKind.NotAllowed.Title(), (await world.DeliverAsync("carol", new Said.Pressed(Approve(world).Token, other), Here))?.Title);
        Assert.Equal(RefusalKind.NotAllowed.Title(), (await world.DeliverAsync("carol", new Said.Pressed(Approve(world).Token, null), Here))?.Title);
        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
    }

    [Fact]
    public async Task A_press_that_is_quicker_than_the_answer_to_our_post_counts()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");
        var early = world.Records.Choices.First(choice => choice.Kind == ChoiceKind.Approve && choice.Message == MessageKey.Operation(world.OnlyOperation().Id));

        Assert.Null(await world.DeliverAsync("carol", new Said.Pressed(early.Token, new(World.Room, "m-not-confirmed", null)), Here));

        Assert.Equal("carol", Assert.Single(world.OnlyOperation().Approvals).Person);
    }

    [Fact]
    public async Task A_press_from_a_message_that_nobody_knows_means_nothing_once_its_own_is_known()
    {
        var world = await RequestedAsync();
        var choice = world.Records.Choices.First(choice => choice.Kind == ChoiceKind.Approve && choice.Message == MessageKey.Operation(world.OnlyOperation().Id));

        var answer = await world.DeliverAsync("carol", new Said.Pressed(choice.Token, new(World.Room, "m-forged", null)), Here);

        Assert.Equal(RefusalKind.NotAllowed.Title(), answer?.Title);
    }

    // Seen under load: Slack made the post, its answer was lost, the post was repeated, and whoever pressed the first of the two was called a forger.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_copy_of_a_post_that_was_repeated_after_a_lost_answer_is_honoured(bool first)
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");
        (world.Chat.LosesAnswers, world.Chat.HidesPosts) = (true, true);
        await world.PostAllAsync();
        world.Chat.LosesAnswers = false;
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.PostAllAsync();
        var card = MessageKey.Operation(world.OnlyOperation().Id);
        var copies = world.Chat.CopiesOf(card);
        Assert.Equal(2, copies.Count);

        var choice = world.Records.Choices.First(choice => choice.Kind == ChoiceKind.Approve && choice.Message == card);
        Assert.Null(await world.DeliverAsync("carol", new Said.Pressed(choice.Token, first ? copies[0] : copies[1]), Here));

        Assert.Equal("carol", Assert.Single(world.OnlyOperation().Approvals).Person);
    }

    /// <summary>The message was asked for only where the press said that it was one.</summary>
    [Fact]
    public async Task A_button_s_token_that_comes_back_as_an_answer_means_nothing()
    {
        var world = await RequestedAsync();

        var answer = await world.DeliverAsync("carol", new Said.Answered(Approve(world).Token, new Dictionary<string, string>()), Here);

        Assert.Equal(RefusalKind.NotAllowed.Title(), answer?.Title);
        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
    }

    [Fact]
    public async Task A_dialog_s_token_that_is_pressed_means_nothing()
    {
        var world = await RequestedAsync();
        await world.PressAsync("carol", ChoiceKind.Deny);
        await world.PostAllAsync();

        var answer = await world.DeliverAsync("carol", new Said.Pressed(world.Chat.Dialogs[^1].Dialog.Token, null), Here);

        Assert.Equal(RefusalKind.NotAllowed.Title(), answer?.Title);
        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
    }

    [Fact]
    public async Task An_old_dialog_means_nothing()
    {
        var world = await RequestedAsync();
        await world.PressAsync("carol", ChoiceKind.Deny);
        world.Time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(RefusalKind.TooLate.Title(), (await world.AnswerAsync("carol", ("reason", "no")))?.Title);
    }

    [Fact]
    public async Task A_denial_asks_why_and_everybody_sees_it()
    {
        var world = await RequestedAsync();
        await world.PressAsync("carol", ChoiceKind.Deny);
        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);

        await world.AnswerAsync("carol", ("reason", "the database first"));

        Assert.Equal(OperationState.Denied, world.OnlyOperation().State);
        Assert.Contains(world.Records.Entries, entry => entry.Text.Contains("the database first", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_approvals_in_the_same_moment_are_one_approval_and_one_clear_answer()
    {
        var world = await RequestedAsync();
        var choice = Approve(world);
        var first = true;
        var answer = (Card?)null;
        world.Records.BeforeCommit = async changes =>
        {
            if (first && changes.Operations.Count > 0)
            {
                first = false;
                answer = await world.PressAsync("bob", choice);
            }
        };

        var late = await world.PressAsync("carol", choice);

        Assert.Null(answer);
        Assert.Equal(RefusalKind.AlreadyDecided.Title(), late?.Title);
        Assert.Equal("bob", Assert.Single(world.OnlyOperation().Approvals).Person);
    }

    [Fact]
    public async Task A_card_that_is_decided_has_no_button()
    {
        var world = await RequestedAsync();
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.PostAllAsync();

        var card = world.Chat.Said.Last(said => said.Card.Title.StartsWith("Pause shop-a", StringComparison.Ordinal)).Card;

        Assert.DoesNotContain(card.Parts, part => part is Part.Buttons);
    }

    [Theory]
    [InlineData("-5m")]
    [InlineData("0m")]
    [InlineData("999999d")]
    [InlineData("soon")]
    public async Task An_extension_by_no_usable_time_is_answered_and_not_asked_for(string by)
    {
        var world = await World.WithPauseAsync();
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        await world.PressAsync("alice", ChoiceKind.ExtendLease);

        var answer = await world.AnswerAsync("alice", ("by", by), ("reason", "not done yet"));

        Assert.Equal(RefusalKind.NotUnderstood.Title(), answer?.Title);
        Assert.Single(world.Records.AllOperations);
    }

    private static Choice Approve(World world) => world.Records.Choices.Last(choice => choice.Kind == ChoiceKind.Approve);

    private static async Task<World> RequestedAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");
        await world.PostAllAsync();
        return world;
    }
}
