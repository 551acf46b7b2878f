using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Operations;

public class SelfApprovalTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    public async Task Approving_alone_takes_a_typed_reason(string typed)
    {
        var world = await SilentAsync();

        Assert.Equal(RefusalKind.NotUnderstood.Title(), (await world.AnswerAsync("alice", ("reason", typed)))?.Title);

        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Kind == TimelineKind.SelfApproved);
    }

    [Fact]
    public async Task Everybody_who_could_have_approved_is_told_in_the_thread_with_the_reason_and_sees_it_on_their_card()
    {
        var world = await SilentAsync();

        Assert.Null(await world.AnswerAsync("alice", ("reason", " customers cannot pay ")));
        await world.PostAllAsync();

        var told = Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.SelfApproved).Text;
        Assert.StartsWith("alice approved their own request for shop-a alone, for 20 minutes, because nobody answered: customers cannot pay ", told, StringComparison.Ordinal);
        var said = Assert.Single(world.Chat.Said, one => one is { What: "post", Thread: not null } && one.Card.Summary == told);
        var mentioned = said.Card.Parts.OfType<Part.Paragraph>().SelectMany(part => part.Text.Runs).OfType<Run.Mention>().Select(run => run.Account.UserId);
        Assert.Equal(["U-bob", "U-carol", "U-dave"], mentioned.Order());
        foreach (var approver in new[] { "bob", "carol", "dave" })
        {
            var card = await world.Records.FindMessageAsync(MessageKey.AskApprover(world.OnlyOperation().Id, World.Account(approver)), null, default);
            Assert.Contains(world.Chat.Said, one => one.What == "edit" && one.Where == card!.Ref.Id && one.Card.Summary!.Contains("approved", StringComparison.Ordinal));
        }
    }

    /// <summary>It was there from the first moment, and refused everybody who pressed it too early.</summary>
    [Fact]
    public async Task The_button_comes_when_it_can_be_used_and_the_card_says_before_from_when()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 20m because the rollback needs hands");
        await world.PostAllAsync();
        Assert.Equal(["Approve", "Deny …", "Withdraw"], Buttons(world));
        Assert.Contains("alice may approve this alone from 2026-11-23 02:15 UTC on at the earliest", Small(world), StringComparison.Ordinal);

        world.Time.Advance(TimeSpan.FromMinutes(15));
        await world.WorkAsync();
        await world.PostAllAsync();
        Assert.Equal(["Approve", "Deny …", "Withdraw", "Nobody answers …"], Buttons(world));
        Assert.Contains("Nobody who may approve this has answered since 2026-11-23 02:00 UTC", Small(world), StringComparison.Ordinal);

        var version = world.OnlyOperation().Version;
        await world.WorkAsync();
        Assert.Equal(version, world.OnlyOperation().Version); // said once
    }

    /// <summary>Silence about an earlier plan is none about the new one, so its card may not offer it.</summary>
    [Fact]
    public async Task When_the_target_moves_the_button_goes_again()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 20m because the rollback needs hands");
        await world.PostAllAsync();
        world.Time.Advance(TimeSpan.FromMinutes(15));
        await world.WorkAsync();
        await world.PressAsync("carol", ChoiceKind.Approve);
        var application = world.Cluster.All.First();
        world.Cluster[application.Ref] = application with { Automated = """{"selfHeal":true}""" };
        await world.WorkAsync();
        await world.PostAllAsync();

        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
        Assert.Equal(["Approve", "Deny …", "Withdraw"], Buttons(world));
    }

    /// <summary>The card in the thread as it was last said; those of the approvers have no button to withdraw.</summary>
    private static Card CardInThread(World world) => world.Chat.Said.Last(said => said.Card.Parts.OfType<Part.Buttons>().Any(part => part.Row.Any(button => button.Label == "Withdraw"))).Card;

    private static IEnumerable<string> Buttons(World world) => CardInThread(world).Parts.OfType<Part.Buttons>().SelectMany(part => part.Row).Select(button => button.Label);

    private static string Small(World world) => string.Join('\n', CardInThread(world).Parts.OfType<Part.Footnote>().Select(part => part.Text));

    /// <summary>Alice asked a quarter of an hour ago, nobody answered, and she pressed the button that opens the dialog.</summary>
    private static async Task<World> SilentAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 20m because the rollback needs hands");
        await world.PostAllAsync();
        world.Time.Advance(TimeSpan.FromMinutes(15));
        await world.WorkAsync();
        await world.PressAsync("alice", ChoiceKind.SelfApprove);
        return world;
    }
}
