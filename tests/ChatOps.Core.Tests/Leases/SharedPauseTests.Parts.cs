using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

/// <content>A pause of only some fields that another incident needs as well.</content>
public partial class SharedPauseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_pause_of_the_same_fields_is_joined_and_lasts_until_both_have_let_go(int letsGoFirst)
    {
        var (world, threads) = await TwoInPartAsync(" only deployment/web configmap/web");

        Assert.Null(await world.SayAsync("alice", "gitops", "pause shop-a only configmap/web deployment/web for 60m because payments need it too", threads[1]));
        Assert.Equal("Argo CD leaves Deployment/web ConfigMap/web to people already, so nothing is changed on it now; that stays so until this incident lets go of it too", world.NewestOperation().Plan.Work.Effect.ToString());
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        world.ControllerAnswers();
        await Rounds(world);
        Assert.Equal(["rules"], world.Cluster.Effects.Select(effect => effect.What));
        Assert.Equal([Hold.Holding, Hold.Holding], [Lease(world, 1).Hold, Lease(world, 2).Hold]);
        Said(world, 1, TimelineKind.StateChanged, "shop-a is held by incident 2 as well, until");

        await ResumeAsync(letsGoFirst);
        Assert.Equal((LeaseState.Ended, LeaseState.Active), (Lease(world, letsGoFirst).State, Lease(world, 3 - letsGoFirst).State));
        Assert.Equal(2, world.Cluster.Rules[Of(world).Ref].Resources.Count);
        Assert.Equal(3 - letsGoFirst, Of(world).Mark!.Incident);
        Said(world, letsGoFirst, TimelineKind.Settled, $"shop-a stays paused: incident {3 - letsGoFirst} holds it until");

        await ResumeAsync(3 - letsGoFirst);
        Assert.Null(Of(world).Mark);
        Assert.Empty(world.Cluster.Rules);
        Said(world, 3 - letsGoFirst, TimelineKind.Resumed, "what was there before is back");

        async Task ResumeAsync(int incident)
        {
            await world.SayAsync("alice", "gitops", "resume shop-a", threads[incident - 1]);
            await Rounds(world);
        }
    }

    [Fact]
    public async Task One_whose_rules_somebody_takes_out_in_that_moment_is_not_joined_and_leaves_nothing()
    {
        var (world, threads) = await TwoInPartAsync(" only deployment/web");
        await world.SayAsync("alice", "gitops", "pause shop-a only deployment/web for 60m because payments need it too", threads[1]);
        await world.PressAsync("carol", ChoiceKind.Approve);
        world.Records.BeforeCommit = changes =>
        {
            if (changes.Leases.Any(lease => lease.Joins is not null))
            {
                world.Records.BeforeCommit = null;
                world.Cluster.Rules.Clear();
            }

            return Task.CompletedTask;
        };

        await world.Run.HandleAsync(world.NewestOperation().Id, default);

        Assert.Equal(OperationState.Failed, world.NewestOperation().State);
        await Rounds(world);
        Assert.Equal((LeaseState.Ended, OperationState.Failed), (Lease(world, 2).State, world.NewestOperation().State));
        Assert.Empty(world.Cluster.Rules);
    }

    [Theory]
    [InlineData("", " only deployment/web", "does not sync by itself now")]
    [InlineData(" only deployment/web", "", "is paused in part")]
    [InlineData(" only deployment/web", " only configmap/web", "is paused in part")]
    [InlineData(" only deployment/web configmap/web", " only configmap/web", "is paused in part")]
    public async Task A_pause_in_part_joins_no_other_and_is_joined_by_none_of_other_fields(string firstOf, string secondOf, string because)
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => facts with { Syncing = SomeFields.Syncing };
        await world.SayAsync("bob", "incident", "declare \"payments are slow\" sev2 operator @alice apps shop-a");
        await world.PostAllAsync();
        await world.SayAsync("alice", "gitops", $"pause shop-a{firstOf} for 30m because the rollback needs hands", await ThreadAsync(world, 1));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await Rounds(world);

        var answer = await world.SayAsync("alice", "gitops", $"pause shop-a{secondOf} for 60m because payments need it too", await ThreadAsync(world, 2));

        Assert.Contains(because, Words(answer!), StringComparison.Ordinal);
        Assert.Equal(LeaseState.Active, Assert.Single(world.Records.AllLeases).State);
    }

    [Fact]
    public async Task The_same_fields_are_the_same_in_whatever_order_they_are_said()
    {
        var (world, threads) = await TwoInPartAsync(" only deployment/web:/spec/replicas deployment/web:/spec/template");

        Assert.Null(await world.SayAsync("alice", "gitops", "pause shop-a only deployment/web:/spec/template deployment/web:/spec/replicas for 60m because payments need it too", threads[1]));
    }

    /// <summary>They were left to the second before it was sure of them, and somebody took our marks off.</summary>
    [Fact]
    public async Task Rules_that_were_left_to_one_that_cannot_join_are_taken_out_by_it()
    {
        var (world, threads) = await TwoInPartAsync(" only deployment/web");
        await world.SayAsync("alice", "gitops", "pause shop-a only deployment/web for 60m because payments need it too", threads[1]);
        await world.PressAsync("carol", ChoiceKind.Approve);
        world.Cluster.NextReads.Enqueue(ClusterAnswerKind.Ok); // the second look
        world.Cluster.NextReads.Enqueue(ClusterAnswerKind.Unavailable);
        await world.Run.HandleAsync(world.NewestOperation().Id, default);
        Assert.Equal(LeaseState.Starting, Lease(world, 2).State);
        await world.SayAsync("alice", "gitops", "resume shop-a", threads[0]);
        await world.End.FinishAsync(Lease(world, 1).Id, default);
        Assert.Equal(LeaseState.Ended, Lease(world, 1).State);

        world.Cluster[Of(world).Ref] = Of(world) with { Mark = null };
        world.Time.Advance(TimeSpan.FromSeconds(30));
        await Rounds(world);

        Assert.True(Lease(world, 2).IsUnsettled || world.Cluster.Rules.Count == 0);
    }

    private static async Task<(World World, string[] Threads)> TwoInPartAsync(string only)
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => facts with { Syncing = SomeFields.Syncing };
        await world.SayAsync("bob", "incident", "declare \"payments are slow\" sev2 operator @alice apps shop-a");
        await world.PostAllAsync();
        string[] threads = [await ThreadAsync(world, 1), await ThreadAsync(world, 2)];
        await world.SayAsync("alice", "gitops", $"pause shop-a{only} for 30m because the rollback needs hands", threads[0]);
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        world.ControllerAnswers();
        await Rounds(world);
        return (world, threads);
    }
}
