using ChatOps.Core.Conversation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Looking;

public sealed class PlanTests
{
    [Theory]
    [InlineData("plan pause shop-b for 30m because the rollback needs hands", "Plan: Pause shop-b for 30 minutes", "one approval by commander")]
    [InlineData("plan extend shop-a by 10m", "Plan: Extend the pause of shop-a", "one approval by commander")]
    [InlineData("plan resume shop-a", "Plan", "goes back to")]
    [InlineData("plan refresh shop-b hard", "Plan: Hard refresh of shop-b", "It would run at once")]
    public async Task A_plan_tells_all_and_leaves_nothing_behind(string said, string title, string says)
    {
        var world = await World.WithPauseAsync();
        var before = await BooksAsync(world);

        var card = await world.SayAsync("alice", "gitops", said);

        Assert.Equal(title, card!.Title);
        Assert.Contains(says, Words(card), StringComparison.Ordinal);
        Assert.DoesNotContain(card.Parts, part => part is Part.Buttons);
        Assert.Equal(before, await BooksAsync(world));
    }

    [Fact]
    public async Task What_the_policy_would_refuse_is_refused_in_the_same_words()
    {
        var world = await World.WithIncidentAsync();

        var planned = await world.SayAsync("eve", "gitops", "plan pause shop-a for 30m because of me");
        var asked = await world.SayAsync("eve", "gitops", "pause shop-a for 30m because of me");

        Assert.Equal(Words(asked!), Words(planned!));
    }

    [Theory]
    [InlineData("plan", "Which change")]
    [InlineData("plan status shop-a", "changes nothing")]
    [InlineData("plan plan pause shop-a for 30m because x y", "changes nothing")]
    [InlineData("plan pause shop-a", "How long")]
    public async Task What_is_no_change_cannot_be_planned(string said, string says)
    {
        var world = await World.WithIncidentAsync();

        Assert.Contains(says, Words((await world.SayAsync("alice", "gitops", said))!), StringComparison.Ordinal);
    }

    private static string Words(Card card) => string.Join('\n', card.Parts.Select(part => part switch
    {
        Part.Paragraph(var text) => text.ToString(),
        Part.Footnote(var text) => text.ToString(),
        Part.Facts(var rows) => string.Join('\n', rows.Select(row => row.Value.ToString())),
        Part.Verbatim(var text) => text,
        _ => "",
    }));

    /// <summary>Everything but the private answer itself.</summary>
    private static async Task<string> BooksAsync(World world) => string.Join('\n',
        [
            .. world.Records.AllOperations.Select(operation => $"{operation.Id} {operation.State} {operation.Version}"),
            .. world.Records.AllLeases.Select(lease => $"{lease.Id} {lease.State} {lease.Version}"),
            .. (await world.Records.TimelineAsync(1, default)).Select(entry => entry.Hash),
            .. world.Records.Choices.Select(choice => choice.Token),
            .. world.Records.Outbox.Where(post => post.Post is not Outgoing.Whisper).Select(post => $"{post.Id}"),
            .. world.Cluster.Effects.Select(effect => effect.ToString()),
        ]);
}
