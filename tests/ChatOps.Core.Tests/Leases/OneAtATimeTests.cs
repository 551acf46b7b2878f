using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Leases;

/// <summary>
/// A set takes our marks away: then one pause by the switch cannot be told from another, and two leases stood on one pause, of
/// which the first end let the application go under the hands of the second.
/// </summary>
public class OneAtATimeTests
{
    /// <summary>Two replicas: each looked before the other's lease was in the books.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_that_are_made_at_once_one_stands_and_the_other_gives_up_and_ends_nothing(bool isBusy)
    {
        var (world, first, second) = await AskedAsync("pause shop-a for 30m because hands", "pause shop-a for 30m because hands too");
        Of(world, "shop-a", isBusy);
        Between(world, second, () => world.Run.HandleAsync(first, default));

        await world.Run.HandleAsync(second, default);
        await RoundsAsync(world);

        Assert.Equal((OperationState.Succeeded, OperationState.Failed), (State(world, first), State(world, second)));
        Assert.Equal((LeaseState.Active, LeaseState.Void), (Lease(world, first).State, Lease(world, second).State));
        Assert.Equal(["pause"], world.Cluster.Effects.Select(effect => effect.What));
    }

    [Fact]
    public async Task One_that_is_asked_for_while_another_is_being_made_waits_and_joins_it()
    {
        var (world, first, second) = await AskedAsync("pause shop-a for 30m because hands", "pause shop-a for 30m because hands too");
        Of(world, "shop-a", isBusy: true);
        await world.Run.HandleAsync(first, default);

        await world.Run.HandleAsync(second, default);
        Assert.Equal((LeaseState.Starting, OperationState.Approved), (Lease(world, first).State, State(world, second)));
        await RoundsAsync(world);

        Assert.Equal((LeaseState.Active, OperationState.AwaitingApproval), (Lease(world, first).State, State(world, second)));
        Assert.IsType<JoinWork>(world.Records.AllOperations.Single(one => one.Id == second).Plan.Work);
    }

    [Fact]
    public async Task A_namespace_that_fails_leaves_what_another_incident_has_paused_meanwhile()
    {
        var (world, first, second) = await AskedAsync("pause shop-b for 30m because hands", "pause ns:shop for 30m because hands too");
        Between(world, second, () => world.Run.HandleAsync(first, default));

        await world.Run.HandleAsync(second, default);
        await RoundsAsync(world);

        Assert.Equal((OperationState.Succeeded, OperationState.Failed), (State(world, first), State(world, second)));
        Assert.Equal([("shop-a", false), ("shop-b", true)], world.Cluster.All.Select(one => (one.Ref.Name, one.IsOff)).Order());
        Assert.Equal(LeaseState.Active, Lease(world, first).State);
        Assert.All(world.Records.AllLeases.Where(lease => lease.Operation == second), lease => Assert.Equal(LeaseState.Ended, lease.State));
    }

    [Theory]
    [InlineData("pause shop-a for 30m because hands too", 2, OperationState.Approved)]
    [InlineData("pause shop-a for 30m because hands too", 3, OperationState.Refused)]
    [InlineData("pause ns:shop for 30m because hands too", 2, OperationState.Approved)]
    [InlineData("pause ns:shop for 30m because hands too", 3, OperationState.Refused)]
    public async Task An_end_that_does_not_come_is_waited_for_and_then_named(string asked, int attempts, OperationState state)
    {
        var (world, first, second) = await AskedAsync("pause shop-a for 30m because hands", asked);
        await world.Records.CommitAsync(new Changes().Save(Written(world, first) with { State = LeaseState.Ending, Attempts = attempts, EndedBy = "alice" }), default);

        await world.Run.HandleAsync(second, default);

        Assert.Equal(state, State(world, second));
        Assert.Equal(state == OperationState.Refused, world.Records.Entries.Any(entry => entry.Text.Contains("the end of incident 1's pause of shop-a is not done after 3 tries", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_card_of_a_namespace_tells_what_we_have_paused_already_from_what_does_not_sync()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.StripsMarks = true;
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because hands");
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();

        await world.SayAsync("alice", "gitops", "pause ns:shop for 30m because hands too");

        Assert.Contains(world.NewestOperation().Notices, notice => notice.ToString().StartsWith("shop-a is paused already, by ChatOps", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_somebody_took_does_not_come_back_to_life_from_the_one_after_it_whose_mark_a_set_takes_away()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.StripsMarks = true;
        await world.SayAsync("alice", "gitops", "pause shop-a for 30m because hands");
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        var shop = world.OnlyLease().Target;
        world.Cluster[shop] = world.Cluster[shop] with { Automated = ModelApplication.Before, RefreshPending = false };
        await world.WorkAsync();
        Assert.Equal(LeaseState.Overtaken, world.OnlyLease().State);

        await world.SayAsync("alice", "gitops", "pause shop-a for 40m because hands again");
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.WorkAsync();

        var leases = (await world.Records.LeasesAsync(1, default)).OrderBy(lease => lease.StartedAt).ToList();
        Assert.Equal([LeaseState.Ended, LeaseState.Active], leases.Select(lease => lease.State));
        Assert.DoesNotContain(world.Records.Entries, entry => entry.Text.Contains("carries our mark", StringComparison.Ordinal));
        Assert.True(world.Cluster[shop].IsOff);
    }

    private static async Task<(World World, Guid First, Guid Second)> AskedAsync(string first, string second)
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.StripsMarks = true;
        await world.SayAsync("bob", "incident", "declare \"payments are slow\" sev2 operator @alice apps shop-a,shop-b");
        await world.PostAllAsync();
        var asked = new List<Guid>();
        foreach (var (incident, text) in new[] { (1, first), (2, second) })
        {
            var thread = (await world.Records.FindMessageAsync(MessageKey.Incident(incident), World.Room, default))!.Ref.Id;
            Assert.Null(await world.SayAsync("alice", "gitops", text, thread));
            await world.PressAsync("carol", ChoiceKind.Approve);
            asked.Add(world.NewestOperation().Id);
            world.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        return (world, asked[0], asked[1]);
    }

    /// <summary>After the operation was looked at again, and before its lease is in the books.</summary>
    private static void Between(World world, Guid operation, Func<Task> other) => world.Records.BeforeCommit = async changes =>
    {
        if (changes.Leases.Any(lease => lease.Operation == operation))
        {
            world.Records.BeforeCommit = null;
            await other();
        }
    };

    private static void Of(World world, string name, bool isBusy)
    {
        var one = world.Cluster.All.First(one => one.Ref.Name == name);
        world.Cluster[one.Ref] = one with { RefreshPending = isBusy };
    }

    private static async Task RoundsAsync(World world)
    {
        world.ControllerAnswers();
        for (var round = 0; round < 4; round++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(5));
            await world.WorkAsync();
        }
    }

    private static Lease Written(World world, Guid operation) => Core.Leases.Lease.Written(world.Records.AllOperations.Single(one => one.Id == operation), world.Now);

    private static OperationState State(World world, Guid operation) => world.Records.AllOperations.Single(one => one.Id == operation).State;

    private static Lease Lease(World world, Guid operation) => world.Records.AllLeases.Single(lease => lease.Operation == operation);
}
