using ChatOps.Core.Conversation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

public class NeedOwnerTests
{
    [Fact]
    public async Task An_owner_who_lets_go_leaves_none_the_commander_is_asked_and_the_next_takes_it()
    {
        var world = await NearTheEndAsync();

        Assert.Null(await world.PressAsync("alice", ChoiceKind.NeedOwner));
        await world.PostAllAsync();

        Assert.Null(world.OnlyLease().Owner);
        var said = Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.OwnerChanged).Text;
        Assert.StartsWith("alice cannot own the pause of shop-a any longer. @U-carol, it ends ", said, StringComparison.Ordinal);
        Assert.EndsWith("own shop-a takes it.", said, StringComparison.Ordinal);
        Assert.Contains(world.Chat.Said, one => one is { What: "post", Thread: not null } && one.Card.Summary == said);

        Assert.Null(await world.SayAsync("anna", "gitops", "own shop-a"));
        Assert.Equal("anna", world.OnlyLease().Owner);
    }

    /// <summary>She acts in the incident too, and it has no commander: to name her would be to ask nobody.</summary>
    [Fact]
    public async Task Whoever_lets_go_is_not_asked_themselves_but_the_next_in_the_policy_are_also_in_person()
    {
        var world = await World.WithPauseAsync();
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();

        Assert.Null(await world.PressAsync("alice", ChoiceKind.NeedOwner));
        await world.PostAllAsync();

        var said = Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.OwnerChanged).Text;
        Assert.DoesNotContain("@U-alice", said, StringComparison.Ordinal);
        Assert.Contains("@U-bob, @U-carol, it ends ", said, StringComparison.Ordinal);
        Assert.Null(await world.PressAsync("carol", ChoiceKind.TakeLease));
        Assert.Equal("carol", world.OnlyLease().Owner);
    }

    [Fact]
    public async Task Past_the_end_it_is_not_said_that_it_ends()
    {
        var world = await World.WithPauseAsync();
        world.Time.Advance(TimeSpan.FromMinutes(31));
        await world.WorkAsync();

        Assert.Null(await world.PressAsync("alice", ChoiceKind.NeedOwner));

        Assert.Contains("its end was ", Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.OwnerChanged).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_lets_go_of_what_another_owns_and_twice_is_once()
    {
        var world = await NearTheEndAsync();
        await world.PostAllAsync();
        var button = world.Records.Choices.Last(choice => choice.Kind == ChoiceKind.NeedOwner);

        Assert.Equal(RefusalKind.AlreadyDecided.Title(), (await world.PressAsync("anna", button))?.Title);
        Assert.Equal("alice", world.OnlyLease().Owner);

        await world.PressAsync("alice", button);
        Assert.NotNull(await world.PressAsync("alice", button));
        Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.OwnerChanged);
    }

    /// <summary>A pause of half an hour that alice owns, in its last five minutes, when she is asked.</summary>
    private static async Task<World> NearTheEndAsync()
    {
        var world = await World.WithPauseAsync();
        await world.SayAsync("bob", "incident", "commander @carol");
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        return world;
    }
}
