using ChatOps.Core.Leases;
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
