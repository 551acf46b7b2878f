using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

/// <summary>Two incidents need one application that only a deny window can hold: each has its own, and the last lets it go.</summary>
public class SharedWindowTests
{
    [Fact]
    public async Task The_second_adds_a_window_of_its_own_and_its_card_says_beside_whose()
    {
        var (world, _, second) = await TwoIncidentsAsync();

        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);

        var asked = world.NewestOperation();
        Assert.Equal((OperationState.AwaitingApproval, PauseMechanism.Window), (asked.State, asked.Plan.Of<PauseWork>().Mechanism));
        Assert.Contains(asked.Notices, notice => notice.ToString().StartsWith("A window of incident 1 holds it already, until", StringComparison.Ordinal));
        await ApproveAsync(world);
        Assert.Equal([1, 2], world.Cluster.Windows.Keys.Select(key => key.Incident).Order());
        Assert.Equal([Hold.Holding, Hold.Holding], [Lease(world, 1).Hold, Lease(world, 2).Hold]);
        Said(world, 1, TimelineKind.StateChanged, "shop-a is held by incident 2 as well, until");
        Said(world, 2, TimelineKind.StateChanged, "shop-a is held by incident 1 as well, until");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whoever_lets_go_first_takes_its_own_window_out_and_the_last_lets_Argo_CD_act(int first)
    {
        var (world, threads) = await BothAsync();
        var last = 3 - first;

        await world.SayAsync("alice", "gitops", "resume shop-a", threads[first - 1]);
        await RoundsAsync(world);

        Assert.Equal((LeaseState.Ended, LeaseState.Active, Hold.Holding), (Lease(world, first).State, Lease(world, last).State, Lease(world, last).Hold));
        Assert.Equal(last, Assert.Single(world.Cluster.Windows).Key.Incident);
        Said(world, first, TimelineKind.Settled, $"shop-a stays paused: incident {last} holds it until");
        Said(world, first, TimelineKind.Settled, "its window is out of project shop, and Argo CD acts no more than before");
        Said(world, last, TimelineKind.StateChanged, $"shop-a was let go by incident {first}. It stays paused");

        await world.SayAsync("alice", "gitops", "resume shop-a", threads[last - 1]);
        await RoundsAsync(world);

        Assert.Empty(world.Cluster.Windows);
        Assert.Equal(LeaseState.Ended, Lease(world, last).State);
        Said(world, last, TimelineKind.Resumed, "what was there before is back");
    }

    [Fact]
    public async Task At_the_time_of_the_first_only_its_own_ends()
    {
        var (world, _) = await BothAsync();

        world.Time.Advance(TimeSpan.FromMinutes(31));
        await RoundsAsync(world);

        Assert.Equal((LeaseState.Ended, LeaseState.Active), (Lease(world, 1).State, Lease(world, 2).State));
        Assert.Equal(2, Assert.Single(world.Cluster.Windows).Key.Incident);
        world.Time.Advance(TimeSpan.FromMinutes(31));
        await RoundsAsync(world);
        Assert.Equal(LeaseState.Ended, Lease(world, 2).State);
        Assert.Empty(world.Cluster.Windows);
    }

    /// <summary>What hands changed is at stake only when the last goes.</summary>
    [Fact]
    public async Task Only_the_resume_that_lets_Argo_CD_act_shows_first_what_it_overwrites()
    {
        var (world, threads) = await BothAsync();
        world.View.Drifts = Hands;

        await world.SayAsync("alice", "gitops", "resume shop-a", threads[0]);
        await RoundsAsync(world);
        Assert.Equal(LeaseState.Ended, Lease(world, 1).State);
        await world.SayAsync("alice", "gitops", "resume shop-a", threads[1]);
        await RoundsAsync(world);
        Assert.Equal(LeaseState.Active, Lease(world, 2).State);

        await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
        await RoundsAsync(world);
        Assert.Equal(LeaseState.Ended, Lease(world, 2).State);
    }

    /// <summary>A window that is about to come holds nothing yet, and may never come.</summary>
    [Fact]
    public async Task One_that_is_not_stored_yet_is_no_reason_to_ask_nobody()
    {
        var (world, first, second) = await TwoIncidentsAsync();
        world.View.Drifts = Hands;
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);
        await world.PressAsync("carol", ChoiceKind.Approve);
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Unavailable, false));
        await world.Run.HandleAsync(world.NewestOperation().Id, default);
        Assert.Equal(LeaseState.Starting, Lease(world, 2).State);

        await world.SayAsync("alice", "gitops", "resume shop-a", first);
        await world.End.FinishAsync(Lease(world, 1).Id, default);

        Assert.Equal(LeaseState.Active, Lease(world, 1).State);
    }

    /// <summary>Each counted on the other, in the same moment on two replicas.</summary>
    [Fact]
    public async Task Of_two_that_each_only_let_go_one_goes_on_and_people_decide_about_it()
    {
        var (world, _) = await BothAsync();
        world.View.Drifts = Hands;
        await world.Records.CommitAsync(new Changes().Save(Letting(Lease(world, 1))).Save(Letting(Lease(world, 2))), default);

        await RoundsAsync(world);

        var stays = Assert.Single(world.Records.AllLeases, lease => lease.State == LeaseState.Active);
        Assert.Equal(stays.Incident, Assert.Single(world.Cluster.Windows).Key.Incident);
    }

    [Fact]
    public async Task The_longest_duration_counts_from_the_first_window_whoever_adds_one_later()
    {
        var (world, threads) = await BothAsync();
        var since = Lease(world, 1).StartedAt;
        Assert.Equal((since, since.AddHours(2)), (Lease(world, 2).JoinedSince, Lease(world, 2).Latest));
        world.Time.Advance(TimeSpan.FromMinutes(29));
        await world.SayAsync("alice", "gitops", "resume shop-a", threads[0]);
        await RoundsAsync(world);

        var refused = await world.SayAsync("alice", "gitops", "pause shop-a for 100m because hands for ever", threads[0]);

        Assert.Contains("may stay so until", Words(refused!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Books_that_have_lost_both_take_both_over()
    {
        var (world, _) = await BothAsync();
        await world.Records.CommitAsync(new Changes().Save(Lease(world, 1).Finish("chatops", world.Now)).Save(Lease(world, 2).Finish("chatops", world.Now)), default);

        await world.TakeOver.HandleAsync(default);

        Assert.Equal([1, 2], world.Records.AllLeases.Where(lease => lease.State == LeaseState.Active).Select(lease => lease.Incident).Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public async Task A_window_that_is_in_no_books_is_not_added_to(int incident)
    {
        var (world, _, second) = await TwoIncidentsAsync();
        var (key, mark) = Assert.Single(world.Cluster.Windows);
        world.Cluster.Windows[key with { Incident = incident }] = mark with { Incident = incident, Operation = Guid.CreateVersion7() };

        var refused = await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", second);

        Assert.Contains($"A deny window of incident {incident} holds shop-a until", Words(refused!), StringComparison.Ordinal);
    }

    /// <summary>What its end brings back is its own incident's to decide, and the last of two would not be asked.</summary>
    [Fact]
    public async Task Beside_the_window_of_a_rollback_there_is_none()
    {
        var (world, _, second) = await TwoIncidentsAsync();
        await world.Records.CommitAsync(new Changes().Save(Lease(world, 1) with { Kind = LeaseKind.RollbackHold }), default);

        var refused = await PauseAsync(world, second, "60m");

        Assert.Contains("A deny window of incident 1 holds shop-a until", Words(refused!), StringComparison.Ordinal);
    }

    /// <summary>It would end with the other one, earlier than was promised: people hear of it at once, and not when it is too late.</summary>
    [Fact]
    public async Task One_whose_window_somebody_took_out_is_told_of_although_another_one_holds()
    {
        var (world, _) = await BothAsync();
        world.Cluster.Windows.Remove((Lease(world, 2).Target, 2)); // until 60m, the other until 30m

        await RoundsAsync(world);

        Assert.Equal((LeaseState.Active, LeaseState.Overtaken), (Lease(world, 1).State, Lease(world, 2).State));
        Said(world, 2, TimelineKind.Reverted, "not held by this incident any more");
        Said(world, 2, TimelineKind.Reverted, "incident 1 held it as well then");
    }

    /// <summary>Shut by hand and still ours to take away, also when the incident has made a new one.</summary>
    [Fact]
    public async Task One_that_somebody_shut_is_taken_out_of_the_project_in_the_end()
    {
        var (world, threads) = await BothAsync();
        var (key, stale) = ((Lease(world, 1).Target, 1), Lease(world, 1).Operation);
        world.Cluster.Windows[key] = world.Cluster.Windows[key] with { Window = new("shop", IsOpen: false) };
        await RoundsAsync(world);
        Assert.Equal((LeaseState.Overtaken, 2), (Lease(world, 1).State, world.Cluster.Windows.Count));

        await world.SayAsync("alice", "gitops", "resume shop-a", threads[0]);
        await RoundsAsync(world);

        Assert.Equal(LeaseState.Ended, Lease(world, 1).State);
        Assert.DoesNotContain(world.Cluster.Windows.Values, mark => mark.Operation == stale);
    }

    /// <summary>The books say that another window holds it on; the cluster says that there is none, or that its time is over.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_a_window_that_is_open_in_the_cluster_is_a_reason_to_ask_nobody(bool isTimeOver)
    {
        var (world, threads) = await BothAsync();
        world.View.Drifts = Hands;
        var key = (Lease(world, 1).Target, 1);
        if (isTimeOver)
        {
            world.Time.Advance(TimeSpan.FromMinutes(35)); // and ChatOps was down
        }
        else
        {
            world.Cluster.Windows.Remove(key);
        }

        await world.SayAsync("alice", "gitops", "resume shop-a", threads[1]);
        await world.End.FinishAsync(Lease(world, 2).Id, default);

        Assert.Equal(LeaseState.Active, Lease(world, 2).State);
        Assert.Contains((Lease(world, 2).Target, 2), world.Cluster.Windows.Keys);
    }

    [Theory]
    [InlineData(LeaseState.Starting)]
    [InlineData(LeaseState.Active)]
    public async Task An_end_that_only_lets_go_stops_where_no_other_window_is_open(LeaseState other)
    {
        var (world, _) = await BothAsync();
        world.Cluster.Windows.Remove((Lease(world, 2).Target, 2));
        await world.Records.CommitAsync(new Changes().Save(Letting(Lease(world, 1))).Save(Lease(world, 2) with { State = other }), default);

        await world.End.FinishAsync(Lease(world, 1).Id, default);

        Assert.Equal(LeaseState.Active, Lease(world, 1).State);
        Assert.Contains((Lease(world, 1).Target, 1), world.Cluster.Windows.Keys);
    }

    [Fact]
    public async Task An_end_that_only_lets_go_waits_while_the_cluster_does_not_say_who_holds_it()
    {
        var (world, _) = await BothAsync();
        await world.Records.CommitAsync(new Changes().Save(Letting(Lease(world, 1))), default);
        for (var call = 0; call < 5; call++)
        {
            world.Cluster.NextReads.Enqueue(ClusterAnswerKind.Unavailable);
        }

        await world.End.FinishAsync(Lease(world, 1).Id, default);

        Assert.Equal(LeaseState.Ending, Lease(world, 1).State);
        Assert.Equal(2, world.Cluster.Windows.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_extension_that_is_newer_than_a_backup_is_read_from_the_own_window(int incident)
    {
        var (world, _) = await BothAsync();
        var lease = Lease(world, incident);
        var later = lease.Deadline.AddMinutes(20);
        world.Cluster.Windows[(lease.Target, incident)] = world.Cluster.Windows[(lease.Target, incident)] with { ExpiresAt = later };
        await world.Records.CommitAsync(new Changes().Save(lease with { FromBackup = true }), default);

        await world.WorkAsync();

        Assert.Equal(later, Lease(world, incident).Deadline);
    }

    /// <summary>The card says beside whose window it goes, and until when at the latest; where that has changed it is decided again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_was_approved_beside_other_windows_than_there_are_is_decided_again(bool comes)
    {
        var (world, first, second) = await NoneAsync();
        if (!comes)
        {
            await PauseAsync(world, first, "30m");
            await ApproveAsync(world);
        }

        await PauseAsync(world, second, "60m");
        var asked = world.NewestOperation();
        if (comes)
        {
            await PauseAsync(world, first, "30m");
            await ApproveAsync(world);
        }
        else
        {
            await world.SayAsync("alice", "gitops", "resume shop-a", first);
            await RoundsAsync(world);
        }

        await world.PostAllAsync();
        await world.PressAsync("carol", world.Records.Choices.Last(one => one.Kind == ChoiceKind.Approve && one.Message == MessageKey.Operation(asked.Id)));
        await RoundsAsync(world);

        Assert.Equal(OperationState.AwaitingApproval, world.Records.AllOperations.Single(operation => operation.Id == asked.Id).State);
        Assert.Equal(comes, world.Records.AllOperations.Single(operation => operation.Id == asked.Id).Plan.Of<PauseWork>().Since is not null);
    }

    [Fact]
    public async Task One_that_is_taken_over_may_last_no_longer_than_it_might_before()
    {
        var (world, first, second) = await NoneAsync();
        await PauseAsync(world, first, "30m");
        await ApproveAsync(world);
        world.Time.Advance(TimeSpan.FromMinutes(20));
        await PauseAsync(world, second, "60m");
        await ApproveAsync(world);
        var before = Lease(world, 2);
        await world.Records.CommitAsync(new Changes().Save(before.Finish("chatops", world.Now)), default);

        await world.TakeOver.HandleAsync(default);

        Assert.Equal((before.Latest, before.JoinedSince), (Lease(world, 2).Latest, Lease(world, 2).JoinedSince));
    }

    private static IReadOnlyList<ResourceDrift> Hands => [new("ConfigMap", "shop", "shop-a-config", [new("/data/MODE", "slow", "fast", DriftClass.Changed, "kubectl-edit", Some.Now)])];

    private static Lease Letting(Lease lease) => lease with { State = LeaseState.Ending, OnlyLetsGo = true, EndedBy = "alice" };

    private static Lease Lease(World world, int incident) => world.Records.AllLeases.Last(lease => lease.Incident == incident);

    private static void Said(World world, int incident, TimelineKind kind, string words) =>
        Assert.Contains(world.Records.Entries, entry => entry.Incident == incident && entry.Kind == kind && entry.Text.Contains(words, StringComparison.Ordinal));

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString()));

    private static async Task<string> ThreadAsync(World world, int incident) => (await world.Records.FindMessageAsync(MessageKey.Incident(incident), World.Room, default))!.Ref.Id;

    private static async Task ApproveAsync(World world)
    {
        await world.PressAsync("carol", ChoiceKind.Approve);
        await RoundsAsync(world);
    }

    private static async Task RoundsAsync(World world)
    {
        for (var round = 0; round < 3; round++)
        {
            world.ControllerAnswers();
            await world.WorkAsync();
        }
    }

    private static Task<Card?> PauseAsync(World world, string thread, string duration) =>
        world.SayAsync("alice", "gitops", $"pause shop-a for {duration} because hands are needed", thread);

    private static async Task<(World World, string First, string Second)> NoneAsync()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => facts with { Owner = SomeWindow.Facts().Owner, Way = SomeWindow.Facts().Way, Window = SomeWindow.Facts().Window };
        await world.SayAsync("bob", "incident", "declare \"payments are slow\" sev2 operator @alice apps shop-a");
        await world.PostAllAsync();
        return (world, await ThreadAsync(world, 1), await ThreadAsync(world, 2));
    }

    private static async Task<(World World, string First, string Second)> TwoIncidentsAsync()
    {
        var all = await NoneAsync();
        await PauseAsync(all.World, all.First, "30m");
        await ApproveAsync(all.World);
        return all;
    }

    private static async Task<(World World, string[] Threads)> BothAsync()
    {
        var (world, first, second) = await TwoIncidentsAsync();
        await PauseAsync(world, second, "60m");
        await ApproveAsync(world);
        return (world, [first, second]);
    }
}
