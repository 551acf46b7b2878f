using ChatOps.Core.Conversation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

/// <summary>A question that Slack refused was dropped, while the record said that its owner was asked.</summary>
public class UnreachedTests
{
    [Fact]
    public async Task An_owner_who_cannot_be_reached_is_named_and_the_next_people_are_asked()
    {
        var world = await World.WithPauseAsync();
        world.Chat.Unreachable.Add("U-alice");
        await NearTheEndAsync(world);

        Assert.Contains("@U-alice could not be asked about the pause of shop-a", Told(world), StringComparison.Ordinal);
        Assert.Contains("the account is deactivated", Told(world), StringComparison.Ordinal);
        Assert.Contains("I ask bob, carol instead", Told(world), StringComparison.Ordinal);
        Assert.Contains(world.Chat.Said, said => said.Where == "DU-bob" && said.Card.Title == "The pause of shop-a is about to end");
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Text.Contains("was asked", StringComparison.Ordinal));
        Assert.Contains(world.Chat.Said, said => said.Where == World.Room.Id && said.Thread is not null && said.Card.Summary.Contains("could not be asked", StringComparison.Ordinal));
        Assert.Empty(world.Records.Outbox);
    }

    [Fact]
    public async Task It_goes_on_to_the_roles_of_the_policy_and_says_when_nobody_is_left()
    {
        var world = await World.WithPauseAsync();
        world.Chat.Unreachable.UnionWith(["U-alice", "U-bob", "U-carol", "U-dave"]);
        await NearTheEndAsync(world);

        Assert.Contains("I ask bob, carol instead", AllTold(world)[0], StringComparison.Ordinal);
        Assert.Contains("I ask dave instead", string.Join('\n', AllTold(world)), StringComparison.Ordinal);
        Assert.Contains("Nobody is left whom I could ask", Told(world), StringComparison.Ordinal);
        Assert.Empty(world.Records.Outbox);
    }

    [Fact]
    public async Task Whoever_was_asked_instead_can_take_it()
    {
        var world = await World.WithPauseAsync();
        world.Chat.Unreachable.Add("U-alice");
        await NearTheEndAsync(world);

        Assert.Null(await world.PressAsync("bob", ChoiceKind.TakeLease));
        Assert.Equal("bob", world.OnlyLease().Owner);
    }

    [Fact]
    public async Task When_no_direct_message_can_be_sent_at_all_the_thread_is_told_once_and_the_question_waits()
    {
        var world = await World.WithPauseAsync();
        await world.PostAllAsync();
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        var question = world.Records.Outbox.Single(queued => queued.Post is Outgoing.Say { Where: Where.ToPerson });
        foreach (var _ in new[] { 1, 2 })
        {
            world.Chat.Next.Enqueue(new ChatRefusedException(ChatRefusal.Configuration, "missing_scope", "add the scope im:write"));
            Assert.Equal(PostOutcome.Later, (await world.Post.HandleAsync(world.Records.Outbox.Single(queued => queued.Id == question.Id), default)).Outcome);
        }

        Assert.Contains("im:write", Assert.Single(AllTold(world)), StringComparison.Ordinal);
        Assert.Contains(world.Records.Outbox, queued => queued.Id == question.Id);
    }

    [Fact]
    public async Task A_pause_that_is_over_by_then_needs_nobody()
    {
        var world = await World.WithPauseAsync();
        world.Chat.Unreachable.Add("U-alice");
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Empty(AllTold(world));
        Assert.Empty(world.Records.Outbox);
    }

    [Fact]
    public async Task An_approver_who_was_not_reached_was_not_silent_and_the_thread_is_told_once()
    {
        var world = await World.WithIncidentAsync();
        world.Chat.Unreachable.UnionWith(["U-bob", "U-carol", "U-dave"]);
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands");
        await world.PostAllAsync();
        Assert.Equal(2, AllTold(world).Count);
        Assert.Contains("Their silence does not count", Told(world), StringComparison.Ordinal);

        world.Time.Advance(TimeSpan.FromMinutes(11));
        await world.WorkAsync(); // dave is asked too
        await world.PostAllAsync();
        Assert.Equal(3, AllTold(world).Count);
        world.Time.Advance(TimeSpan.FromMinutes(18));
        await world.WorkAsync();
        Assert.DoesNotContain(world.Records.Choices, choice => choice.Kind == ChoiceKind.SelfApprove);
        var refused = await world.PressAsync("alice", await world.OfferAloneAsync());

        Assert.Contains("No approver has been reached", string.Join('\n', refused!.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString())), StringComparison.Ordinal);
    }

    private static async Task NearTheEndAsync(World world)
    {
        await world.PostAllAsync();
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        await world.PostAllAsync();
    }

    private static List<string> AllTold(World world) => [.. world.Records.Entries.Where(entry => entry.Kind == TimelineKind.NotReached).Select(entry => entry.Text)];

    private static string Told(World world) => AllTold(world)[^1];
}
