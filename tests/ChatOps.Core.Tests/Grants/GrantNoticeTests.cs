using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.People;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Grants;

/// <summary>A warning that Slack refused was dropped without a word, while the record said that the person was told.</summary>
public class GrantNoticeTests
{
    [Fact]
    public async Task Who_cannot_be_warned_of_the_end_is_named_in_the_thread_with_what_ends_and_when()
    {
        var world = await GivenAsync();
        world.Chat.Unreachable.Add("U-alice");

        await NearTheEndAsync(world);

        Assert.Equal(
            $"@U-alice could not be told in a direct message that their access to shop-a as editor ends 2026-11-23 02:30 UTC: the account is deactivated. It ends then all the same; /breakglass extend {Only(world).ShortId} by 30m, said by them, asks for more.",
            Assert.Single(Told(world)));
        Assert.Contains(world.Chat.Said, said => said is { What: "post", Thread: not null } && said.Card.Summary == Told(world)[0]);
        Assert.Empty(world.Records.Outbox);
    }

    [Fact]
    public async Task When_no_direct_message_can_be_sent_at_all_the_thread_is_told_once_and_the_warning_waits()
    {
        var world = await GivenAsync();
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        var warning = world.Records.Outbox.Single(queued => queued.Post is Outgoing.Say { Where: Where.ToPerson });
        foreach (var _ in new[] { 1, 2 })
        {
            world.Chat.Next.Enqueue(new ChatRefusedException(ChatRefusal.Configuration, "missing_scope", "add the scope im:write"));
            Assert.Equal(PostOutcome.Later, (await world.Post.HandleAsync(world.Records.Outbox.Single(queued => queued.Id == warning.Id), default)).Outcome);
        }

        Assert.Contains("@U-alice is not told yet", Assert.Single(Told(world)), StringComparison.Ordinal);
        Assert.Contains(world.Records.Outbox, queued => queued.Id == warning.Id);
    }

    [Fact]
    public async Task Access_that_has_ended_by_then_needs_no_warning()
    {
        var world = await GivenAsync();
        world.Chat.Unreachable.Add("U-alice");
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        await world.SayAsync("alice", "breakglass", "done");
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(GrantState.Ended, Only(world).State);
        Assert.Empty(Told(world));
    }

    [Fact]
    public async Task Somebody_without_an_account_here_is_said_to_be_unwarned()
    {
        var world = await GivenAsync();
        var file = (await world.Files.OpenAsync(1, default))!;

        GrantNotice.Send(file, Only(world), new Reception(new Register([]), []));

        Assert.Contains("add it under Identity:People", Assert.Single(file.Changes.Entries, entry => entry.Kind == TimelineKind.NotReached).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_given_it_back_reads_that_it_has_ended_and_sees_no_buttons()
    {
        var world = await GivenAsync();
        await NearTheEndAsync(world);
        Assert.Equal(("Your access to shop-a is about to end", 2), Warning(world));

        await world.SayAsync("alice", "breakglass", "done");
        await world.PostAllAsync();
        Assert.Equal(("Your access to shop-a is being taken away", 0), Warning(world));

        await world.WorkAsync();
        await world.PostAllAsync();
        Assert.Equal(("Your access to shop-a has ended", 0), Warning(world));
    }

    [Fact]
    public async Task Who_has_more_time_reads_until_when()
    {
        var world = await GivenAsync();
        await NearTheEndAsync(world);
        await world.SayAsync("alice", "breakglass", $"extend {Only(world).ShortId} by 20m");
        Assert.Equal(("Your access to shop-a is about to end", 2), Warning(world));
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(("Your access to shop-a goes on", 0), Warning(world));
        world.Time.Advance(TimeSpan.FromMinutes(5)); // the first one ends, the second lasts
        await world.WorkAsync();
        await world.PostAllAsync();
        Assert.Equal(("Your access to shop-a goes on", 0), Warning(world));
    }

    /// <summary>Access of half an hour that bob approved.</summary>
    private static async Task<World> GivenAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.PostAllAsync();
        Assert.Equal(GrantState.Active, Only(world).State);
        return world;
    }

    private static async Task NearTheEndAsync(World world)
    {
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        await world.PostAllAsync();
    }

    /// <summary>As the person last saw it: its title, and how many buttons it had.</summary>
    private static (string Title, int Buttons) Warning(World world)
    {
        var card = world.Chat.Said.Last(said => said.Card.Title.StartsWith("Your access", StringComparison.Ordinal)).Card;
        return (card.Title, card.Parts.OfType<Part.Buttons>().Sum(part => part.Row.Count));
    }

    private static Grant Only(World world) => Assert.Single(world.Records.AllGrants);

    private static List<string> Told(World world) => [.. world.Records.Entries.Where(entry => entry.Kind == TimelineKind.NotReached).Select(entry => entry.Text)];
}
