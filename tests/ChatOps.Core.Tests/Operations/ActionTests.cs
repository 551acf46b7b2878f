using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Operations;

/// <summary>Sync, refresh and terminate through the use cases that every operation goes through.</summary>
public class ActionTests
{
    private const string Head = "1111111111111111111111111111111111111111";
    private const string Older = "2222222222222222222222222222222222222222";

    [Fact]
    public async Task A_sync_that_a_rule_allows_runs_at_the_commit_that_was_shown_and_says_how_it_ended()
    {
        var world = await WorldAsync();
        await world.SayAsync("alice", "gitops", "sync shop-a");
        await world.WorkAsync();
        Assert.Equal(OperationState.Running, world.OnlyOperation().State);
        world.Cluster.Outcomes.Enqueue(new(ClusterAnswerKind.UnderWay, "waiting for completion of hook batch/Job/migrate"));
        world.Cluster.Outcomes.Enqueue(new(ClusterAnswerKind.Ok, "Succeeded at 11111111, 5 resources"));

        await world.WorkAsync();
        Assert.Equal("waiting for completion of hook batch/Job/migrate", world.OnlyOperation().Progress);
        await world.WorkAsync();

        Assert.Equal((OperationState.Succeeded, "Succeeded at 11111111, 5 resources"), (world.OnlyOperation().State, world.OnlyOperation().Outcome));
        Assert.Contains(Head, Assert.Single(world.OnlyOperation().Plan.Changes, change => change.Path.EndsWith("revision", StringComparison.Ordinal)).After, StringComparison.Ordinal);
        Assert.Equal([(world.OnlyOperation().Id, "sync", "chatops:on-call")], world.Cluster.Effects);
        Assert.Contains(await world.Records.TimelineAsync(1, default), entry => entry.Kind == TimelineKind.Done && entry.Text.Contains("5 resources", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_commit_makes_no_vote_fall_because_the_plan_holds_the_old_one()
    {
        var world = await WorldAsync();
        await world.SayAsync("alice", "gitops", "sync shop-a prune");
        world.Cluster.Seen = facts => Known(facts) with { Syncing = Known(facts).Syncing with { Revisions = [Older] } };

        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();

        Assert.Equal("sync", Assert.Single(world.Cluster.Effects).What);
        Assert.Contains(world.OnlyOperation().Plan.Changes, change => change.After == Head);
    }

    [Fact]
    public async Task The_commit_from_another_path_is_not_what_was_approved()
    {
        var world = await WorldAsync();
        await world.SayAsync("alice", "gitops", "sync shop-a prune");
        world.Cluster.Seen = facts => Known(facts) with { Syncing = Known(facts).Syncing with { Source = "elsewhere" } };

        await world.PressAsync("carol", ChoiceKind.Approve);
        await world.WorkAsync();

        Assert.Empty(world.Cluster.Effects);
        Assert.Equal(OperationState.AwaitingApproval, world.OnlyOperation().State);
    }

    [Theory]
    [InlineData("sync shop-a prune", "needs")]
    [InlineData("sync shop-a at 2222222", "needs")]
    [InlineData("sync shop-a force", "No rule lets anybody sync-force")]
    public async Task Each_level_needs_its_own_rule(string said, string answer)
    {
        var world = await WorldAsync();

        var told = await world.SayAsync("alice", "gitops", said);
        await world.WorkAsync();

        Assert.Empty(world.Cluster.Effects);
        Assert.Contains(answer, told is null ? $"needs {world.OnlyOperation().Authority.ApprovalsNeeded}" : Words(told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sync shop-a", true, "=> act:")]
    [InlineData("sync shop-a at 2222222 prune", true, "sync-at:")]
    [InlineData("plan sync shop-a prune", true, "=> act-hard:")]
    [InlineData("sync shop-a prune force", false, "sync-force:")]
    [InlineData("sync shop-a only Deployment/shop prune", true, "sync-only:")]
    [InlineData("sync shop-a at 9999", false, "no whole commit")]
    [InlineData("status shop-a", true, "changes nothing")]
    public async Task What_the_policy_says_to_each_level_is_explained_without_asking_for_it(string said, bool allowed, string says)
    {
        var world = await WorldAsync();

        var explained = await world.Explain.HandleAsync("alice", said, default);

        Assert.Equal(allowed, explained.Allowed);
        Assert.Contains(says, string.Join('\n', explained.Lines), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    [Fact]
    public async Task Levels_whose_rules_ask_different_people_are_not_taken_together()
    {
        var world = await WorldAsync();
        world.Restart(policy =>
        {
            policy.Rules.Single(rule => rule.Name == "act-hard").Verbs.Remove("sync-at");
            var at = new RuleConfiguration { Name = "at", Approvals = new ApprovalConfiguration { FromRole = "platform" } };
            at.Verbs.Add("sync-at");
            at.Roles.Add("on-call");
            Array.ForEach([at.Applications, at.Projects, at.Namespaces, at.Clusters], scope => scope.Add("*"));
            policy.Rules.Add(at);
        });

        var told = await world.SayAsync("alice", "gitops", "sync shop-a at 2222222 prune");

        Assert.Contains("different people", Words(told!), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    public static TheoryData<string, Func<ApplicationFacts, ApplicationFacts>, string> Hindrances => new()
    {
        { "sync shop-a", facts => facts with { Deleting = true }, "being deleted" },
        { "sync shop-a", facts => facts with { Flight = new(false, "kim", Some.Now, false, "Running", "", []) }, "operation of kim" },
        { "sync shop-a", facts => facts with { Syncing = facts.Syncing with { BlockedByWindow = "A deny window of project shop is open." } }, "start by itself when the window goes" },
        { "sync shop-a", facts => facts with { Blockers = [new(BlockerKind.SkipReconcile, "skip-reconcile is set.", "Remove it.")] }, "whenever the annotation goes" },
        { "sync shop-a", facts => facts with { Syncing = facts.Syncing with { Revisions = [] } }, "cannot tell which commit" },
        { "sync shop-a only secret/x", facts => facts, "has no secret/x" },
        { "sync shop-a at main", facts => facts, "no whole commit" },
        { "terminate shop-a", facts => facts, "No operation runs" },
    };

    [Theory]
    [MemberData(nameof(Hindrances))]
    public async Task What_could_not_end_well_is_refused_before_anybody_is_asked(string said, Func<ApplicationFacts, ApplicationFacts> seen, string answer)
    {
        var world = await WorldAsync();
        world.Cluster.Seen = facts => seen(Known(facts));

        var told = await world.SayAsync("alice", "gitops", said);

        Assert.Contains(answer, Words(told!), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
    }

    [Fact]
    public async Task What_comes_in_the_way_after_the_approval_is_found_in_the_moment_it_runs()
    {
        var world = await WorldAsync();
        await world.SayAsync("alice", "gitops", "sync shop-a prune");
        await world.PressAsync("carol", ChoiceKind.Approve);
        world.Cluster.Seen = facts => Known(facts) with { Deleting = true };

        await world.WorkAsync();

        Assert.Equal(OperationState.Refused, world.OnlyOperation().State);
        Assert.Empty(world.Cluster.Effects);
    }

    [Fact]
    public async Task It_is_told_before_what_a_sync_of_one_resource_at_an_older_commit_means()
    {
        var world = await WorldAsync();
        await world.SayAsync("alice", "gitops", "sync shop-a at 2222222 only deployment/shop");

        var notices = string.Join('\n', world.OnlyOperation().Notices);

        Assert.Contains("no hook runs, not PreSync Job/migrate either", notices, StringComparison.Ordinal);
        Assert.Contains("goes back to main about a second later", notices, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_told_before_what_a_terminate_costs()
    {
        var world = await WorldAsync();
        world.Cluster.Seen = facts => Known(facts) with { Flight = new(true, "auto-sync", Some.Now, false, "Running", "", []) };

        await world.SayAsync("alice", "gitops", "terminate shop-a");

        Assert.Contains("neither syncs nor heals", string.Join('\n', world.OnlyOperation().Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_sync_names_what_failed_and_does_not_say_that_nothing_was_changed()
    {
        var world = await WorldAsync();
        await world.SayAsync("alice", "gitops", "sync shop-a");
        await world.WorkAsync();
        world.Cluster.Outcomes.Enqueue(new(ClusterAnswerKind.Failed, "Failed at 11111111: Deployment/shop: field is immutable"));

        await world.WorkAsync();

        var last = (await world.Records.TimelineAsync(1, default))[^1];
        Assert.Contains("field is immutable", last.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was changed", last.Text, StringComparison.Ordinal);
    }

    private static async Task<World> WorldAsync()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = Known;
        return world;
    }

    internal static ApplicationFacts Known(ApplicationFacts facts) => facts with
    {
        Syncing = new()
        {
            Revisions = [Head],
            SyncOptions = ["CreateNamespace=true"],
            Resources = [new("apps", "Deployment", "shop", "shop")],
            History = [new(1, [Older], null, "{}", false)],
            Hooks = ["PreSync Job/migrate"],
        },
    };

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text)) + card.Title;
}
