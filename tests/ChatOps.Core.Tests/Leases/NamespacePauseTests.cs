using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Leases;

/// <summary>One request pauses every application that owns something in a namespace: all, or none.</summary>
public class NamespacePauseTests
{
    [Fact]
    public async Task One_decision_pauses_all_and_one_command_ends_all()
    {
        var world = await HeldAsync();

        Assert.All(Leases(world), lease => Assert.Equal((LeaseState.Active, Hold.Holding), (lease.State, lease.Hold)));
        Assert.All(world.Cluster.All, application => Assert.True(application.IsOff));
        await world.SayAsync("alice", "gitops", "resume ns:shop");
        await RoundsAsync(world, 2);

        Assert.All(Leases(world), lease => Assert.Equal(LeaseState.Ended, lease.State));
        Assert.All(world.Cluster.All, application => Assert.Equal((ModelApplication.Before, null), (application.Automated, application.Mark)));
        Assert.Equal(["pause", "pause", "end", "end"], world.Cluster.Effects.Select(effect => effect.What));
    }

    [Fact]
    public async Task The_card_names_each_with_its_way_and_votes_fall_when_another_application_comes()
    {
        var world = await AskedAsync();
        var asked = world.OnlyOperation();

        Assert.Equal("ns:prod/shop", asked.Plan.Target.Name);
        Assert.Equal(["shop-a /spec/syncPolicy/automated/enabled", "shop-b /spec/syncPolicy/automated/enabled"], asked.Plan.Changes.Select(change => change.Path));
        Assert.Contains(asked.Notices, notice => notice.ToString().StartsWith("shop-b: Nobody else takes the pause back", StringComparison.Ordinal));
        world.Cluster.Add("shop-c");
        await world.SayAsync("alice", "incident", "apps add shop-c");
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();

        Assert.Equal((OperationState.AwaitingApproval, 3), (world.OnlyOperation().State, world.OnlyOperation().Plan.Changes.Count));
        Assert.Empty(world.Cluster.Effects);
    }

    [Fact]
    public async Task One_that_will_not_leaves_none_and_it_is_said()
    {
        var world = await AskedAsync();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Ok, true));
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, false));

        await world.PressAsync("carol", ChoiceKind.Approve);
        await RoundsAsync(world, 4);

        Assert.Equal(OperationState.Failed, world.OnlyOperation().State);
        Assert.All(world.Cluster.All, application => Assert.Equal((ModelApplication.Before, null), (application.Automated, application.Mark)));
        Assert.All(Leases(world), lease => Assert.Equal(LeaseState.Ended, lease.State));
        Assert.Contains(world.Records.Entries, entry => entry.Text.Contains("shop-b: the cluster says Forbidden", StringComparison.Ordinal) && entry.Text.Contains("I undo", StringComparison.Ordinal));
        Assert.Equal(2, world.Records.Entries.Count(entry => entry.Text.Contains("is not paused: nothing of the pause that failed is left there", StringComparison.Ordinal)));
    }

    /// <summary>The process is killed before or after any one of its writes, comes back, and goes on: all of them, once.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task Killed_at_any_write_it_goes_on_where_it_was(int write, bool done)
    {
        var world = await AskedAsync();
        await KilledAsync(world, write, done);
        world.Restart();
        await RoundsAsync(world, 3);

        Assert.Equal(OperationState.Succeeded, world.OnlyOperation().State);
        Assert.All(world.Cluster.All, application => Assert.True(application.IsOff));
        Assert.Equal(["pause", "pause"], world.Cluster.Effects.Select(effect => effect.What));
        Assert.Equal(2, Leases(world).Count(lease => lease.State == LeaseState.Active));
    }

    /// <summary>After the kill the cluster says no: what was written before it is undone as well.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task Killed_at_any_write_and_refused_afterwards_it_undoes_all(int write, bool done)
    {
        var world = await AskedAsync();
        await KilledAsync(world, write, done);
        world.Restart();
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Forbidden, false));
        await RoundsAsync(world, 4);

        Assert.Equal(OperationState.Failed, world.OnlyOperation().State);
        Assert.All(world.Cluster.All, application => Assert.Equal((ModelApplication.Before, null), (application.Automated, application.Mark)));
        Assert.All(Leases(world), lease => Assert.Equal(LeaseState.Ended, lease.State));
    }

    [Fact]
    public async Task One_of_them_can_be_resumed_alone_and_the_rest_with_the_namespace()
    {
        var world = await HeldAsync();

        await world.SayAsync("alice", "gitops", "resume shop-a");
        await RoundsAsync(world, 1);
        Assert.Equal([LeaseState.Ended, LeaseState.Active], Leases(world).Select(lease => lease.State));

        await world.SayAsync("alice", "gitops", "resume ns:shop");
        await RoundsAsync(world, 1);
        Assert.All(Leases(world), lease => Assert.Equal(LeaseState.Ended, lease.State));
        Assert.Contains("No pause of ns:shop stands", Said(await world.SayAsync("alice", "gitops", "resume ns:shop")), StringComparison.Ordinal);
    }

    /// <summary>The process died after the last end was begun and before the command counted as done.</summary>
    [Fact]
    public async Task A_resume_that_is_delivered_again_while_the_ends_go_on_is_not_told_that_there_is_none()
    {
        var world = await HeldAsync();
        await world.SayAsync("alice", "gitops", "resume ns:shop");
        Assert.All(Leases(world), lease => Assert.Equal(LeaseState.Ending, lease.State));

        Assert.Null(await world.SayAsync("alice", "gitops", "resume ns:shop"));
    }

    [Fact]
    public async Task Whoever_may_not_end_one_is_told_which_and_the_command_is_answered_once()
    {
        var world = await HeldAsync();

        var card = await world.SayAsync("eve", "gitops", "resume ns:shop");

        Assert.Contains("shop-a", Said(card), StringComparison.Ordinal);
        Assert.Contains("shop-b", Said(card), StringComparison.Ordinal);
        Assert.All(Leases(world), lease => Assert.Equal(LeaseState.Active, lease.State));
    }

    [Fact]
    public async Task Books_that_have_lost_one_of_them_take_that_one_over()
    {
        var world = await HeldAsync();
        var lost = Leases(world)[1];
        world.Records.Forget(lost.Id);

        await world.TakeOver.HandleAsync(CancellationToken.None);

        Assert.Equal(2, Leases(world).Count(lease => lease.State == LeaseState.Active));
        Assert.Single(Leases(world), lease => lease.Target == lost.Target && lease.Id != lost.Id);
    }

    [Fact]
    public async Task What_does_not_sync_by_itself_is_left_as_it_is_and_named()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => facts.Ref.Name == "shop-b" ? facts with { AutoSyncOn = false, SelfHealOn = false } : facts;

        await world.SayAsync("alice", "gitops", "pause ns:shop for 30m because the rollback needs hands");

        Assert.Single(world.OnlyOperation().Plan.Changes);
        Assert.Contains(world.OnlyOperation().Notices, notice => notice.ToString() == "shop-b does not sync by itself, so there is nothing to pause.");
    }

    public static TheoryData<string, Func<ApplicationFacts, ApplicationFacts>, string> Refusals => new()
    {
        { "ns:shop", facts => facts with { ResourceNamespaces = ["other"] }, "No application owns anything" },
        { "ns:shop", facts => facts.Ref.Name == "shop-a" ? facts : facts with { Cluster = "edge" }, "is in several clusters: edge, prod" },
        { "ns:moon/shop", facts => facts, "No application owns anything" },
        { "ns:shop", facts => facts.Ref.Name == "shop-a" ? facts : facts with { Owner = new(OwnerKind.Set, "tools"), Way = PauseWay.Unowned with { Because = "A set takes it back.", Missing = "change it" } }, "all of it, or none" },
        { "ns:shop", facts => facts.Ref.Name == "shop-a" ? facts : facts with { Project = "bank" }, "shop-b: " },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task It_is_refused_whole(string ns, Func<ApplicationFacts, ApplicationFacts> seen, string said)
    {
        var world = await World.WithIncidentAsync(rule =>
        {
            rule.Projects.Clear();
            rule.Projects.Add("shop");
        });
        world.Cluster.Seen = seen;

        var card = await world.SayAsync("alice", "gitops", $"pause {ns} for 30m because the rollback needs hands");

        Assert.Contains(said, Said(card), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    [Theory]
    [InlineData(OverwritingNeeds.InGit, OverwritingNeeds.SecondPress, OverwritingNeeds.InGit)]
    [InlineData(OverwritingNeeds.Approval, OverwritingNeeds.SecondPress, OverwritingNeeds.Approval)]
    [InlineData(OverwritingNeeds.SecondPress, OverwritingNeeds.Approval, OverwritingNeeds.Approval)]
    public async Task What_the_strictest_rule_wants_before_changes_by_hand_are_overwritten_counts_for_all(OverwritingNeeds ofOne, OverwritingNeeds ofOther, OverwritingNeeds counts)
    {
        var world = await TwoRulesAsync((ofOne, ""), (ofOther, ""));

        Assert.Null(await world.SayAsync("alice", "gitops", "pause ns:shop for 30m because the rollback needs hands"));
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();

        Assert.Equal([counts, counts], Leases(world).Select(lease => lease.Overwriting.Needs));
    }

    [Fact]
    public async Task Rules_that_want_different_people_to_agree_to_overwriting_are_not_one_decision()
    {
        var world = await TwoRulesAsync((OverwritingNeeds.Approval, "commander"), (OverwritingNeeds.Approval, "on-call"));

        Assert.Contains("name different people", Said(await world.SayAsync("alice", "gitops", "pause ns:shop for 30m because x y")), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    [Fact]
    public async Task An_application_outside_the_scope_has_to_be_added_first()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Add("shop-c");

        Assert.Contains("apps add shop-c", Said(await world.SayAsync("alice", "gitops", "pause ns:prod/shop for 30m because x y")), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    [Fact]
    public async Task Where_an_engine_does_not_list_nothing_is_known_and_nothing_planned()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.NoList = _ => Task.FromResult(ModelCluster.Answer(ClusterAnswerKind.Unavailable));

        Assert.Contains("cannot list", Said(await world.SayAsync("alice", "gitops", "pause ns:shop for 30m because x y")), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    private static async Task KilledAsync(World world, int write, bool done)
    {
        var writes = 0;
        world.Cluster.BeforeWrite = () =>
        {
            if (++writes == write && !done || writes == write + 1 && done)
            {
                throw new KilledException();
            }
        };
        await world.PressAsync("carol", ChoiceKind.Approve);
        if (done && write == 2)
        {
            world.Records.BeforeCommit = changes => changes.Operations.Any(operation => operation.State == OperationState.Succeeded) ? throw new KilledException() : Task.CompletedTask;
        }

        await Assert.ThrowsAsync<KilledException>(world.WorkAsync);
        (world.Cluster.BeforeWrite, world.Records.BeforeCommit) = (null, null);
    }

    private static async Task<World> TwoRulesAsync((OverwritingNeeds Needs, string From) ofA, (OverwritingNeeds Needs, string From) ofB)
    {
        var world = await World.WithIncidentAsync();
        world.Restart(policy =>
        {
            policy.Rules.RemoveAll(rule => rule.Verbs.Contains("pause"));
            policy.Rules.Add(Rule("shop-a", ofA));
            policy.Rules.Add(Rule("shop-b", ofB));
        });
        return world;
    }

    private static RuleConfiguration Rule(string application, (OverwritingNeeds Needs, string From) hands) => new()
    {
        Name = $"pause {application}",
        Roles = { "on-call" },
        Verbs = { "pause", "resume" },
        Applications = { application },
        Projects = { "*" },
        Namespaces = { "*" },
        Clusters = { "*" },
        LongestDuration = TimeSpan.FromHours(1),
        Approvals = new ApprovalConfiguration { FromRole = "commander" },
        OverwritingNeeds = hands.Needs,
        OverwritingFrom = hands.From,
    };

    private static async Task<World> AskedAsync()
    {
        var world = await World.WithIncidentAsync();
        await world.SayAsync("alice", "gitops", "pause ns:shop for 30m because the rollback needs hands");
        return world;
    }

    private static async Task<World> HeldAsync()
    {
        var world = await AskedAsync();
        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();
        world.ControllerAnswers();
        await world.WorkAsync();
        return world;
    }

    private static async Task RoundsAsync(World world, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(5));
            await world.WorkAsync();
        }
    }

    private static List<Lease> Leases(World world) => [.. world.Records.AllLeases.OrderBy(lease => lease.Target.Name, StringComparer.Ordinal)];

    private static string Said(Card? card) => string.Join('\n', card!.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString()));

    private sealed class KilledException : Exception;
}
