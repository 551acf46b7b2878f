using ChatOps.Core.Conversation;
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

    [Fact]
    public async Task A_long_list_is_one_page_in_private_and_all_pages_in_the_thread()
    {
        var world = await World.WithIncidentAsync();
        for (var i = 0; i < 60; i++)
        {
            world.Cluster.Add($"other-{i:00}");
        }

        var root = await world.Records.FindMessageAsync(MessageKey.Incident(1), null, default);
        var first = await world.SayAsync("alice", "gitops", "apps");
        await world.SayAsync("alice", "gitops", "apps", root!.Ref.Id);

        Assert.Equal("62 applications", first!.Title);
        Assert.Contains(first.Parts, part => part is Part.Footnote(var text) && text.ToString().Contains("2 pages", StringComparison.Ordinal));
        Assert.Contains("shop-a (in scope)", first.Parts.OfType<Part.Paragraph>().First().Text.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, world.Records.Outbox.Count(post => post.Post is Outgoing.Say { Card.Title: var title } && title.StartsWith("62 applications", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_name_that_is_almost_right_is_asked_back()
    {
        var world = await World.WithIncidentAsync();

        var card = await world.SayAsync("alice", "gitops", "apps shop-q");

        Assert.Contains("Did you mean shop-a?", string.Join('\n', card!.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString())), StringComparison.Ordinal);
    }
}
