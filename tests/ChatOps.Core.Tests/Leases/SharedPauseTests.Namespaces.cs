using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Leases;

/// <content>A namespace, and one application of it that another incident needs as well.</content>
public partial class SharedPauseTests
{
    [Fact]
    public async Task One_application_of_a_namespace_that_another_incident_needs_stays_when_the_namespace_is_resumed()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("bob", "incident", "declare \"payments are slow\" sev2 operator @alice apps shop-a");
        await world.PostAllAsync();
        var (first, second) = (await ThreadAsync(world, 1), await ThreadAsync(world, 2));
        await world.SayAsync("alice", "gitops", "pause ns:shop for 30m because the rollback needs hands", first);
        await world.PressAsync("carol", ChoiceKind.Approve);
        await Rounds(world);

        Assert.Null(await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await Rounds(world);
        await world.SayAsync("alice", "gitops", "resume ns:shop", first);
        await Rounds(world);

        Assert.Equal([("shop-a", true), ("shop-b", false)], world.Cluster.All.Select(one => (one.Ref.Name, one.IsOff)).Order());
        Assert.Equal((LeaseState.Active, 2), (Lease(world, 2).State, Of(world).Mark!.Incident));
        Assert.All(world.Records.AllLeases.Where(lease => lease.Incident == 1), lease => Assert.Equal(LeaseState.Ended, lease.State));
        await world.SayAsync("alice", "gitops", "resume shop-a", second);
        await Rounds(world);
        Assert.Equal((ModelApplication.Before, null), (Of(world).Automated, Of(world).Mark));
    }

    /// <summary>Its applications were left out where another incident had paused them, and went when that one let go.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_namespace_joins_what_another_incident_has_paused_there(int letsGoFirst)
    {
        var (world, first, second) = await TwoIncidentsAsync();
        await world.SayAsync("alice", "incident", "apps add shop-b", second);
        Assert.Null(await world.SayAsync("alice", "gitops", "pause ns:shop for 60m because the rollback needs hands", second));
        Assert.Contains(world.NewestOperation().Notices, notice => notice.ToString().StartsWith("shop-a:  It is paused already, by incident 1 until", StringComparison.Ordinal));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await Rounds(world);
        Assert.Equal(["pause", "pause"], world.Cluster.Effects.Select(effect => effect.What));
        Assert.Equal([Lease(world, 1).Operation, null], world.Records.AllLeases.Where(lease => lease.Incident == 2).OrderBy(lease => lease.Target.Name).Select(lease => lease.Joins));

        await ResumeAsync(letsGoFirst);
        Assert.Equal([("shop-a", true), ("shop-b", letsGoFirst == 1)], world.Cluster.All.Select(one => (one.Ref.Name, one.IsOff)).Order());
        Assert.Equal(3 - letsGoFirst, Of(world).Mark!.Incident);
        await ResumeAsync(3 - letsGoFirst);

        Assert.All(world.Cluster.All, one => Assert.Equal((ModelApplication.Before, null), (one.Automated, one.Mark)));
        Assert.All(world.Records.AllLeases, lease => Assert.Equal(LeaseState.Ended, lease.State));

        async Task ResumeAsync(int incident)
        {
            Assert.Null(await world.SayAsync("alice", "gitops", incident == 1 ? "resume shop-a" : "resume ns:shop", incident == 1 ? first : second));
            await Rounds(world);
        }
    }

    /// <summary>All of it, or none: what was there before stays with whoever paused it.</summary>
    [Fact]
    public async Task A_namespace_that_fails_lets_go_of_what_it_joined_and_of_nothing_else()
    {
        var (world, _, second) = await TwoIncidentsAsync();
        await world.SayAsync("alice", "incident", "apps add shop-b", second);
        await world.SayAsync("alice", "gitops", "pause ns:shop for 60m because the rollback needs hands", second);
        await world.PressAsync("carol", ChoiceKind.Approve);
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, false));
        await Rounds(world);

        Assert.Equal(OperationState.Failed, world.NewestOperation().State);
        Assert.Equal([("shop-a", true), ("shop-b", false)], world.Cluster.All.Select(one => (one.Ref.Name, one.IsOff)).Order());
        Assert.Equal((LeaseState.Active, 1), (Lease(world, 1).State, Of(world).Mark!.Incident));
        Assert.All(world.Records.AllLeases.Where(lease => lease.Incident == 2), lease => Assert.Equal(LeaseState.Ended, lease.State));
    }

    /// <summary>The first was left to one that was about to join, so nobody was shown anything; then the namespace could not be paused.</summary>
    [Fact]
    public async Task A_namespace_that_fails_lets_nothing_loose_that_was_left_to_it_meanwhile()
    {
        var (world, first, second) = await TwoIncidentsAsync();
        await world.SayAsync("alice", "incident", "apps add shop-b", second);
        await world.SayAsync("alice", "gitops", "pause ns:shop for 60m because the rollback needs hands", second);
        await world.PressAsync("carol", ChoiceKind.Approve);
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Unavailable, false));
        await world.Run.HandleAsync(world.NewestOperation().Id, default);
        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        await world.End.FinishAsync(Lease(world, 1).Id, default);
        Assert.Equal((LeaseState.Ended, 2), (Lease(world, 1).State, Of(world).Mark!.Incident));

        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, false));
        world.Time.Advance(TimeSpan.FromSeconds(30));
        await Rounds(world);

        Assert.Equal(OperationState.Failed, world.NewestOperation().State);
        Assert.True(Of(world).IsOff);
        Assert.Equal([("shop-a", LeaseState.Active), ("shop-b", LeaseState.Ended)], world.Records.AllLeases.Where(lease => lease.Incident == 2).Select(lease => (lease.Target.Name, lease.State)).Order());
    }

    [Fact]
    public async Task A_namespace_holds_no_application_longer_than_its_first_pause_may()
    {
        var (world, _, second) = await TwoIncidentsAsync();
        await world.SayAsync("alice", "incident", "apps add shop-b", second);
        world.Time.Advance(TimeSpan.FromMinutes(25));

        var refused = await world.SayAsync("alice", "gitops", "pause ns:shop for 100m because hands for ever", second);

        Assert.Contains("shop-a is paused since", Words(refused!), StringComparison.Ordinal);
        Assert.Null(await world.SayAsync("alice", "gitops", "pause ns:shop for 94m because hands a while", second));
        world.Time.Advance(TimeSpan.FromMinutes(3));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await Rounds(world);
        Assert.Equal(OperationState.Refused, world.NewestOperation().State);
    }

    /// <summary>Joining writes nothing, so it ends no sync, and needs no right to write into a project.</summary>
    [Fact]
    public async Task The_card_of_a_namespace_says_of_what_it_joins_only_what_joining_does()
    {
        var (world, _, second) = await TwoIncidentsAsync();
        await world.SayAsync("alice", "incident", "apps add shop-b", second);
        world.Cluster.Seen = facts => facts.Ref.Name != "shop-a" ? facts : facts with
        {
            Flight = new Flight(true, "Argo CD", Some.Now, false, "Running", "", []),
            Owner = SomeWindow.Facts().Owner,
            Way = SomeWindow.Facts().Way,
            Window = SomeWindow.Facts().Window,
        };
        world.Cluster.CoversWindows = false;

        Assert.Null(await world.SayAsync("alice", "gitops", "pause ns:shop for 60m because hands", second));

        Assert.DoesNotContain(world.NewestOperation().Notices, notice => notice.ToString().Contains("the pause ends it", StringComparison.Ordinal));
    }
}
