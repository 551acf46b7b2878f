using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Troubles;

namespace ChatOps.Core.Tests.Troubles;

/// <summary>What of the state of an application is trouble, and what is work in progress or somebody's own doing.</summary>
public class TroubleLookTests
{
    private static EndedOperation Last => SomeVitals.Fine.Last!;

    private static EndedOperation Terminated => Last with { Succeeded = false, Terminated = true, Message = "Operation terminated" };

    public static TheoryData<string, Vitals, string> States => new()
    {
        { "as it should be", SomeVitals.Fine, "Well Well Well Well" },
        { "a sync that failed: one trouble, not two", SomeVitals.Failed(Some.Now), "Bad Well Open Well" },
        { "a sync at work, or waiting to be tried again", SomeVitals.Failed(Some.Now) with { Last = null }, "Open Well Open Well" },
        { "one that failed twice and is tried again", SomeVitals.Fine with { Sync = SyncState.OutOfSync, Last = null, Retried = SomeVitals.Failed(Some.Now).Last }, "Bad Well Open Well" },
        { "a sync of ours that failed: its own message tells", SomeVitals.Failed(Some.Now) with { TriesNoMore = false, Last = SomeVitals.Failed(Some.Now).Last! with { Ours = true } }, "Open Well Open Well" },
        { "after that nothing is tried again", SomeVitals.Failed(Some.Now) with { Last = SomeVitals.Failed(Some.Now).Last! with { Ours = true } }, "Open Well Bad Well" },
        { "terminated, auto-sync on", SomeVitals.Fine with { Sync = SyncState.OutOfSync, TriesNoMore = true, Last = Terminated }, "Open Well Bad Well" },
        { "terminated while paused", SomeVitals.Fine with { AutoSyncOn = false, SelfHealOn = false, Last = Terminated }, "Open Well Open Well" },
        { "the branch is gone", SomeVitals.Fine with { Sync = SyncState.Unknown, CannotRender = "unable to resolve 'hotfix' to a commit SHA" }, "Well Well Bad Well" },
        { "reverts without end", SomeVitals.Fine with { Last = Last with { Heals = 6, FinishedAt = Some.Now.AddMinutes(-4) } }, "Well Well Bad Well" },
        { "reverts that came to an end", SomeVitals.Fine with { Last = Last with { Heals = 6, FinishedAt = Some.Now.AddMinutes(-12) } }, "Well Well Well Well" },
        { "some reverts", SomeVitals.Fine with { Last = Last with { Heals = 5, FinishedAt = Some.Now } }, "Well Well Well Well" },
        { "degraded", SomeVitals.Degraded(Some.Now), "Well Bad Well Well" },
        { "on its way", SomeVitals.Fine with { Health = "Progressing" }, "Well Open Well Well" },
        { "new, and not deployed yet", SomeVitals.Fine with { Health = "Missing", WasDeployed = false, Last = null, Sync = SyncState.OutOfSync }, "Open Open Open Well" },
        { "was there and is gone", SomeVitals.Fine with { Health = "Missing", Sync = SyncState.OutOfSync }, "Well Bad Well Well" },
        { "skipped: what it says is old", SomeVitals.Failed(Some.Now) with { Health = "Degraded", CannotRender = "no", IsBlind = true }, "Open Open Open Well" },
        { "on its way out, whatever else it was", SomeVitals.Failed(Some.Now) with { IsBlind = true, DeletedAt = Some.Now }, "Open Open Open Bad" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void Trouble_is_told_from_work_and_from_people_s_own_doing(string what, Vitals vitals, string expected)
    {
        var found = TroubleLook.At(vitals, Some.Now);

        Assert.True(expected == string.Join(' ', found.Select(one => one.Verdict)), what);
        Assert.All(found.Where(one => one.Verdict == Verdict.Bad), one => Assert.EndsWith(".", one.Story, StringComparison.Ordinal));
    }

    [Fact]
    public void A_failed_sync_is_said_in_plain_words_with_what_it_failed_at_and_what_follows()
    {
        Assert.Equal(
            "the sync of af8534df by auto-sync failed: a field cannot be changed on what is there already (error when patching \"FILE\": Deployment.apps \"shop-c\" is invalid: spec.selector: field is immutable (retried 2 times)); it failed at Deployment/shop-c. "
            + "Argo CD tries this commit no more, and puts nothing back, until a new commit or a sync by hand.",
            TroubleLook.At(SomeVitals.Failed(Some.Now), Some.Now)[0].Story);
    }

    [Fact]
    public void What_a_message_says_of_a_Secret_stays_where_it_is_and_a_long_one_is_cut()
    {
        var secret = TroubleLook.At(SomeVitals.Failed(Some.Now, "Secret \"db\" is invalid: data: Invalid value: \"hunter2\"", "Secret/db"), Some.Now)[0].Story;
        Assert.Contains("Secret/db", secret, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", secret, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", TroubleLook.At(SomeVitals.Failed(Some.Now, "Secret \"db\" is invalid: \"hunter2\"", "Job/migrate"), Some.Now)[0].Story, StringComparison.Ordinal);

        Assert.InRange(TroubleLook.At(SomeVitals.Failed(Some.Now, new string('x', 5000)), Some.Now)[0].Words.Length, 300, 500);
    }

    [Theory]
    [InlineData(true, "and what it deployed with it")]
    [InlineData(false, "and what it deployed stays")]
    public void Of_one_that_is_deleted_it_is_said_what_goes_with_it_and_whose_doing_it_may_be(bool takes, string says)
    {
        var found = TroubleLook.At(SomeVitals.Fine with { IsBlind = true, DeletedAt = Some.Now, TakesItsResources = takes, Set = "shops" }, Some.Now)[^1];

        Assert.Equal(Some.Now, found.Since);
        Assert.Contains(says, found.Story, StringComparison.Ordinal);
        Assert.Contains("ApplicationSet shops", found.Story, StringComparison.Ordinal);
    }
}
