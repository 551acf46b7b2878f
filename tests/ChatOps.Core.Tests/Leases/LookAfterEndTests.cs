using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;
using ChatOps.Core.Timeline;

namespace ChatOps.Core.Tests.Leases;

/// <summary>After a resume Argo CD was said to apply what Git says, whatever it did.</summary>
public class LookAfterEndTests
{
    private static readonly Flight Syncing = new(true, "auto-sync", Some.Now, false, "Running", "", []);
    private static readonly ApplicationFacts Drifted = Some.Facts() with { Sync = SyncState.OutOfSync };

    public static TheoryData<string, ApplicationFacts?, int, string?> Looks => new()
    {
        { "its status can be from before", Some.Facts(), 1, null },
        { "it agrees with Git", Some.Facts() with { Revision = "949765c7000000000000000000000000000000ff" }, 4, "is as Git says: Argo CD shows it as Synced at 949765c7" },
        { "it is at it", Drifted with { Flight = Syncing }, 30, null },
        { "it has been at it for long", Drifted with { Flight = Syncing with { WaitsToRetry = true, Message = "no such kind" } }, 61, "waiting to be tried again. no such kind" },
        { "it backs off, and will come", Drifted with { NextRevert = Some.Now.AddSeconds(200) }, 100, null },
        { "nothing happens yet", Drifted, 30, null },
        { "nothing happens", Drifted, 61, "has not acted" },
        { "the last sync failed", Drifted with { Blockers = [new(BlockerKind.LastSyncFailed, "It failed.", "Nothing reverts hand changes now.")] }, 4, "It failed. Sync it by hand once" },
        { "a window", Drifted with { Blockers = [new(BlockerKind.DenyWindow, "A window is open.", "Keep the window.")] }, 4, "A window is open." },
        { "it cannot be read", null, 30, null },
        { "it cannot be read for long", null, 61, "could not be read" },
        { "people have decided otherwise", Drifted with { AutoSyncOn = false }, 1, "" },
        { "paused again", Some.Paused(), 1, "" },
        { "deleted and made again", Drifted with { Uid = "uid-2" }, 1, "" },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public void What_was_seen_is_said_and_no_more(string why, ApplicationFacts? facts, int seconds, string? says)
    {
        var lease = Some.Lease().Finish("alice", Some.Now) with { AwaitsEngine = true };
        var answer = facts is null ? ModelCluster.Answer(ClusterAnswerKind.Unavailable) : ClusterAnswer.Ok;

        var seen = LookAfterEnd.Judge(lease, answer, facts, Some.Now.AddSeconds(seconds));

        Assert.True(says is null == (seen is null), why);
        Assert.Contains(says ?? "", seen?.Sentence?.ToString() ?? "", StringComparison.Ordinal);
        Assert.True(says is not "" || seen!.Sentence is null, why);
    }

    [Theory]
    [InlineData(true)] // is said with the end itself
    [InlineData(false)] // is seen a minute later
    public async Task Where_nothing_but_a_sync_by_hand_is_left_it_is_offered_under_its_own_rule(bool failed)
    {
        var world = await World.WithPauseAsync();
        world.ControllerAnswers();
        world.Cluster.Seen = facts => facts with { Sync = SyncState.OutOfSync, Blockers = failed ? [new(BlockerKind.LastSyncFailed, "It failed.", "")] : [], RefreshPending = false, Syncing = new() { Revisions = [new string('3', 40)] } };
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromSeconds(61));
        await world.WorkAsync();
        await world.PostAllAsync();
        Assert.DoesNotContain(await world.Records.OperationsAsync(1, default), one => one.Plan.Work is SyncWork);

        var choice = world.Records.Choices.Last(one => one.Kind == ChoiceKind.SayCommand);
        Assert.Equal($"sync {world.OnlyLease().Target}", choice.Says);
        Assert.NotNull(await world.PressAsync("eve", choice));
        var refused = await world.PressAsync("alice", choice);
        Assert.True(refused is null, refused is null ? "" : string.Join('\n', refused.Parts.OfType<Part.Paragraph>().Select(part => part.Text)));

        Assert.Equal("alice", Assert.Single(await world.Records.OperationsAsync(1, default), one => one.Plan.Work is SyncWork).RequestedBy);
    }

    [Fact]
    public async Task After_a_resume_it_is_said_once_and_holds_up_nothing()
    {
        var world = await World.WithPauseAsync();
        world.ControllerAnswers();
        await world.SayAsync("alice", "gitops", "resume shop-a");
        await world.WorkAsync();
        Assert.True(world.OnlyLease() is { IsUnsettled: false, AwaitsEngine: true });

        world.Time.Advance(TimeSpan.FromSeconds(5));
        await world.WorkAsync();
        await world.WorkAsync();

        Assert.Single(world.Records.Entries, entry => entry.Kind == TimelineKind.SeenAfterEnd);
        Assert.Empty(await world.Records.UnsettledLeasesAsync(default));
    }
}
