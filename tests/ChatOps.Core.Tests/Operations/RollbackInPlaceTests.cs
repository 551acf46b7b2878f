using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Operations;

/// <summary>A rollback where nothing has to be paused for it any more: one operation, and what it leaves behind is not forgotten.</summary>
public class RollbackInPlaceTests
{
    private const string Bad = "3333333333333333333333333333333333333333";
    private const string Good = "2222222222222222222222222222222222222222";
    private const string Source = """{"path":"shop","helm":{"parameters":[]}}""";

    [Fact]
    public async Task With_auto_sync_off_it_is_one_operation_from_the_source_of_then_and_pauses_nothing()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => Known(facts) with { AutoSyncOn = false, PauseFieldManager = "argocd-server" };

        Assert.Null(await world.SayAsync("alice", "gitops", "rollback shop-a because the release is bad"));
        var operation = world.OnlyOperation();
        Assert.Equal((OperationKind.Sync, PolicyVerb.Rollback, Source), (operation.Kind, Assert.Single(operation.Plan.Of<SyncWork>().PolicyVerbs), operation.Plan.Of<SyncWork>().Entry!.SourceJson));
        Assert.Equal([("/operation/sync/revision", Good), ("/operation/sync/source", "as entry 7 deployed it")], operation.Plan.Changes.Select(change => (change.Path, change.After!)));
        Assert.Contains("Auto-sync is off already (switched off by argocd-server), so nothing is paused", string.Join(' ', operation.Notices), StringComparison.Ordinal);

        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Equal(["sync"], world.Cluster.Effects.Select(effect => effect.What));
        Assert.Empty(world.Records.AllLeases);
        Assert.Contains(await world.Records.TimelineAsync(1, default), entry => entry.Kind == TimelineKind.Done && entry.Text.StartsWith("Rollback to entry 7 of shop-a: ", StringComparison.Ordinal) && entry.Text.Contains("until somebody syncs shop-a or switches auto-sync on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Auto_sync_that_is_on_again_when_it_is_to_run_makes_it_no_rollback_for_a_second()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => Known(facts) with { AutoSyncOn = false };
        await world.SayAsync("alice", "gitops", "rollback shop-a because the release is bad");
        world.Cluster.Seen = Known;

        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();

        Assert.Equal(OperationState.Refused, world.OnlyOperation().State);
        Assert.Empty(world.Cluster.Effects);
    }

    [Theory]
    [InlineData("rollback shop-a because the hand fix did not help")]
    [InlineData("sync shop-a at 22222222 because the hand fix did not help")]
    public async Task Under_the_pause_of_its_incident_it_stays_and_the_resume_shows_first_what_comes_back(string said)
    {
        var world = await UnderPauseAsync(said);
        Assert.Equal(["pause", "sync"], world.Cluster.Effects.Select(effect => effect.What));
        Assert.Equal(LeaseKind.Pause, world.OnlyLease().Kind);

        world.Cluster.Seen = RolledBack;
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        Assert.Contains(await world.Records.TimelineAsync(1, default), entry => entry.Text.Contains("What was rolled back from comes back: Git still says 33333333", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sync_of_what_Git_says_under_the_same_pause_leaves_nothing_to_ask_about()
    {
        var world = await UnderPauseAsync();
        Assert.NotNull(world.OnlyLease().Deployed);

        Assert.Null(await world.SayAsync("alice", "gitops", "sync shop-a because the fix is merged"));
        foreach (var operation in world.Records.AllOperations.Where(one => one.State == OperationState.AwaitingApproval).ToList())
        {
            await world.PressAsync("carol", ChoiceKind.Approve);
        }

        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Null(world.OnlyLease().Deployed);
    }

    [Theory]
    [InlineData(true, false, null, true, null)]
    [InlineData(false, false, null, false, null)]
    [InlineData(true, true, null, false, null)] // RollingSync: off by the set, which syncs all the same
    [InlineData(true, false, LeaseState.Active, true, null)]
    [InlineData(false, false, LeaseState.Active, false, "syncs it by itself all the same")]
    [InlineData(true, false, LeaseState.Ending, false, "at this moment")]
    [InlineData(true, false, LeaseState.Starting, false, "at this moment")]
    public void It_is_one_only_where_what_it_deploys_stays(bool off, bool rolling, LeaseState? ours, bool inPlace, string? refused)
    {
        var facts = Known(Some.Facts()) with { AutoSyncOn = !off, Blockers = rolling ? [new Blocker(BlockerKind.RollingSync, "", "")] : [] };
        var lease = ours is { } state ? Some.Lease() with { State = state } : null;

        var (judged, refusal) = RollbackInPlace.Judge(facts, 1, lease);

        Assert.Equal((inPlace, refused is null), (judged, refusal is null));
        Assert.Contains(refused ?? "", refusal?.Why.ToString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Under_the_pause_of_another_incident_the_way_is_named()
    {
        var facts = Known(Some.Facts()) with { AutoSyncOn = false, Mark = new(4, Guid.CreateVersion7(Some.Now), Some.Now.AddHours(1), new("/spec/syncPolicy/automated", "{}", null), "chatops:on-call") };

        var (inPlace, refusal) = RollbackInPlace.Judge(facts, 7, null);

        Assert.False(inPlace);
        Assert.Contains("is paused by incident 4", refusal!.Why.ToString(), StringComparison.Ordinal);
        Assert.Contains("holds it for this incident as well", refusal.Instead.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_its_owner_puts_auto_sync_back_it_is_none_and_pauses_first_in_a_minute()
    {
        var (inPlace, refusal) = RollbackInPlace.Judge(Known(Some.Facts()) with { AutoSyncOn = false, OwnerOfAutomated = OwnersWord.PutsItBack }, 1, null);

        Assert.False(inPlace);
        Assert.Contains("puts it back", refusal!.Why.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The first knows what people wanted to get rid of: the second was from something good.</summary>
    [Fact]
    public void A_second_one_forgets_nothing_of_the_first()
    {
        var (first, second) = (Guid.CreateVersion7(Some.Now), Guid.CreateVersion7(Some.Now));
        var lease = (Some.Lease() with { State = LeaseState.Active }).Deploy(first, new([Good], [Bad]), Some.Now).Deploy(second, new([Bad], [Good]), Some.Now);
        Assert.Equal(first, lease.Deployed);

        Assert.Null((Some.Lease() with { Kind = LeaseKind.RollbackHold }).Deploy(second, new([Bad], [Good]), Some.Now).Deployed);
    }

    [Fact]
    public async Task A_time_that_was_said_where_nothing_ends_is_answered()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => Known(facts) with { AutoSyncOn = false };

        Assert.Null(await world.SayAsync("alice", "gitops", "rollback shop-a for 1h because the release is bad"));

        Assert.StartsWith("The time that was said counts for nothing here", world.OnlyOperation().Notices[0].ToString(), StringComparison.Ordinal);
    }

    /// <summary>What is under way is in no history yet, so what the history says is not what will run.</summary>
    [Fact]
    public async Task While_it_is_still_under_way_a_resume_asks()
    {
        var world = await UnderPauseAsync();
        world.Cluster.Seen = facts => Known(facts) with { Flight = new(false, "alice", Some.Now, false, "Running", "", []) };

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        Assert.Contains(await world.Records.TimelineAsync(1, default), entry => entry.Text.Contains("what it deploys is in no history yet", StringComparison.Ordinal));
    }

    /// <summary>No override was there to remember it, so whoever takes one over from outside learns it from the operations.</summary>
    [Fact]
    public async Task What_was_deployed_where_nobody_had_paused_is_found_among_the_operations()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => Known(facts) with { AutoSyncOn = false };
        await world.SayAsync("alice", "gitops", "rollback shop-a because the release is bad");
        Assert.Null(DeployedInstead.Of([world.OnlyOperation()], world.OnlyOperation().Plan.Application.Ref));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.WorkAsync();

        var back = world.OnlyOperation();
        Assert.Equal(back.Id, DeployedInstead.Of([back], back.Plan.Application.Ref));
        Assert.Null(DeployedInstead.Of([back], new("argocd", "argocd", "another")));
        var whatGitSays = back with { Id = Guid.CreateVersion7(Some.Now), RequestedAt = back.RequestedAt.AddMinutes(1), Plan = back.Plan with { Work = back.Plan.Of<SyncWork>() with { Entry = null, Elsewhere = false } } };
        Assert.Null(DeployedInstead.Of([back, whatGitSays], back.Plan.Application.Ref));
    }

    [Fact]
    public void Behind_a_rollback_window_the_new_entry_is_what_has_to_stand()
    {
        var held = Some.Lease() with { State = LeaseState.Active, Hold = Hold.Holding, WindowIn = "shop", Deploys = [Bad] };
        var operation = Guid.CreateVersion7(Some.Now);

        var lease = held.Deploy(operation, new([Good], [Bad]), Some.Now);

        Assert.Equal((operation, Good, Hold.Stored, true), (lease.Deployed, Assert.Single(lease.Deploys), lease.Hold, lease.KeepsRollback));
    }

    [Fact]
    public async Task What_was_deployed_under_a_pause_is_asked_about_by_whoever_holds_it_last()
    {
        var world = await UnderPauseAsync();
        await world.SayAsync("bob", "incident", "declare \"search is slow\" sev2 operator @alice apps shop-a");
        await world.SayAsync("anna", "gitops", "pause shop-a for 1h because search needs it still", await ThreadAsync(world, 2));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        world.Cluster.Seen = RolledBack;
        await world.SayAsync("alice", "gitops", "resume shop-a", await ThreadAsync(world, 1));
        await world.WorkAsync();
        if (world.Records.AllLeases.First().State == LeaseState.Active)
        {
            await world.PressAsync("alice", ChoiceKind.ResumeKnowing);
            await world.WorkAsync();
        }

        Assert.Equal([LeaseState.Ended, LeaseState.Active], world.Records.AllLeases.Select(lease => lease.State));
        Assert.NotNull(world.Records.AllLeases.Last().Deployed);
        await world.SayAsync("anna", "gitops", "resume shop-a", await ThreadAsync(world, 2));
        await world.WorkAsync();

        Assert.Equal(LeaseState.Active, world.Records.AllLeases.Last().State);
        Assert.Contains(await world.Records.TimelineAsync(2, default), entry => entry.Text.Contains("What was rolled back from comes back: Git still says 33333333", StringComparison.Ordinal));
    }

    private static async Task<string?> ThreadAsync(World world, int incident)
    {
        await world.PostAllAsync();
        return (await world.Records.FindMessageAsync(MessageKey.Incident(incident), World.Room, default))!.Ref.Id;
    }

    private static ApplicationFacts RolledBack(ApplicationFacts facts) =>
        Known(facts) with { Sync = SyncState.OutOfSync, Syncing = Known(facts).Syncing with { History = [new(9, [Good], null, Source, false), .. Known(facts).Syncing.History] } };

    private static async Task<World> UnderPauseAsync(string said = "rollback shop-a because the hand fix did not help")
    {
        var world = await World.WithPauseAsync();
        world.Cluster.Seen = Known;
        Assert.Null(await world.SayAsync("alice", "gitops", said));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        await world.WorkAsync();
        return world;
    }

    private static ApplicationFacts Known(ApplicationFacts facts) => facts with
    {
        Syncing = new()
        {
            Revisions = [Bad],
            History = [new(8, [Bad], null, "{}", false), new(7, [Good], null, Source, false)],
        },
    };
}
