using ChatOps.Core.Conversation;
using ChatOps.Core.Looking;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Looking;

public sealed class AnsweringTests
{
    [Fact]
    public async Task A_status_asked_in_the_channel_is_answered_privately()
    {
        var world = await World.WithIncidentAsync();

        var card = await world.SayAsync("alice", "gitops", "status shop-a");

        Assert.NotNull(card);
        Assert.StartsWith("shop-a:", card.Title, StringComparison.Ordinal);
        Assert.IsType<Part.Paragraph>(card.Parts[0]);
    }

    [Fact]
    public async Task A_status_asked_in_the_thread_is_answered_there_for_everybody()
    {
        var world = await World.WithIncidentAsync();
        var root = await world.Records.FindMessageAsync(MessageKey.Incident(1), null, default);

        var card = await world.SayAsync("alice", "gitops", "status shop-a", root!.Ref.Id);

        Assert.Null(card);
        Assert.Contains(world.Records.Outbox, post => post.Post is Outgoing.Say { Where: Where.InThread, Card.Title: var title } && title.StartsWith("shop-a:", StringComparison.Ordinal));
    }

    /// <summary>There are no slash commands in threads, so whoever types what help teaches could never see the rest.</summary>
    [Fact]
    public async Task A_long_list_asked_in_the_channel_is_one_page_in_private_and_all_pages_in_the_thread_of_its_incident()
    {
        var world = WithApplications(await World.WithIncidentAsync(), 60);

        var first = await world.SayAsync("alice", "gitops", "apps");

        Assert.Equal("62 applications", first!.Title);
        Assert.Contains("This is page 1 of 3. All of it is in the thread of incident 1 (checkout is down).", Footnotes(first), StringComparison.Ordinal);
        Assert.Contains("shop-a (in scope)", first.Parts.OfType<Part.Paragraph>().First().Text.ToString(), StringComparison.Ordinal);
        Assert.Equal(["62 applications", "62 applications, page 2", "62 applications, page 3"], InThread(world).Select(card => card.Title));
        Assert.Contains("Asked by @U-alice: /gitops apps", Footnotes(InThread(world)[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_list_asked_in_the_thread_is_all_there_and_nothing_is_said_in_private()
    {
        var world = WithApplications(await World.WithIncidentAsync(), 60);
        var root = await world.Records.FindMessageAsync(MessageKey.Incident(1), null, default);

        Assert.Null(await world.SayAsync("alice", "gitops", "apps", root!.Ref.Id));

        Assert.Equal(3, InThread(world).Count);
        Assert.DoesNotContain("Asked by", Footnotes(InThread(world)[0]), StringComparison.Ordinal);
    }

    /// <summary>A thread of several, or of none: nobody can be sent there.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task With_no_thread_that_must_be_meant_some_pages_are_whispered_and_how_to_get_the_rest(int incidents)
    {
        var world = new World();
        for (var i = 0; i < incidents; i++)
        {
            await world.SayAsync("bob", "incident", $"declare \"trouble {i}\" sev1");
        }

        WithApplications(world, 150);
        var last = await world.SayAsync("alice", "gitops", "apps");

        var whispers = world.Records.Outbox.Select(post => post.Post).OfType<Outgoing.Whisper>().Select(whisper => whisper.Card.Title).Where(title => title.StartsWith("150", StringComparison.Ordinal));
        Assert.Equal(["150 applications", "150 applications, page 2", "150 applications, page 3"], whispers);
        Assert.Contains("1 more page is not shown. Say a part of the name: /gitops apps <text>. Where an incident is open", Footnotes(last!), StringComparison.Ordinal);
        Assert.Empty(InThread(world));
    }

    [Theory]
    [InlineData(DriftClass.Changed, "The rest is in Argo CD.")]
    [InlineData(DriftClass.AddedByHand, "but for what was added by hand, which it does not see.")]
    [InlineData(DriftClass.WrittenByHand, "but for what was added by hand, which it does not see.")]
    public void That_the_rest_is_in_Argo_CD_is_said_only_of_what_it_sees(DriftClass sort, string says)
    {
        var report = new DriftReport(Some.Facts(), "what was applied last", [new("ConfigMap", "shop", "a", [new("/data/A", "1", "2", sort, "kubectl-edit", null)])], [], true);

        Assert.EndsWith(says, DriftCard.Rest(report).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_almost_right_is_asked_back()
    {
        var world = await World.WithIncidentAsync();

        var card = await world.SayAsync("alice", "gitops", "apps shop-q");

        Assert.Contains("Did you mean shop-a?", string.Join('\n', card!.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString())), StringComparison.Ordinal);
    }

    private static World WithApplications(World world, int count)
    {
        for (var i = 0; i < count; i++)
        {
            world.Cluster.Add($"other-{i:000}");
        }

        return world;
    }

    private static List<Card> InThread(World world) =>
        [.. world.Records.Outbox.Select(post => post.Post).OfType<Outgoing.Say>().Where(say => say.Where is Where.InThread && say.Card.Title.Contains(" applications", StringComparison.Ordinal)).Select(say => say.Card)];

    private static string Footnotes(Card card) => string.Join('\n', card.Parts.OfType<Part.Footnote>().Select(part => part.Text));
}
