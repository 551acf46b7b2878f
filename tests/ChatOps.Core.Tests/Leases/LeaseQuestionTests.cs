using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

/// <summary>The question went on saying "is about to end", with buttons that could only refuse, when somebody had answered it long ago.</summary>
public class LeaseQuestionTests
{
    [Fact]
    public async Task When_it_is_resumed_the_question_says_so_and_has_no_buttons()
    {
        var world = await NearTheEndAsync();

        await world.SayAsync("bob", "gitops", "resume shop-a");
        await world.PostAllAsync();
        Assert.Equal("The pause of shop-a is being ended", LastTo(world, "alice").Title);
        Assert.Empty(Buttons(world, "alice"));

        await world.WorkAsync();
        await world.PostAllAsync();
        Assert.Equal("The pause of shop-a is over", LastTo(world, "alice").Title);
        Assert.Contains("It is over since 2026-11-23 02:26 UTC, by bob", Words(world, "alice"), StringComparison.Ordinal);
        Assert.Empty(Buttons(world, "alice"));
        Assert.Empty(world.OnlyLease().Asked);
    }

    [Fact]
    public async Task When_it_is_extended_the_question_tells_the_new_end_and_the_next_one_is_a_new_message()
    {
        var world = await NearTheEndAsync();
        await world.SayAsync("alice", "gitops", "extend shop-a by 30m");
        Assert.Equal(["Extend …", "Resume", "I need an owner"], Buttons(world, "alice"));
        await world.PressAsync("carol", ChoiceKind.Approve);

        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal("The pause of shop-a goes on", LastTo(world, "alice").Title);
        Assert.Contains("It ends 2026-11-23 03:00 UTC now", Words(world, "alice"), StringComparison.Ordinal);
        Assert.Empty(Buttons(world, "alice"));

        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        await world.PostAllAsync();
        Assert.Equal(2, PostsTo(world, "alice"));
        Assert.Equal("The pause of shop-a is about to end", LastTo(world, "alice").Title);
    }

    [Fact]
    public async Task When_somebody_else_takes_it_the_former_owner_cannot_give_it_away_any_more()
    {
        var world = await NearTheEndAsync();
        Assert.Contains("Owner: alice", Words(world, "alice"), StringComparison.Ordinal);

        await world.SayAsync("bob", "gitops", "own shop-a");
        await world.PostAllAsync();

        Assert.Contains("Owner: bob", Words(world, "alice"), StringComparison.Ordinal);
        Assert.Equal(["Extend …", "Resume", "I take it"], Buttons(world, "alice"));
    }

    [Fact]
    public async Task Whoever_is_asked_again_has_one_message_with_buttons()
    {
        var world = await NearTheEndAsync();
        var first = await MessageToAsync(world, "alice");
        world.Time.Advance(TimeSpan.FromMinutes(5));
        await world.WorkAsync();
        await world.PostAllAsync();

        var edited = world.Chat.Said.Last(said => said.What == "edit" && said.Where == first).Card;
        Assert.Equal("The pause of shop-a: I asked again", edited.Title);
        Assert.Empty(edited.Parts.OfType<Part.Buttons>());
        Assert.Single(world.OnlyLease().Asked);
        Assert.NotEqual(first, await MessageToAsync(world, "alice"));
        Assert.Single(world.Chat.Said.Last(said => said.What == "post" && said.Where == "DU-alice").Card.Parts.OfType<Part.Buttons>());
    }

    [Fact]
    public async Task When_somebody_switches_it_on_by_hand_the_question_is_what_to_do_about_that()
    {
        var world = await NearTheEndAsync();
        var paused = world.Cluster.All.First(one => one.Ref.Name == "shop-a");
        world.Cluster[paused.Ref] = paused with { Automated = ModelApplication.Before };

        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal("The pause of shop-a is not settled", LastTo(world, "alice").Title);
        Assert.Equal(["Pause again", "Settle", "I need an owner"], Buttons(world, "alice"));
    }

    /// <summary>Each step that touches the incident could edit it, and Slack takes only so many edits.</summary>
    [Fact]
    public async Task What_changes_nothing_in_it_does_not_edit_it()
    {
        var world = await NearTheEndAsync();
        var message = await MessageToAsync(world, "alice");
        await world.WorkAsync(); // the controller does not answer, which the message says
        await world.PostAllAsync();
        Assert.Contains("Holds?: not known to hold", Words(world, "alice"), StringComparison.Ordinal);
        var edits = Edits();

        await world.WorkAsync();
        await world.SayAsync("bob", "incident", "note the rollback is built");
        await world.PostAllAsync();

        Assert.Equal(edits, Edits());

        int Edits() => world.Chat.Said.Count(said => said.What == "edit" && said.Where == message);
    }

    [Fact]
    public async Task Somebody_who_was_reached_and_has_left_since_is_not_said_to_have_missed_the_question()
    {
        var world = await NearTheEndAsync();
        await world.SayAsync("bob", "gitops", "own shop-a");
        var edit = Assert.Single(world.Records.Outbox, queued => queued.Post is Outgoing.Say { Where: Where.ToPerson });
        world.Chat.Next.Enqueue(new ChatRefusedException(ChatRefusal.Person, "user_disabled", "the account is deactivated"));
        Assert.Equal(PostOutcome.Dropped, (await world.Post.HandleAsync(edit, default)).Outcome);

        Assert.DoesNotContain(world.Records.Entries, entry => entry.Kind == TimelineKind.NotReached);
    }

    [Fact]
    public async Task An_answer_that_nobody_was_waiting_for_any_more_is_not_asked_of_others()
    {
        var world = await World.WithPauseAsync();
        await world.PostAllAsync();
        world.Chat.Unreachable.Add("U-alice");
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        await world.SayAsync("alice", "gitops", "extend shop-a by 30m");
        var approve = world.Records.Choices.Last(choice => choice.Kind == ChoiceKind.Approve);
        await world.DeliverAsync("carol", new Said.Pressed(approve.Token, new MessageRef(World.Room, "quicker than our books", null)), new Place(World.Room, null));
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Kind == TimelineKind.NotReached);
    }

    /// <summary>A pause of half an hour that alice owns, in its last five minutes, when she was asked.</summary>
    private static async Task<World> NearTheEndAsync()
    {
        var world = await World.WithPauseAsync();
        world.Time.Advance(TimeSpan.FromMinutes(26));
        await world.WorkAsync();
        await world.PostAllAsync();
        return world;
    }

    private static async Task<string> MessageToAsync(World world, string person)
    {
        var asked = world.OnlyLease().Asked.Last(asked => asked.Person == person);
        return (await world.Records.FindMessageAsync(asked.Message, null, default))!.Ref.Id;
    }

    private static int PostsTo(World world, string person) =>
        world.Chat.Said.Count(said => said.What == "post" && said.Where == $"DU-{person}" && said.Card.Title.StartsWith("The pause of", StringComparison.Ordinal));

    /// <summary>The only person who is asked in these stories but for the last, so what was said last of the pause was said to them.</summary>
    private static Card LastTo(World world, string person) =>
        world.Chat.Said.Last(said => (said.Where == $"DU-{person}" || said.What == "edit") && said.Card.Title.StartsWith("The pause of", StringComparison.Ordinal)).Card;

    private static string Words(World world, string person) => string.Join('\n', LastTo(world, person).Parts.SelectMany(part => part switch
    {
        Part.Paragraph(var text) => [text.ToString()],
        Part.Facts(var rows) => rows.Select(row => $"{row.Label}: {row.Value}"),
        _ => Array.Empty<string>(),
    }));

    private static IEnumerable<string> Buttons(World world, string person) => LastTo(world, person).Parts.OfType<Part.Buttons>().SelectMany(part => part.Row).Select(button => button.Label);
}
