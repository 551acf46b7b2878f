using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Records;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

/// <summary>A pause that an entry in the set keeps, from the request to the end, and what becomes of the entry where something goes wrong.</summary>
public class SetPauseTests
{
    [Fact]
    public async Task The_entry_goes_before_the_pause_and_after_its_end_and_people_are_told_of_both()
    {
        var world = await AskedAsync();
        var asked = world.OnlyOperation();
        Assert.Contains(asked.Notices, notice => notice.ToString().Contains("the set itself is edited", StringComparison.Ordinal));

        await ApproveAsync(world);
        world.Cluster[world.OnlyLease().Target] = world.Cluster[world.OnlyLease().Target] with { RefreshPending = false };
        await RoundsAsync(world);

        Assert.Equal(["entry", "pause"], What(world));
        Assert.Equal((LeaseState.Active, Hold.Holding, true), (world.OnlyLease().State, world.OnlyLease().Hold, world.OnlyLease().InSet!.IsOurs));
        Said(world, TimelineKind.Holding, "and ApplicationSet tools has worked on it since and left it so");

        var status = (await world.SayAsync("alice", "gitops", "status shop-a"))!;
        Assert.Contains(status.Parts.OfType<Part.Facts>().SelectMany(facts => facts.Rows), row => row.Value.ToString().Contains("it is edited for the time of the pause", StringComparison.Ordinal));

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await RoundsAsync(world);

        Assert.Equal(["entry", "pause", "end", "entry out"], What(world));
        Said(world, TimelineKind.Resumed, "Our entry is out of ApplicationSet tools.");
    }

    [Fact]
    public async Task Without_the_rule_or_the_right_a_window_holds_it()
    {
        var world = await AskedAsync(rule => rule.MayAddIgnoreApplicationDifferences = false);
        Assert.Equal(PauseMechanism.Window, world.OnlyOperation().Plan.Of<PauseWork>().Mechanism);

        world = await AskedAsync(before: one => one.Cluster.CoversSets = false);
        Assert.Equal(PauseMechanism.Window, world.OnlyOperation().Plan.Of<PauseWork>().Mechanism);
        Assert.Contains(world.OnlyOperation().Notices, notice => notice.ToString().Contains("RBAC does not let chatops:sets", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_right_goes_before_it_runs_the_votes_fall()
    {
        var world = await AskedAsync();
        world.Cluster.CoversSets = false;

        await ApproveAsync(world);

        Assert.Empty(What(world));
        Assert.Equal((OperationState.AwaitingApproval, PauseMechanism.Window), (world.OnlyOperation().State, world.OnlyOperation().Plan.Of<PauseWork>().Mechanism));
    }

    [Fact]
    public async Task What_is_neither_possible_in_the_set_nor_by_a_window_is_refused_as_before()
    {
        var world = await World.WithIncidentAsync(rule => rule.MayAddIgnoreApplicationDifferences = false);
        world.Cluster.Seen = facts => world.Cluster.OfSet(facts) with { Window = null };

        Assert.NotNull(await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands"));
        Assert.Empty(world.Records.AllOperations);
    }

    /// <summary>The cluster took the entry and not the pause.</summary>
    [Fact]
    public async Task A_pause_that_never_came_leaves_no_entry()
    {
        var world = await AskedAsync();
        world.Cluster.OnChange = _ => throw new InvalidOperationException("died");
        await Assert.ThrowsAnyAsync<Exception>(async () => await ApproveAsync(world));
        Assert.Equal((LeaseState.Starting, "entry"), (world.OnlyLease().State, Assert.Single(What(world))));
        world.Cluster.OnChange = null;

        world.Time.Advance(TimeSpan.FromHours(1)); // its end came while the bot was down
        await RoundsAsync(world);

        Assert.Equal(["entry", "entry out"], What(world));
        Assert.Equal((LeaseState.Ended, OperationState.Failed), (world.OnlyLease().State, world.OnlyOperation().State));
        Assert.Empty(world.Cluster.Entries);
    }

    [Fact]
    public async Task Of_two_incidents_the_last_takes_it_out()
    {
        var world = await AskedAsync();
        await ApproveAsync(world);
        await world.SayAsync("bob", "incident", "declare \"payments are slow\" sev2 operator @alice apps shop-a");
        await world.PostAllAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", await ThreadAsync(world, 2));
        await ApproveAsync(world);
        Assert.Equal(world.Records.AllLeases.First().InSet, world.Records.AllLeases.Last().InSet);

        await world.SayAsync("alice", "gitops", "resume shop-a", await ThreadAsync(world, 1));
        await RoundsAsync(world);
        Assert.Single(world.Cluster.Entries);
        await world.SayAsync("alice", "gitops", "resume shop-a", await ThreadAsync(world, 2));
        await RoundsAsync(world);

        Assert.Empty(world.Cluster.Entries);
        Assert.Equal(["end", "entry out"], What(world).TakeLast(2));
        Assert.All(world.Records.AllLeases, lease => Assert.Equal(LeaseState.Ended, lease.State));
    }

    /// <summary>As a pause of a namespace, which edits no set, finds it: paused by the field, as our entry lets it.</summary>
    [Fact]
    public async Task Whoever_counts_on_it_without_having_asked_for_it_takes_it_out_at_last()
    {
        var world = await AskedAsync();
        await ApproveAsync(world);
        await world.SayAsync("bob", "incident", "declare \"payments are slow\" sev2 operator @alice apps shop-a");
        await world.PostAllAsync();
        await world.SayAsync("alice", "gitops", "pause shop-a for 60m because payments need it too", await ThreadAsync(world, 2));
        await ApproveAsync(world);
        var second = world.Records.AllLeases.Single(lease => lease.Incident == 2);
        await world.Records.CommitAsync(new Changes().Save(second with { InSet = null }), default);

        await world.SayAsync("alice", "gitops", "resume shop-a", await ThreadAsync(world, 1));
        await RoundsAsync(world);
        Assert.Equal(world.Records.AllLeases.Single(lease => lease.Incident == 1).InSet, world.Records.AllLeases.Single(lease => lease.Incident == 2).InSet);
        await world.SayAsync("alice", "gitops", "resume shop-a", await ThreadAsync(world, 2));
        await RoundsAsync(world);

        Assert.Empty(world.Cluster.Entries);
        Assert.Equal(["end", "entry out"], What(world).TakeLast(2));
    }

    [Fact]
    public async Task An_application_that_was_deleted_leaves_no_entry_and_what_became_of_it_is_said()
    {
        var world = await AskedAsync();
        await ApproveAsync(world);
        world.Cluster.SaidOfEntry = "ApplicationSet tools does not exist any more, and our entry with it";
        world.Cluster.Remove(world.OnlyLease().Target);

        await RoundsAsync(world);

        Assert.Equal((LeaseState.Ended, "entry out"), (world.OnlyLease().State, What(world)[^1]));
        Said(world, TimelineKind.Resumed, "does not exist any more, so there is nothing to resume. ApplicationSet tools does not exist any more, and our entry with it.");
    }

    [Fact]
    public void A_set_that_has_not_worked_on_it_since_has_not_been_seen_to_leave_it()
    {
        var lease = Lease();
        var marked = Paused(lease) with { Mark = new(7, lease.Operation, lease.Deadline, Some.Before, "chatops:on-call") };

        Assert.IsType<Holding.Waiting>(Holding.Judge(lease, marked, Some.Now.AddSeconds(9)));
        Assert.Contains("ApplicationSet tools has not been seen", Assert.IsType<Holding.NotKnown>(Holding.Judge(lease, marked, Some.Now.AddSeconds(11))).Why, StringComparison.Ordinal);
        Assert.IsType<Holding.Proved>(Holding.Judge(lease, Paused(lease), Some.Now.AddSeconds(1)));
        Assert.IsType<Holding.Proved>(Holding.Judge(lease.Seen(Hold.Holding, Some.Now), marked, Some.Now.AddSeconds(11)));
    }

    [Fact]
    public void An_end_leaves_the_entry_to_whoever_counts_on_it_and_a_beginning_waits_for_an_end_that_takes_it()
    {
        var lease = Lease();
        var (standing, beginning) = (lease with { Id = Guid.NewGuid(), Operation = Guid.NewGuid(), Incident = 9 }, lease with { Id = Guid.NewGuid(), State = LeaseState.Starting });

        Assert.True(SharedPause.KeepsEntry(lease, [lease, standing]));
        Assert.True(SharedPause.KeepsEntry(lease, [lease, beginning]));
        Assert.True(SharedPause.KeepsEntry(lease, [standing with { InSet = null }])); // it was there when that was planned
        Assert.False(SharedPause.KeepsEntry(lease with { InSet = null }, [standing]));
        Assert.False(SharedPause.KeepsEntry(lease, [lease, standing with { State = LeaseState.Ending }, standing with { WindowIn = "shop" }, standing with { Target = Some.Shop with { Name = "other" } }, standing with { Uid = "made-again" }]));
        Assert.Equal(standing.Id, SharedPause.TakesEntry(beginning, [beginning, standing with { State = LeaseState.Ending }])?.Id);
        Assert.Null(SharedPause.TakesEntry(beginning, [beginning, standing, standing with { State = LeaseState.Ending, InSet = null }]));
        Assert.Null(SharedPause.TakesEntry(beginning with { InSet = null }, [standing with { State = LeaseState.Ending }]));
    }

    /// <summary>The earlier pause was overtaken and is just ending, in another incident: what it takes out must not be what this one counts on.</summary>
    [Fact]
    public async Task A_pause_waits_for_an_end_that_takes_its_entry_and_then_writes_one_of_its_own()
    {
        var world = await AskedAsync();
        var ending = new Lease[1];
        world.Records.BeforeCommit = async changes =>
        {
            if (changes.Leases.FirstOrDefault(lease => lease.State == LeaseState.Starting) is { } beginning && ending[0] is null)
            {
                ending[0] = beginning with { Id = Guid.NewGuid(), Incident = 1, State = LeaseState.Ending, NextAttemptAt = world.Now.AddHours(1), Version = 0, Mechanism = PauseMechanism.SwitchOff };
                await world.Records.CommitAsync(new Changes().Save(ending[0]), default);
            }
        };

        await ApproveAsync(world);
        Assert.Empty(What(world));
        var over = world.Records.AllLeases.Single(lease => lease.Id == ending[0].Id);
        await world.Records.CommitAsync(new Changes().Save(over.Finish("alice", world.Now)), default);
        world.Time.Advance(TimeSpan.FromSeconds(30));
        await RoundsAsync(world);

        Assert.Equal(["entry", "pause"], What(world));
    }

    [Fact]
    public async Task Whoever_leaves_it_off_is_told_that_the_entry_stays()
    {
        var world = await AskedAsync();
        await ApproveAsync(world);
        var seen = world.Cluster.Seen;
        world.Cluster.Seen = facts => seen(facts) with { PauseFieldManager = "kubectl-edit" }; // switched on and off again
        await RoundsAsync(world);
        Assert.Equal(LeaseState.Overtaken, world.OnlyLease().State);

        await world.PressAsync("alice", ChoiceKind.LeaveOff);
        await RoundsAsync(world);

        Assert.Equal(LeaseState.Ended, world.OnlyLease().State);
        Said(world, TimelineKind.Settled, "Our entry stays in ApplicationSet tools");
        Assert.Single(world.Cluster.Entries);
    }

    private static async Task<World> AskedAsync(Action<RuleConfiguration>? rule = null, Action<World>? before = null)
    {
        var world = await World.WithIncidentAsync(rule ?? (one => one.MayAddIgnoreApplicationDifferences = true));
        world.Cluster.Seen = world.Cluster.OfSet;
        before?.Invoke(world);
        Assert.Null(await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands"));
        return world;
    }

    private static async Task ApproveAsync(World world)
    {
        await world.PressAsync("carol", ChoiceKind.Approve);
        await RoundsAsync(world);
    }

    /// <summary>An entry has a moment to be seen, then the pause follows, and Argo CD answers.</summary>
    private static async Task RoundsAsync(World world)
    {
        for (var round = 0; round < 4; round++)
        {
            await world.WorkAsync();
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static Lease Lease() => Core.Leases.Lease.Written(
        Some.Operation(OperationState.Running) with { Plan = PausePlan.Of(SetWay.Under(new() { MayAddIgnoreApplicationDifferences = true }, SomeWindow.Facts() with { Set = new("tools", "uid-tools", false) }, [], true), "7") }, Some.Now).Stored(Some.Now);

    private static ApplicationFacts Paused(Lease lease) => Some.Facts() with { Ref = lease.Target, Uid = lease.Uid, AutoSyncOn = false, PauseFieldManager = "chatops" };

    private static IReadOnlyList<string> What(World world) => [.. world.Cluster.Effects.Select(effect => effect.What)];

    private static async Task<string> ThreadAsync(World world, int incident) => (await world.Records.FindMessageAsync(MessageKey.Incident(incident), World.Room, default))!.Ref.Id;

    private static void Said(World world, TimelineKind kind, string words) =>
        Assert.Contains(world.Records.Entries, entry => entry.Kind == kind && entry.Text.Contains(words, StringComparison.Ordinal));
}
