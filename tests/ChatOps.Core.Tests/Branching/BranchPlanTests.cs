using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Branching;

/// <summary>What a switch would write, and what speaks against it. Pure.</summary>
public class BranchPlanTests
{
    private const string Commit = "1111111111111111111111111111111111111111";
    private static readonly CommitNote Note = new("Dana Dev", "a fix", null);

    public static TheoryData<string, string> Obstacles => new()
    {
        { "taken back", "ApplicationSet shops takes it back" },
        { "no window either", "applied by Flux" },
        { "deleting", "being deleted" },
        { "skip", "skips" },
        { "chart", "versions and no branches" },
        { "oci", "tags and no branches" },
        { "hydrated", "sourceHydrator" },
        { "foreign", "does not allow the source" },
        { "unread", "could not be read" },
        { "window", "closed" },
        { "strict", "closed" },
        { "held", "runs commit 11111111 of fix, by incident 9" },
        { "paused", "paused by incident 9" },
    };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public void What_would_not_work_is_refused_with_the_reason_and_what_to_do(string what, string words)
    {
        var refusal = BranchPlan.Obstacle(Facts(what), null);

        Assert.Contains(words, refusal?.Why.ToString() ?? "", StringComparison.Ordinal);
        Assert.NotEqual("", refusal!.Instead.ToString());
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("a mark that nothing hangs on")]
    [InlineData("last sync failed")]
    public void The_rest_is_no_obstacle(string what) => Assert.Null(BranchPlan.Obstacle(Facts(what), null));

    [Fact]
    public void Every_source_of_the_repository_is_switched_and_no_other()
    {
        var facts = Some.Facts() with
        {
            Syncing = new() { SeveralSources = true },
            Sources = [Source(0, "https://charts.example.org", SourceKind.Chart, "\"1.2.3\""), Source(1, World.Repository, SourceKind.Git, "\"main\""), Source(2, "https://git.example.org/other.git", SourceKind.Git, "\"main\""), Source(3, World.Repository, SourceKind.Git, null)],
        };

        var plan = BranchPlan.Of(facts, World.Repository, "fix", new(Commit, Note), null, "7");

        Assert.Equal([("/spec/sources/1/targetRevision", "\"main\""), ("/spec/sources/3/targetRevision", null)], plan.Changes.Select(change => (change.Path, change.Before)));
        Assert.All(plan.Changes, change => Assert.Equal($"\"{Commit}\"", change.After));
    }

    [Fact]
    public void Without_auto_sync_the_plan_says_that_it_syncs()
    {
        var plan = BranchPlan.Of(Some.Facts() with { AutoSyncOn = false, Sources = [Git()], Syncing = new() { SyncOptions = ["ServerSideApply=true"] } }, World.Repository, "fix", new(Commit, Note), null, "7");

        Assert.Contains(plan.Changes, change => change.Path == "/operation/sync/revision");
        Assert.Contains(plan.Changes, change => change.Path == "/operation/sync/syncOptions");
        Assert.False(plan.Of<BranchWork>().AutoSync);
    }

    [Fact]
    public void What_its_owner_would_put_back_is_synced_behind_a_window_and_nothing_is_written_into_the_application()
    {
        var facts = Some.Facts() with { RevisionWay = TakenBack, Window = new() { HasList = false }, Sources = [Git()], Syncing = new() { SyncOptions = ["ServerSideApply=true"] } };

        var plan = BranchPlan.Of(facts, World.Repository, "fix", new(Commit, Note), null, "7");

        Assert.Null(BranchPlan.Obstacle(facts, null));
        Assert.Equal(["AppProject shop /spec/syncWindows/-", "/operation/sync/revision", "/operation/sync/syncOptions"], plan.Changes.Select(change => change.Path));
        Assert.Equal([Commit], plan.Of<BranchWork>().BehindWindow);
        Assert.False(plan.Of<BranchWork>().AutoSync);
        Assert.Contains(BranchPlan.Notices(facts, plan.Of<BranchWork>()), notice => notice.ToString().Contains("So a deny window in project shop", StringComparison.Ordinal));
        Assert.Contains(BranchPlan.Notices(facts, plan.Of<BranchWork>()), notice => notice.ToString().Contains("What its files fetch from elsewhere when they are rendered (remote bases, dependencies of a chart) I have not read", StringComparison.Ordinal));
    }

    [Fact]
    public void Behind_a_window_sources_of_other_repositories_stay_at_the_commits_that_people_saw()
    {
        const string Other = "9999999999999999999999999999999999999999";
        const string Later = "8888888888888888888888888888888888888888";
        var facts = Some.Facts() with
        {
            RevisionWay = TakenBack,
            Window = new() { HasList = true },
            Syncing = new() { SeveralSources = true, Revisions = [Other, "0000000000000000000000000000000000000000"] },
            Sources = [Source(0, "https://git.example.org/other.git", SourceKind.Git, "\"main\""), Source(1, World.Repository, SourceKind.Git, "\"main\"")],
        };
        var work = BranchPlan.Of(facts, World.Repository, "fix", new(Commit, Note), null, "7").Of<BranchWork>();

        var again = BranchPlan.Again(facts with { Syncing = facts.Syncing with { Revisions = [Later, Later] } }, work, null, "7").Of<BranchWork>();

        Assert.Equal([Other, Commit], work.BehindWindow);
        Assert.Equal(work.BehindWindow, again.BehindWindow);
        Assert.Contains("which commits", BranchPlan.Obstacle(facts with { Syncing = facts.Syncing with { Revisions = [] } }, null)?.Why.ToString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_that_lets_syncs_by_hand_pass_does_not_keep_one_behind_a_window()
    {
        var facts = Facts("window") with { RevisionWay = TakenBack, Window = new() { HasList = true } };

        Assert.Null(BranchPlan.Obstacle(facts, null));
        Assert.NotNull(BranchPlan.Obstacle(Facts("strict") with { RevisionWay = TakenBack, Window = new() { HasList = true } }, null));
    }

    [Fact]
    public void The_hash_moves_with_the_commit_and_with_what_is_followed_and_not_with_the_note()
    {
        var facts = Some.Facts() with { Sources = [Git()] };
        var plan = BranchPlan.Of(facts, World.Repository, "fix", new(Commit, Note), null, "7");

        Assert.Equal(plan.Hash, BranchPlan.Again(facts, plan.Of<BranchWork>(), null, "7").Hash);
        Assert.NotEqual(plan.Hash, BranchPlan.Of(facts, World.Repository, "fix", new(Commit.Replace('1', '2'), Note), null, "7").Hash);
        Assert.NotEqual(plan.Hash, BranchPlan.Again(facts with { Sources = [Git() with { Follows = new("/spec/source/targetRevision", "\"v2\"", null) }] }, plan.Of<BranchWork>(), null, "7").Hash);
    }

    [Fact]
    public void Which_repository_is_meant_is_never_guessed()
    {
        var found = new BranchLook.Found(Commit, Note);
        BranchLook absent = new BranchLook.Absent();

        Assert.Equal("b", BranchPlan.Choose("fix", "shop", [("a", absent), ("b", found)]).Repository);
        Assert.Equal(RefusalKind.NotFound, BranchPlan.Choose("fix", "shop", [("a", absent)]).Refusal!.Kind);
        Assert.Equal(RefusalKind.Ambiguous, BranchPlan.Choose("fix", "shop", [("a", found), ("b", found)]).Refusal!.Kind);
        Assert.Equal(RefusalKind.GitSilent, BranchPlan.Choose("fix", "shop", [("a", found), ("b", new BranchLook.Silent("it is down", ""))]).Refusal!.Kind);
        Assert.Equal(RefusalKind.GitSilent, BranchPlan.Choose("fix", "shop", [("a", found with { Note = null })]).Refusal!.Kind);
    }

    private static readonly PauseWay TakenBack = new(PauseMechanism.SwitchOff, "ApplicationSet shops takes it back.") { Missing = "change what it generates from" };

    private static SourceFacts Git() => new(World.Repository, SourceKind.Git, new("/spec/source/targetRevision", "\"main\"", null), true);

    private static SourceFacts Source(int at, string repository, SourceKind kind, string? follows) => new(repository, kind, new($"/spec/sources/{at}/targetRevision", follows, null), true);

    private static ApplicationFacts Facts(string what)
    {
        var facts = Some.Facts() with { Sources = [Git()] };
        var held = new HeldBranch(World.Repository, "fix", Commit, [new(World.Repository, Git().Follows)]);
        var mark = new OverrideMark(9, Guid.Empty, Some.Now, Some.Before, "chatops:on-call");
        return what switch
        {
            "taken back" => facts with { RevisionWay = TakenBack },
            "no window either" => facts with { RevisionWay = TakenBack, Window = new() { HasList = false, TakenBack = "the project is applied by Flux." } },
            "deleting" => facts with { Deleting = true },
            "skip" => facts with { Blockers = [new(BlockerKind.SkipReconcile, "The controller skips it.", "Take it off.")] },
            "chart" => facts with { Sources = [Git() with { Kind = SourceKind.Chart }] },
            "oci" => facts with { Sources = [Git() with { Kind = SourceKind.Oci }] },
            "hydrated" => facts with { Sources = [Git() with { Kind = SourceKind.Hydrated }] },
            "foreign" => facts with { Sources = [Git(), Git() with { Permitted = false }] },
            "unread" => facts with { UnreadProjects = ["shop"], Sources = [Git() with { Permitted = null }] },
            "window" => facts with { Blockers = [new(BlockerKind.DenyWindow, "It is closed.", "Wait.")] },
            "strict" => facts with { Syncing = new() { BlockedByWindow = "It is closed." } },
            "held" => facts with { Sources = [Git() with { Follows = new("/spec/source/targetRevision", held.Pinned, null) }], Mark = mark with { Branch = held } },
            "paused" => facts with { AutoSyncOn = false, Mark = mark },
            "a mark that nothing hangs on" => facts with { Mark = mark with { Branch = held } },
            "last sync failed" => facts with { Blockers = [new(BlockerKind.LastSyncFailed, "The last sync failed.", "")] },
            _ => facts,
        };
    }
}
