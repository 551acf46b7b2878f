using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Leases;

/// <summary>What one look proves, after what a real Argo CD was seen to do (argocd-observed, section 2).</summary>
public class HoldingTests
{
    private static readonly Flight Running = new(true, "argocd", Some.Now.AddSeconds(-1), false, "Running", "", ["apps/Deployment/shop"]);

    public static TheoryData<string, ApplicationFacts, int, Type> Looks => new()
    {
        { "the refresh is answered and nothing is left running", Some.Paused(), 1, typeof(Holding.Proved) },
        { "time without a revert proves nothing", Some.Paused() with { RefreshPending = true }, 5, typeof(Holding.Waiting) },
        { "the controller does not answer", Some.Paused() with { RefreshPending = true }, 10, typeof(Holding.NotKnown) },
        { "an older operation runs on", Some.Paused() with { Flight = Running }, 5, typeof(Holding.Waiting) },
        { "an older operation does not end", Some.Paused() with { Flight = Running with { WaitsToRetry = true } }, 10, typeof(Holding.NotKnown) },
        { "told to skip: nothing it shows is fresh", Some.Paused() with { Blockers = [new(BlockerKind.SkipReconcile, "frozen", "")] }, 1, typeof(Holding.NotKnown) },
        { "switched on again", Some.Paused() with { AutoSyncOn = true }, 1, typeof(Holding.Taken) },
        { "off, but not by us", Some.Paused() with { Mark = null, PauseFieldManager = "kubectl-edit" }, 1, typeof(Holding.Taken) },
        { "our annotations taken away, our hand still on the field", Some.Paused() with { Mark = null }, 1, typeof(Holding.Proved) },
        { "another operation's mark", Some.Paused() with { Mark = Some.Paused().Mark! with { Operation = Guid.Empty } }, 1, typeof(Holding.Taken) },
        { "deleted and made again", Some.Paused() with { Uid = "uid-2" }, 1, typeof(Holding.Gone) },
        { "made again counts before switched on", Some.Paused() with { Uid = "uid-2", AutoSyncOn = true }, 1, typeof(Holding.Gone) },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public void One_look_says_what_it_proves_and_no_more(string why, ApplicationFacts facts, int seconds, Type holding) =>
        Assert.True(Holding.Judge(Some.Lease(), facts, Some.Now.AddSeconds(seconds)).GetType() == holding, why);

    /// <summary>Any refresh or sync later in the pause raised an alarm, because patience was counted from the start.</summary>
    [Fact]
    public void A_pause_that_was_proved_once_stays_proved_while_the_field_is_ours()
    {
        var lease = Some.Lease().Seen(Hold.Holding, Some.Now);

        Assert.IsType<Holding.Proved>(Holding.Judge(lease, Some.Paused() with { RefreshPending = true }, Some.Now.AddHours(1)));
        Assert.IsType<Holding.Proved>(Holding.Judge(lease, Some.Paused() with { Flight = Running }, Some.Now.AddHours(1)));
        Assert.IsType<Holding.Taken>(Holding.Judge(lease, Some.Paused() with { AutoSyncOn = true }, Some.Now.AddHours(1)));
    }

    [Fact]
    public void Who_took_it_is_said_only_when_the_cluster_says_it()
    {
        Assert.Equal("kubectl-edit", Assert.IsType<Holding.Taken>(Holding.Judge(Some.Lease(), Some.Paused() with { AutoSyncOn = true, PauseFieldManager = "kubectl-edit" }, Some.Now)).By);
        Assert.Contains("does not say", Assert.IsType<Holding.Taken>(Holding.Judge(Some.Lease(), Some.Paused() with { AutoSyncOn = true, PauseFieldManager = null }, Some.Now)).By, StringComparison.Ordinal);
    }

    public static TheoryData<string, OperationSeen?, bool> Thens => new()
    {
        { "the same one, over before the pause", Reverted.Seen, false },
        { "none before the pause", OperationSeen.None, true },
        { "another one before the pause", new(Reverted.StartedAt!.Value.AddSeconds(-9), Reverted.StartedAt, "Succeeded", 1), true },
        { "it, still at work when the pause was stored", Reverted.Seen with { FinishedAt = null, Phase = "Running" }, true },
        { "another one in the same second", Reverted.Seen with { Heals = 1 }, true },
        { "nobody noted what there was", null, false },
    };

    private static Flight Reverted => Running with { Phase = "Succeeded", Seen = new(Running.StartedAt, Running.StartedAt!.Value.AddSeconds(1), "Succeeded", 2) };

    /// <summary>Our clock was compared with the controller's: one that was behind made every revert a silent one, one that was ahead raised false alarms.</summary>
    [Theory]
    [MemberData(nameof(Thens))]
    public void A_revert_that_was_on_its_way_is_told_by_the_controllers_own_word(string then, OperationSeen? last, bool slipped)
    {
        foreach (var skew in new[] { -3600, -1, 0, 1, 3600 })
        {
            var lease = Some.Lease() with { StartedAt = Some.Now.AddSeconds(skew) };
            var facts = Some.Paused() with { LastOperation = Reverted, Mark = Some.Paused().Mark! with { Last = last } };

            Assert.True(slipped == Holding.Slipped(lease, facts) is not null, then);
        }
    }

    [Fact]
    public void It_is_told_of_once_and_only_when_it_is_a_revert()
    {
        var facts = Some.Paused() with { LastOperation = Reverted with { StartedAt = Some.Now.AddSeconds(2) }, Mark = Some.Paused().Mark! with { Last = OperationSeen.None } };
        Assert.NotNull(Holding.Slipped(Some.Lease(), facts));

        Assert.Null(Holding.Slipped(Some.Lease() with { RevertsToldUpTo = Some.Now.AddSeconds(2) }, facts));
        Assert.Null(Holding.Slipped(Some.Lease(), facts with { LastOperation = facts.LastOperation! with { Automated = false } }));
        Assert.Null(Holding.Slipped(Some.Lease(), facts with { LastOperation = facts.LastOperation! with { Resources = [] } }));
        Assert.Null(Holding.Slipped(Some.Lease(), facts with { LastOperation = null }));
    }
}
