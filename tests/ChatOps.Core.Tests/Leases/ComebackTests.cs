using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Revisions;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Leases;

/// <summary>What the end of a rollback hold would bring back, out of what runs, what was rolled back from and what Git says.</summary>
public class ComebackTests
{
    private const string Bad = "3333333333333333333333333333333333333333";
    private const string Good = "2222222222222222222222222222222222222222";
    private const string Newer = "4444444444444444444444444444444444444444";
    private const string Another = "5555555555555555555555555555555555555555";

    [Theory]
    [InlineData(Bad, SyncState.OutOfSync, ComebackKind.TheRelease)]
    [InlineData(Bad, SyncState.Synced, ComebackKind.TheRelease)] // a verdict from before the rollback
    [InlineData(Newer, SyncState.OutOfSync, ComebackKind.SomethingElse)]
    [InlineData(Newer, SyncState.Synced, ComebackKind.Nothing)] // the revert, under whatever name
    [InlineData(Good, SyncState.OutOfSync, ComebackKind.Nothing)]
    [InlineData(null, SyncState.Unknown, ComebackKind.NotKnown)]
    [InlineData(null, SyncState.Synced, ComebackKind.NotKnown)]
    public void The_engine_tells_what_git_says_where_git_is_not_asked(string? compared, SyncState sync, ComebackKind comes)
    {
        var back = Comeback.Of(Work(), Facts(sync, compared is null ? [] : [compared], [Good]), [null]);

        Assert.Equal((comes, comes != ComebackKind.Nothing), (back.Kind, back.Comes));
    }

    [Theory]
    [InlineData(Bad, Newer, SyncState.OutOfSync, ComebackKind.TheRelease)] // pushed back since the engine has compared
    [InlineData(Newer, Bad, SyncState.Synced, ComebackKind.SomethingElse)]
    [InlineData(Newer, Newer, SyncState.Synced, ComebackKind.Nothing)]
    [InlineData(Good, Bad, SyncState.OutOfSync, ComebackKind.Nothing)]
    public void What_git_itself_answers_counts_and_a_verdict_only_about_that(string tip, string compared, SyncState sync, ComebackKind comes)
    {
        var found = new BranchLook.Found(tip, null);

        Assert.Equal(comes, Comeback.Of(Work(), Facts(sync, [compared], [Good]), [found]).Kind);
    }

    [Fact]
    public void A_verdict_that_is_being_made_anew_or_of_what_the_engine_skips_proves_nothing()
    {
        var facts = Facts(SyncState.Synced, [Newer], [Good]);

        Assert.Equal(ComebackKind.SomethingElse, Comeback.Of(Work(), facts with { RefreshPending = true }, [null]).Kind);
        Assert.Equal(ComebackKind.SomethingElse, Comeback.Of(Work(), facts with { Skip = new(new("/metadata/annotations/skip", "\"true\"", null), null) }, [null]).Kind);
    }

    [Fact]
    public void What_was_synced_under_the_hold_runs_and_does_not_come_back()
    {
        Assert.False(Comeback.Of(Work(), Facts(SyncState.OutOfSync, [Bad], [Bad, Good]), [null]).Comes);
        Assert.Equal(ComebackKind.SomethingElse, Comeback.Of(Work(), Facts(SyncState.OutOfSync, [Newer], [Another, Good]), [null]).Kind);
    }

    [Fact]
    public void Of_several_sources_one_that_still_has_it_is_enough()
    {
        var work = new InsteadOfGit([Good, "1.1.0"], [Bad, "1.2.0"]);

        var back = Comeback.Of(work, Facts(SyncState.OutOfSync, [Good, "1.2.0"], null), [new BranchLook.Found(Good, null), null]);

        Assert.Equal(ComebackKind.TheRelease, back.Kind);
        Assert.Contains("Git still says 1.2.0", back.InWords.ToString(), StringComparison.Ordinal);
        Assert.Equal(ComebackKind.NotKnown, Comeback.Of(work, Facts(SyncState.Synced, [Good], null), [null, null]).Kind);
    }

    [Fact]
    public void It_says_what_came_since_by_whom_and_whether_the_release_is_in_it()
    {
        var since = Enumerable.Range(0, 7).Select(at => new PushedCommit($"{at}{Newer[1..]}", new("Dana Dev", $"change {at}", null))).ToList();
        var back = Comeback.Of(Work(), Facts(SyncState.OutOfSync, [Bad], [Good]), [new BranchLook.Found(Newer, since[0].Note) { Since = since, Merges = true }]);

        var words = back.InWords.ToString();
        Assert.Contains("Git says 44444444, 22222222 runs", words, StringComparison.Ordinal);
        Assert.Contains("(33333333) is still in it I cannot tell", words, StringComparison.Ordinal);
        Assert.Contains("7 commits more, the newest first: 04444444 by Dana Dev as it says itself, “change 0”", words, StringComparison.Ordinal);
        Assert.Contains("“change 4” and 2 before these. A merge is among them", words, StringComparison.Ordinal);
        Assert.DoesNotContain("change 5", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "not known (the repository does not answer)", null)]
    [InlineData(false, "Which commits that are could not be read: the repository does not answer", Newer)]
    public void A_git_that_cannot_be_asked_is_said(bool unrendered, string words, string? compared)
    {
        var back = Comeback.Of(Work(), Facts(SyncState.Unknown, compared is null ? [] : [compared], [Good]), [new BranchLook.Silent("the repository does not answer", "")]);

        Assert.Equal(unrendered ? ComebackKind.NotKnown : ComebackKind.SomethingElse, back.Kind);
        Assert.Contains(words, back.InWords.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_press_counts_for_the_commit_that_was_shown()
    {
        Comeback At(string tip) => Comeback.Of(Work(), Facts(SyncState.OutOfSync, [Bad], [Good]), [new BranchLook.Found(tip, null)]);
        var asked = new OverwriteQuestion("alice", new("m"), [At(Bad).Mark], WhateverValue: true);
        var rule = Core.Policy.Overwriting.BySecondPress;

        Assert.Equal(Overwritable.Ask, OverwriteRule.Judge(rule, [], null, null, At(Bad)));
        Assert.Equal(Overwritable.Yes, OverwriteRule.Judge(rule, [], null, asked, At(Bad)));
        Assert.Equal(Overwritable.Ask, OverwriteRule.Judge(rule, [], null, asked, At(Newer)));
        Assert.Equal(Overwritable.NotInGit, OverwriteRule.Judge(new(Core.Policy.OverwritingNeeds.InGit, null, "r"), [], new([], 0, []), asked, At(Bad)));
        Assert.Equal(Overwritable.Yes, OverwriteRule.Judge(rule, [], null, null, At(Good)));
    }

    private static InsteadOfGit Work() => new([Good], [Bad]);

    /// <param name="deployed">Newest first; null: nothing is left in the history.</param>
    private static ApplicationFacts Facts(SyncState sync, string[] compared, string[]? deployed) => Some.Facts() with
    {
        Sync = sync,
        TargetRevisions = deployed is null ? ["main", "1.x"] : ["main"],
        Syncing = new() { Revisions = compared, History = [.. (deployed ?? []).Select((commit, at) => new PastDeployment(9 - at, [commit], null, "{}", false))] },
    };
}
