using ChatOps.Core.Looking;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Looking;

public sealed class StandstillTests
{
    [Theory]
    [InlineData(BlockerKind.SkipReconcile, "kubectl -n argocd annotate application shop argocd.argoproj.io/skip-reconcile-")]
    [InlineData(BlockerKind.CannotRender, "shop")]
    [InlineData(BlockerKind.LastSyncFailed, "sync shop")]
    [InlineData(BlockerKind.DenyWindow, "argocd proj windows list")]
    [InlineData(BlockerKind.InactiveAllowWindow, "argocd proj windows list")]
    [InlineData(BlockerKind.MalformedWindow, "argocd proj windows list")]
    [InlineData(BlockerKind.RollingSync, "sync shop")]
    [InlineData(BlockerKind.AutoSyncOff, "sync shop")]
    public void Whatever_blocks_is_said_in_its_own_sentence_with_a_command_that_ends_it(BlockerKind kind, string command)
    {
        var explanation = Standstill.Of(Some.Deployed(Blocked(kind)), null);

        Assert.Equal($"because of {kind}", explanation.Why.ToString());
        Assert.Contains(command, explanation.Change.ToString(), StringComparison.Ordinal);
        Assert.True(explanation.IsStuck);
    }

    [Fact]
    public void What_makes_everything_else_stale_comes_first()
    {
        var facts = Some.Facts() with { Blockers = [Blocker(BlockerKind.DenyWindow), Blocker(BlockerKind.LastSyncFailed), Blocker(BlockerKind.SkipReconcile)] };

        Assert.Equal("because of SkipReconcile", Standstill.Of(Some.Deployed(facts), null).Why.ToString());
    }

    [Fact]
    public void Our_own_pause_names_its_end_and_the_command_that_ends_it()
    {
        var explanation = Standstill.Of(Some.Deployed(Some.Paused()), Some.Lease());

        Assert.Contains("paused by incident", explanation.Why.ToString(), StringComparison.Ordinal);
        Assert.Contains("/gitops resume", explanation.Change.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_sync_that_is_on_again_is_not_called_paused_however_the_books_stand()
    {
        var explanation = Standstill.Of(Some.Deployed(Some.Facts() with { Sync = SyncState.Synced }), Some.Lease());

        Assert.DoesNotContain("paused", explanation.Why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_sync_that_waits_is_not_called_work()
    {
        var waits = Some.Facts() with { Flight = new Flight(true, "auto-sync", null, WaitsToRetry: true, "Running", "it failed", []) };

        Assert.True(Standstill.Of(Some.Deployed(waits), null).IsStuck);
        Assert.Contains("waits to be tried again", Standstill.Of(Some.Deployed(waits), null).Why.ToString(), StringComparison.Ordinal);
        Assert.Contains("It is working", Standstill.Of(Some.Deployed(waits with { Flight = waits.Flight! with { WaitsToRetry = false } }), null).Why.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SyncState.Synced, true, "Nothing to do")]
    [InlineData(SyncState.OutOfSync, true, "about to put Git's state back")]
    [InlineData(SyncState.OutOfSync, false, "self-heal is not")]
    public void Nothing_that_blocks_says_what_will_happen(SyncState sync, bool heals, string says)
    {
        var facts = Some.Facts() with { Sync = sync, SelfHealOn = heals, Blockers = [], Flight = null };

        Assert.Contains(says, Standstill.Of(Some.Deployed(facts with { NextRevert = facts.ReadAt }), null).Why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_moment_of_the_next_revert_is_told()
    {
        var facts = Some.Facts() with { Sync = SyncState.OutOfSync, SelfHealOn = true, Blockers = [], Flight = null };
        var waits = facts with { NextRevert = facts.ReadAt.AddSeconds(38) };

        Assert.Contains("Self-heal waits", Standstill.Of(Some.Deployed(waits), null).Why.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, "Nothing to do")]
    [InlineData(11, "nobody knows what it is now")]
    public void A_verdict_of_long_ago_is_not_given_out_for_one_of_now(int minutes, string says)
    {
        var facts = Some.Facts() with { Sync = SyncState.Synced, Blockers = [], Flight = null };
        var deployed = Some.Deployed(facts) with { ComparedAt = facts.ReadAt.AddMinutes(-minutes) };

        Assert.Contains(says, Standstill.Of(deployed, null).Why.ToString(), StringComparison.Ordinal);
        Assert.Equal(minutes > 10, Standstill.Of(deployed, null).IsStuck);
    }

    [Fact]
    public void What_is_left_over_with_pruning_off_is_no_mystery()
    {
        var facts = Some.Facts() with { Sync = SyncState.OutOfSync, Blockers = [], Flight = null };
        var deployed = Some.Deployed(facts) with { PruneOn = false, OutOfStep = [new("ConfigMap", "old", "not in Git")] };

        Assert.Contains("pruning is off", Standstill.Of(deployed, null).Why.ToString(), StringComparison.Ordinal);
    }

    private static ApplicationFacts Blocked(BlockerKind kind) => Some.Facts() with
    {
        Blockers = [Blocker(kind)],
        Flight = null,
        Mark = null,
        AutoSyncOn = kind != BlockerKind.AutoSyncOff,
    };

    private static Blocker Blocker(BlockerKind kind) => new(kind, $"because of {kind}", "do something");
}
