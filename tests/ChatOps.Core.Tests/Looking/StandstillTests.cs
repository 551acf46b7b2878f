using ChatOps.Core.Conversation;
using ChatOps.Core.Looking;
using ChatOps.Core.People;
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
        Assert.Contains("/gitops terminate shop ends it; a pause keeps it from its next try as well", Standstill.Of(Some.Deployed(waits), null).Change.ToString(), StringComparison.Ordinal);
        Assert.Contains("; a pause does not.", Standstill.Of(Some.Deployed(waits with { Flight = waits.Flight! with { Automated = false } }), null).Change.ToString(), StringComparison.Ordinal);
        Assert.Contains("It is working", Standstill.Of(Some.Deployed(waits with { Flight = waits.Flight! with { WaitsToRetry = false } }), null).Why.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<string, ApplicationFacts, string> Kept => new()
    {
        { "what a person wrote, behind a strict window", Waiting, "A sync by kim since " },
        { "the same, with the window told", Waiting, "waits behind a sync window, without end, and starts by itself when the window lets it. window 7 is open" },
        { "in its middle, where the message tells of something else", Waiting with { Flight = Kim with { SaysBlocked = false, Message = "waiting for healthy state" } }, "goes no further because of a sync window, and goes on by itself when the window lets it. window 7 is open" },
        { "between two tries", Waiting with { Flight = Kim with { SaysBlocked = false, WaitsToRetry = true } }, "goes no further because of a sync window" },
        { "told to end", Waiting with { Flight = Kim with { Phase = "Terminating" } }, "was told to end, and a sync window keeps it from that as well" },
        { "what began by itself, behind one that lets people through", Waiting with { Syncing = SyncFacts.None, Blockers = [Blocker(BlockerKind.DenyWindow)], Flight = Kim with { Automated = true, KeptByWindow = true } }, "when the window lets it. because of DenyWindow" },
        { "the same, where no allow window is open", Waiting with { Syncing = SyncFacts.None, Blockers = [Blocker(BlockerKind.InactiveAllowWindow)], Flight = Kim with { Automated = true } }, "when the window lets it. because of InactiveAllowWindow" },
    };

    [Theory]
    [MemberData(nameof(Kept))]
    public void An_operation_that_a_window_keeps_is_not_called_work(string what, ApplicationFacts facts, string says)
    {
        var explanation = Standstill.Of(Some.Deployed(facts), null);

        Assert.True(explanation.Why.ToString().Contains(says, StringComparison.Ordinal), $"{what}: {explanation.Why}");
        Assert.StartsWith("/gitops terminate shop takes it off", explanation.Change.ToString(), StringComparison.Ordinal);
        Assert.True(explanation.IsStuck);
    }

    /// <summary>A window that lets people through is in its message as well, for some milliseconds; and one that is gone, until the engine looks again.</summary>
    [Fact]
    public void An_operation_that_no_window_keeps_any_more_is_about_to_start()
    {
        var starts = Waiting with { Syncing = SyncFacts.None, Blockers = [Blocker(BlockerKind.DenyWindow)] };

        var explanation = Standstill.Of(Some.Deployed(starts), null);

        Assert.Contains("none that I can read does now: it is about to start", explanation.Why.ToString(), StringComparison.Ordinal);
        Assert.Contains("should it stay like that", explanation.Change.ToString(), StringComparison.Ordinal);
        Assert.Contains("It is working", Standstill.Of(Some.Deployed(starts with { Flight = Kim with { SaysBlocked = false } }), null).Why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_waits_under_a_pause_is_on_the_card_beside_it()
    {
        var paused = Some.Paused() with { Flight = Kim, Syncing = Waiting.Syncing };

        var card = ApplicationCard.Of(Some.Deployed(paused), [Some.Lease()], [], new World().Reception, ChatPlatform.Slack);

        var said = card.Parts.OfType<Part.Paragraph>().Select(part => part.Text.ToString()).ToList();
        Assert.Contains("It is paused by incident", said[0], StringComparison.Ordinal);
        Assert.Single(said, line => line.StartsWith("Also: A sync by kim since", StringComparison.Ordinal) && line.Contains("/gitops terminate shop takes it off", StringComparison.Ordinal));
        Assert.DoesNotContain(ApplicationCard.Of(Some.Deployed(Waiting), [], [], new World().Reception, ChatPlatform.Slack).Parts.OfType<Part.Paragraph>(), part => part.Text.ToString().StartsWith("Also: A sync by kim", StringComparison.Ordinal));
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

    private static Flight Kim { get; } = new(false, "kim", Some.Now, WaitsToRetry: false, "Running", "Sync operation blocked by sync window", []) { SaysBlocked = true };

    private static ApplicationFacts Waiting { get; } = Some.Facts() with { Flight = Kim, Syncing = new() { BlockedByWindow = "window 7 is open." } };

    private static ApplicationFacts Blocked(BlockerKind kind) => Some.Facts() with
    {
        Blockers = [Blocker(kind)],
        Flight = null,
        Mark = null,
        AutoSyncOn = kind != BlockerKind.AutoSyncOff,
    };

    private static Blocker Blocker(BlockerKind kind) => new(kind, $"because of {kind}", "do something");
}
