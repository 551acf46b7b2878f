using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.People;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Looking;

/// <summary>The page that each person has for themselves, and the private list: the same lines, with buttons for those who may.</summary>
public sealed class ShowHomeTests
{
    [Fact]
    public async Task It_shows_what_is_open_whose_it_is_and_until_when()
    {
        var world = await World.WithPauseAsync();

        var page = await OpenAsync(world, "carol");

        Assert.Contains("Nobody has break-glass access at this moment.", Lines(page));
        Assert.Contains(Lines(page), line => line.Contains("shop-a", StringComparison.Ordinal) && line.Contains("paused until", StringComparison.Ordinal) && line.Contains("Incident 1.", StringComparison.Ordinal));
        Assert.Contains(Lines(page), line => line.StartsWith("1: ", StringComparison.Ordinal));
        Assert.Contains("As of", page.Parts.OfType<Part.Footnote>().Single().Text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice", new[] { "I am done", "Extend …" })]
    [InlineData("bob", new[] { "Revoke" })]
    [InlineData("dave", new string[0])]
    public async Task Each_sees_the_buttons_that_they_may_press(string person, string[] buttons)
    {
        var world = await GivenAsync();

        Assert.Equal(buttons, Buttons(await OpenAsync(world, person)).Select(button => button.Label));
        Assert.Equal(buttons, Buttons((await world.SayAsync(person, "breakglass", "list"))!).Select(button => button.Label));
    }

    [Fact]
    public async Task A_press_at_home_ends_the_access_and_renews_the_page()
    {
        var world = await GivenAsync();
        var revoke = Buttons(await OpenAsync(world, "bob")).Single();

        await PressAtHomeAsync(world, "bob", revoke);

        Assert.Equal(GrantState.Ending, Assert.Single(world.Records.AllGrants).State);
        var page = Home(world, "bob");
        Assert.Empty(Buttons(page));
        Assert.Contains(Lines(page), line => line.Contains("being ended", StringComparison.Ordinal));
        Assert.DoesNotContain(world.Records.Outbox, post => post.Post is Outgoing.Whisper);
    }

    [Fact]
    public async Task What_only_one_sees_no_other_presses()
    {
        var world = await GivenAsync();
        var revoke = Buttons(await OpenAsync(world, "bob")).Single();

        await PressAtHomeAsync(world, "dave", revoke);
        await world.DeliverAsync("bob", new Said.Pressed(revoke.Token, new MessageRef(World.Room, "1.2", null)), new Place(World.Room, null));

        Assert.Equal(GrantState.Active, Assert.Single(world.Records.AllGrants).State);
    }

    [Fact]
    public async Task Who_is_nobody_here_reads_so_on_the_page_and_is_not_written_to()
    {
        var world = await World.WithIncidentAsync();

        var page = await OpenAsync(world, "mallory");

        Assert.NotEmpty(Lines(page));
        Assert.DoesNotContain(Lines(page), line => line.Contains("Incident", StringComparison.Ordinal));
        Assert.DoesNotContain(world.Records.Outbox, post => post.Post is Outgoing.Whisper);
    }

    private static async Task<World> GivenAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "breakglass", "request shop-a as editor for 30m because pods crashloop");
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.PostAllAsync();
        return world;
    }

    private static async Task<Card> OpenAsync(World world, string person)
    {
        await world.DeliverAsync(person, new Said.OpenedHome(), AtHome(person));
        return Home(world, person);
    }

    private static Task<Card?> PressAtHomeAsync(World world, string person, Button button) => world.DeliverAsync(person, new Said.Pressed(button.Token, null), AtHome(person));

    private static Place AtHome(string person) => new(new Channel(ChatPlatform.Slack, "T1", World.Account(person).UserId), null);

    private static Card Home(World world, string person) =>
        world.Records.Outbox.Select(post => post.Post).OfType<Outgoing.Home>().Last(home => home.To == World.Account(person)).Card;

    private static IReadOnlyList<string> Lines(Card card) => [.. card.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString())];

    private static IEnumerable<Button> Buttons(Card card) => card.Parts.OfType<Part.Buttons>().SelectMany(row => row.Row);
}
