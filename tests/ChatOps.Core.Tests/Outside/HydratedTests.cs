using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Outside;

/// <summary>An application that Argo CD renders first: what somebody moved there is told and owned, and put back by whoever may.</summary>
public class HydratedTests
{
    private const string Path = "/spec/sourceHydrator/drySource/targetRevision";
    private readonly World world = new();
    private string follows = "\"main\"";

    public HydratedTests() => world.Cluster.Seen = facts => facts with
    {
        Sources = [new SourceFacts(World.Repository, SourceKind.Hydrated, new(Path, follows, null), null) { Hand = new("kubectl-edit", null) }],
    };

    [Fact]
    public async Task It_is_told_with_its_hand_owned_and_over_when_somebody_put_it_back()
    {
        var shop = world.Cluster.Add("shop-c");
        await LookAsync(shop);
        follows = "\"fix\"";
        await LookAsync(shop);
        var told = world.Chat.Said.Last(said => said.Card.Title.StartsWith("Override from outside", StringComparison.Ordinal)).Card;
        Assert.Contains("kubectl-edit, not through me: drySource.targetRevision from main to fix", Words(told), StringComparison.Ordinal);
        Assert.Equal(["Take ownership"], told.Parts.OfType<Part.Buttons>().Single().Row.Select(button => button.Label));

        Assert.Contains("I may not write what Argo CD renders of shop-c", Words((await world.SayAsync("bob", "gitops", "resume shop-c"))!), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllLeases);
        Assert.Null(await world.SayAsync("bob", "gitops", "own shop-c"));
        Assert.Contains("I may not write", Words((await world.SayAsync("bob", "gitops", "resume shop-c"))!), StringComparison.Ordinal);
        Assert.Equal(["Leave it so"], world.OnlyLease().InThread.Count == 1 ? await ButtonsAsync() : []);

        follows = "\"main\"";
        await world.WorkAsync();
        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Assert.Empty(world.Cluster.Effects);
    }

    [Fact]
    public async Task What_people_let_stand_is_settled()
    {
        var shop = world.Cluster.Add("shop-c");
        await LookAsync(shop);
        follows = "\"fix\"";
        await LookAsync(shop);
        await world.SayAsync("bob", "gitops", "own shop-c");

        await world.PressAsync("bob", ChoiceKind.LeaveOff);
        await LookAsync(shop);

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
    }

    [Fact]
    public async Task Neither_a_branch_nor_a_rollback_is_tried()
    {
        var other = await World.WithIncidentAsync();
        other.Cluster.Seen = facts => facts with { Sources = [new SourceFacts(World.Repository, SourceKind.Hydrated, new(Path, "\"main\"", null), null)], Syncing = facts.Syncing with { History = [Past(2), Past(1)] } };

        Assert.Contains("sourceHydrator", Words((await other.SayAsync("alice", "gitops", "branch shop-a fix for 30m because of it"))!), StringComparison.Ordinal);
        Assert.Contains("sourceHydrator", Words((await other.SayAsync("alice", "gitops", "rollback shop-a because of it"))!), StringComparison.Ordinal);
        Assert.Empty(other.Records.AllOperations);
    }

    private static PastDeployment Past(long id) => new(id, [new string((char)('0' + id), 40)], null, null, false);

    private async Task<IEnumerable<string>> ButtonsAsync()
    {
        await world.PostAllAsync();
        return world.Chat.Said.Last(said => said.Card.Summary.Contains("owns the override", StringComparison.Ordinal)).Card.Parts.OfType<Part.Buttons>().Single().Row.Select(button => button.Label);
    }

    private async Task LookAsync(ApplicationRef application)
    {
        await world.LookOutside.HandleAsync(application, default);
        await world.Tell.HandleAsync(default);
        await world.PostAllAsync();
    }

    private static string Words(Card card) => card.Title + string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text));
}
