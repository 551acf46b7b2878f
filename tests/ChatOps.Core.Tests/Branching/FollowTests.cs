using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Branching;

/// <summary>Following a branch: approved once for whatever is pushed while it lasts, and each commit told, guarded and put back like one.</summary>
public class FollowTests
{
    private const string Asked = "branch shop-a fix follow for 30m because we fix it as we go";
    private const string Third = "3333333333333333333333333333333333333333";

    [Fact]
    public async Task Without_a_rule_of_its_own_nobody_may_follow()
    {
        var world = await World.WithIncidentAsync();

        Assert.Contains("branch-follow", Words((await world.SayAsync("alice", "gitops", Asked))!), StringComparison.Ordinal);

        Assert.Empty(world.Records.AllOperations);
    }

    [Fact]
    public async Task Whoever_approves_reads_that_it_is_the_branch_and_not_a_commit()
    {
        var world = await WorldAsync();
        Assert.Null(await world.SayAsync("alice", "gitops", Asked));
        await world.PostAllAsync();

        var operation = world.OnlyOperation();
        Assert.Equal(("follow", OperationState.AwaitingApproval), (operation.Authority.Rule, operation.State));
        Assert.Contains("and then whatever is pushed to it while this lasts, by whomever", operation.Plan.Work.Effect.ToString(), StringComparison.Ordinal);
        Assert.Contains(operation.Notices, notice => notice.ToString().StartsWith("Approved is the branch, not a commit", StringComparison.Ordinal));
        Assert.NotEqual((operation.Plan with { Work = operation.Plan.Of<BranchWork>() with { Follows = false } }).Hash, operation.Plan.Hash);
    }

    [Fact]
    public async Task Behind_a_window_a_branch_is_not_followed_and_one_commit_can_be_held()
    {
        var world = await WorldAsync();
        world.Cluster.Seen = facts => facts with { RevisionWay = SomeWindow.Facts().RevisionWay, Window = SomeWindow.Facts().Window };

        Assert.Contains("cannot follow one", Words((await world.SayAsync("alice", "gitops", Asked))!), StringComparison.Ordinal);
        Assert.Empty(world.Records.AllOperations);
        Assert.Null(await world.SayAsync("alice", "gitops", Asked.Replace(" follow", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task When_its_owner_takes_the_revision_from_now_on_a_push_is_told_and_not_deployed()
    {
        var world = await FollowingAsync();
        world.Cluster.Seen = facts => facts with { RevisionWay = SomeWindow.Facts().RevisionWay, Window = SomeWindow.Facts().Window };
        Push(world, World.Better, World.Better);

        await TickAsync(world);

        Assert.Equal((OperationState.Refused, LeaseState.Active, World.Fix), (world.NewestOperation().State, world.OnlyLease().State, world.OnlyLease().Branch!.Commit));
        Assert.Equal(["switch"], world.Cluster.Effects.Select(effect => effect.What));
    }

    [Fact]
    public async Task Each_push_is_told_with_its_authors_deployed_by_itself_and_moves_no_deadline()
    {
        var world = await FollowingAsync();
        var end = world.OnlyLease().Deadline;
        Push(world, Third, World.Better, Third);

        await TickAsync(world);

        await SaysAsync(world, TimelineKind.NewCommit, "2 new commits: 33333333 by Eve Dev as it says itself, “even better”");
        await SaysAsync(world, TimelineKind.NewCommit, "shop-a follows it, as carol approved, and I deploy 33333333");
        Assert.Equal(($"\"{Third}\"", Third, end), (world.Cluster.Follows(Shop(world)), world.OnlyLease().Branch!.Commit, world.OnlyLease().Deadline));
        var further = world.NewestOperation();
        Assert.Equal((OperationState.Succeeded, "alice", "carol"), (further.State, further.RequestedBy, Assert.Single(further.Approvals).Person));
        Assert.Equal(["switch", "switch"], world.Cluster.Effects.Select(effect => effect.What));
    }

    [Fact]
    public async Task Of_one_push_after_another_all_are_followed_and_the_way_back_is_the_first_ones()
    {
        var world = await FollowingAsync();
        Push(world, World.Better, World.Better);
        await TickAsync(world);
        Push(world, Third, Third);
        await TickAsync(world);

        await world.SayAsync("alice", "gitops", "restore shop-a");
        await world.WorkAsync();

        Assert.Equal(("\"main\"", LeaseState.Ended), (world.Cluster.Follows(Shop(world)), world.OnlyLease().State));
        Assert.Equal(["switch", "switch", "switch", "switch back"], world.Cluster.Effects.Select(effect => effect.What));
    }

    [Fact]
    public async Task A_rewritten_branch_is_an_alarm_and_followed_no_longer()
    {
        var world = await FollowingAsync();
        world.Branches[(World.Repository, "fix")] = new BranchLook.Found(World.Better, new("Eve Dev", "something else", null));
        await TickAsync(world);
        Push(world, Third, Third);
        await TickAsync(world);

        await SaysAsync(world, TimelineKind.BranchRewritten, "was rewritten");
        Assert.Equal(($"\"{World.Fix}\"", null), (world.Cluster.Follows(Shop(world)), world.OnlyLease().Follows));
        await SaysAsync(world, TimelineKind.NewCommit, "stays at 11111111");
    }

    [Fact]
    public async Task A_hiccup_of_the_host_ends_no_following_and_is_said_once()
    {
        var world = await FollowingAsync();
        world.Branches[(World.Repository, "fix")] = new BranchLook.Found(World.Better, new("Eve Dev", "even better", null)) { SinceUnread = true };
        for (var looks = 0; looks < 14; looks++)
        {
            await TickAsync(world);
        }

        Assert.NotNull(world.OnlyLease().Follows);
        Assert.Single(await world.Records.TimelineAsync(1, default), entry => entry.Text.Contains("22222222 is on top of what runs could not be read", StringComparison.Ordinal));

        Push(world, World.Better, World.Better);
        await TickAsync(world);
        Assert.Equal($"\"{World.Better}\"", world.Cluster.Follows(Shop(world)));
    }

    [Fact]
    public async Task A_push_behind_a_commit_that_is_not_done_says_once_that_it_waits_and_is_deployed_after_it()
    {
        var world = await FollowingAsync();
        Push(world, World.Better, World.Better);
        for (var looks = 0; looks < 30; looks++)
        {
            world.Cluster.Outcomes.Enqueue(new(ClusterAnswerKind.UnderWay, "stored; Argo CD cannot render it: no such file"));
        }

        await TickAsync(world);
        Push(world, Third, World.Better, Third);
        await TickAsync(world);
        await TickAsync(world);
        world.Restart();
        await TickAsync(world);

        var waits = Assert.Single(await world.Records.TimelineAsync(1, default), entry => entry.Text.Contains("It waits: ", StringComparison.Ordinal));
        Assert.Contains("newer commit 33333333, by Eve Dev as it says itself, “even better”. It waits: the switch to 22222222 is not done yet (stored; Argo CD cannot render it: no such file)", waits.Text, StringComparison.Ordinal);
        Assert.Equal($"\"{World.Better}\"", world.Cluster.Follows(Shop(world)));

        world.Cluster.Outcomes.Clear();
        await TickAsync(world);
        await TickAsync(world);
        Assert.Equal(($"\"{Third}\"", false), (world.Cluster.Follows(Shop(world)), world.OnlyLease().PushWaits));
    }

    [Fact]
    public async Task A_merge_is_said_to_bring_more_than_is_listed()
    {
        var world = await FollowingAsync();
        Push(world, World.Better, World.Better);
        world.Branches[(World.Repository, "fix")] = (BranchLook.Found)world.Branches[(World.Repository, "fix")] with { Merges = true };

        await TickAsync(world);

        await SaysAsync(world, TimelineKind.NewCommit, "A merge is among them; what it brought in besides is not listed here.");
    }

    [Fact]
    public async Task A_commit_that_was_under_way_begins_no_following_anew_that_people_ended()
    {
        var world = await FollowingAsync();
        Push(world, World.Better, World.Better);
        await TickAsync(world);
        var (lease, further) = (world.OnlyLease(), world.NewestOperation());

        Assert.Equal(lease.Follows, lease.Moved(further, world.Now).Follows);
        Assert.Null((lease with { Follows = null }).Moved(further, world.Now).Follows);
        var other = Guid.NewGuid();
        Assert.Null((lease with { Follows = other }).Moved(further, world.Now).Follows);
    }

    [Fact]
    public async Task A_deleted_branch_deploys_nothing_more_until_it_is_there_again()
    {
        var world = await FollowingAsync();
        world.Branches.Clear();
        await TickAsync(world);
        await SaysAsync(world, TimelineKind.BranchGone, "Nothing more of it is deployed before it is there again");

        Push(world, World.Better, World.Better);
        await TickAsync(world);

        Assert.Equal($"\"{World.Better}\"", world.Cluster.Follows(Shop(world)));
    }

    [Fact]
    public async Task After_its_end_nothing_more_is_deployed()
    {
        var world = await FollowingAsync();
        world.Time.Advance(TimeSpan.FromMinutes(31));
        Push(world, World.Better, World.Better);

        await TickAsync(world);

        Assert.Equal(LeaseState.Active, world.OnlyLease().State);
        Assert.Equal($"\"{World.Fix}\"", world.Cluster.Follows(Shop(world)));
    }

    [Fact]
    public async Task Who_approved_and_lost_the_role_approved_no_further_commit()
    {
        var world = await FollowingAsync();
        world.Chat.Groups["G-commander"].Remove("U-carol");
        Push(world, World.Better, World.Better);

        await TickAsync(world);

        Assert.Equal(($"\"{World.Fix}\"", OperationState.AwaitingApproval), (world.Cluster.Follows(Shop(world)), world.NewestOperation().State));
        await world.PressAsync("bob", ChoiceKind.Approve);
        await world.WorkAsync();
        Assert.Equal($"\"{World.Better}\"", world.Cluster.Follows(Shop(world)));
    }

    [Fact]
    public async Task A_rule_that_is_gone_follows_nothing_more()
    {
        var world = await FollowingAsync();
        world.Restart(policy => policy.Rules.RemoveAll(rule => rule.Name == "follow"));
        Push(world, World.Better, World.Better);

        await TickAsync(world);

        Assert.Equal(($"\"{World.Fix}\"", OperationState.Refused), (world.Cluster.Follows(Shop(world)), world.NewestOperation().State));
    }

    [Fact]
    public async Task A_crash_between_the_push_and_the_switch_switches_once()
    {
        var world = await FollowingAsync();
        Push(world, World.Better, World.Better);
        world.Cluster.NextWrites.Enqueue((ClusterAnswerKind.Unknown, true));
        await TickAsync(world);
        world.Restart();
        await TickAsync(world);

        Assert.Equal((OperationState.Succeeded, 2), (world.NewestOperation().State, world.Cluster.Effects.Count));
        Assert.Single(await world.Records.TimelineAsync(1, default), entry => entry.Kind == TimelineKind.NewCommit);
    }

    [Fact]
    public async Task What_somebody_else_pinned_meanwhile_is_not_taken_from_them()
    {
        var world = await FollowingAsync();
        Push(world, World.Better, World.Better);
        world.Cluster.BeforeWrite = () => world.Cluster.Follow(Shop(world), "\"v7\"");

        await TickAsync(world);

        Assert.Equal("\"v7\"", world.Cluster.Follows(Shop(world)));
        Assert.Equal(LeaseState.Overtaken, world.OnlyLease().State);
    }

    [Fact]
    public async Task Asked_again_without_follow_it_stays_where_it_is_and_the_other_way_round()
    {
        var world = await FollowingAsync();
        await ApproveAsync(world, "branch shop-a fix for 20m because this one is good");
        await world.WorkAsync();
        await world.WorkAsync();
        Assert.Null(world.OnlyLease().Follows);
        Push(world, World.Better, World.Better);
        await TickAsync(world);
        Assert.Equal($"\"{World.Fix}\"", world.Cluster.Follows(Shop(world)));

        await ApproveAsync(world, Asked);
        await world.WorkAsync();
        await world.WorkAsync();
        Assert.Equal(($"\"{World.Better}\"", world.NewestOperation().Id), (world.Cluster.Follows(Shop(world)), world.OnlyLease().Follows));
    }

    [Theory]
    [InlineData(true, false, "one commit of a branch too")]
    [InlineData(false, true, "without anybody's approval")]
    public void A_rule_for_it_has_approvals_and_stands_alone(bool withBranch, bool unapproved, string fault)
    {
        var policy = new World().Policy;
        var rule = Rule();
        if (withBranch)
        {
            rule.Verbs.Add("branch");
        }

        if (unapproved)
        {
            (rule.Approvals, rule.WithoutApproval) = (null, true);
        }

        policy.Rules.Add(rule);
        Assert.Contains(PolicyCheck.Of(policy, null), finding => !finding.Ok && finding.What.Contains(fault, StringComparison.Ordinal));
        var decision = new Rulebook(policy).Decide(new("branch-follow", "shop-a", "shop", "shop", "prod", TimeSpan.FromMinutes(5)), new Actor("alice", new HashSet<string> { "on-call" }));
        Assert.Contains(fault, Assert.IsType<Decision.Refused>(decision).Refusal.Why.ToString(), StringComparison.Ordinal);
    }

    private static RuleConfiguration Rule() => new()
    {
        Name = "follow",
        Roles = { "on-call" },
        Verbs = { "branch-follow" },
        Applications = { "*" },
        Projects = { "*" },
        Namespaces = { "*" },
        Clusters = { "*" },
        LongestDuration = TimeSpan.FromHours(1),
        Approvals = new ApprovalConfiguration { FromRole = "commander" },
    };

    private static async Task<World> WorldAsync()
    {
        var world = await World.WithIncidentAsync();
        world.Restart(policy => policy.Rules.Add(Rule()));
        return world;
    }

    private static async Task<World> FollowingAsync()
    {
        var world = await WorldAsync();
        await ApproveAsync(world, Asked);
        await world.WorkAsync();
        await world.WorkAsync();
        Assert.Equal((LeaseState.Active, world.OnlyOperation().Id), (world.OnlyLease().State, world.OnlyLease().Follows));
        return world;
    }

    private static void Push(World world, string tip, params string[] newestFirst) => world.Branches[(World.Repository, "fix")] =
        new BranchLook.Found(tip, new("Eve Dev", "even better", null)) { Since = [.. newestFirst.Reverse().Select(commit => new PushedCommit(commit, new("Eve Dev", "even better", null)))] };

    private static async Task TickAsync(World world)
    {
        world.Time.Advance(TimeSpan.FromSeconds(31));
        for (var round = 0; round < 3; round++)
        {
            await world.WorkAsync();
        }
    }

    private static async Task ApproveAsync(World world, string said)
    {
        Assert.Null(await world.SayAsync("alice", "gitops", said));
        await world.PressAsync("carol", ChoiceKind.Approve);
    }

    private static ApplicationRef Shop(World world) => world.Cluster.All.Single(one => one.Ref.Name == "shop-a").Ref;

    private static async Task SaysAsync(World world, TimelineKind kind, string words)
    {
        var said = (await world.Records.TimelineAsync(1, default)).Where(entry => entry.Kind == kind).Select(entry => entry.Text).ToList();
        Assert.True(said.Exists(text => text.Contains(words, StringComparison.Ordinal)), string.Join('\n', said));
    }

    private static string Words(Card card) => string.Join('\n', card.Parts.OfType<Part.Paragraph>().Select(part => part.Text)) + card.Title;
}
