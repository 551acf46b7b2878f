using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Operations;

public class PlanTests
{
    public static TheoryData<string, ApplicationFacts> Moves => new()
    {
        { "instance", Some.Facts() with { Ref = Some.Shop with { Instance = "test" } } },
        { "namespace", Some.Facts() with { Ref = Some.Shop with { Namespace = "other" } } },
        { "name", Some.Facts() with { Ref = Some.Shop with { Name = "other" } } },
        { "uid", Some.Facts() with { Uid = "uid-2" } },
        { "project", Some.Facts() with { Project = "other" } },
        { "cluster", Some.Facts() with { Cluster = "other" } },
        { "destination", Some.Facts() with { DestinationNamespace = "other" } },
        { "owner", Some.Facts() with { Owner = new(OwnerKind.Parent, "root") } },
        { "mechanism", Some.Facts() with { Mechanism = PauseMechanism.TakeOut } },
        { "what is there", Some.Facts() with { Automated = Some.Before with { Json = "{}" } } },
        { "absent is not null", Some.Facts() with { Automated = Some.Before with { Json = null } } },
        { "its parent", Some.Facts() with { Automated = Some.Before with { ParentJson = "{}" } } },
        { "an automatic operation that would be ended", Some.Facts() with { Flight = new(true, "auto-sync", Some.Now, true, "Running", "", []) } },
        { "where it is", Some.Facts() with { Automated = Some.Before with { Path = "/spec/other" } } },
    };

    public static TheoryData<string, ApplicationFacts> Stays => new()
    {
        { "sync state", Some.Facts() with { Sync = SyncState.OutOfSync } },
        { "health", Some.Facts() with { Health = "Degraded" } },
        { "revision", Some.Facts() with { Revision = "abc" } },
        { "refresh", Some.Facts() with { RefreshPending = true } },
        { "somebody's own operation", Some.Facts() with { Flight = new(false, "alice", Some.Now, false, "Running", "", []) } },
        { "one that ends already", Some.Facts() with { Flight = new(true, "auto-sync", Some.Now, false, "Terminating", "", []) } },
        { "time", Some.Facts() with { ReadAt = Some.Now.AddHours(1) } },
    };

    [Theory]
    [MemberData(nameof(Moves))]
    public void A_plan_moves_with_everything_that_people_approve(string what, ApplicationFacts facts) =>
        Assert.True(PausePlan.Of(facts, "7").Hash != Some.Plan().Hash, what);

    [Theory]
    [MemberData(nameof(Stays))]
    public void A_plan_does_not_move_by_itself(string what, ApplicationFacts facts) =>
        Assert.True(PausePlan.Of(facts, "7").Hash == Some.Plan().Hash, what);

    [Fact]
    public void It_moves_with_the_policy() => Assert.NotEqual(Some.Plan().Hash, PausePlan.Of(Some.Facts(), "8").Hash);

    [Fact]
    public void It_moves_with_every_change_it_makes() =>
        Assert.NotEqual(Some.Plan().Hash, (Some.Plan() with { Changes = [new("/spec/syncPolicy/automated/enabled", null, "true")] }).Hash);

    [Fact]
    public void How_long_is_no_part_of_it_so_that_shortening_keeps_the_votes() =>
        Assert.Equal(Some.Operation().Plan, (Some.Operation() with { Duration = TimeSpan.FromMinutes(5) }).Plan);

    public static TheoryData<ApplicationFacts, string> Obstacles => new()
    {
        { Some.Facts() with { Deleting = true }, "being deleted" },
        { Some.Facts() with { Way = PauseWay.Unowned with { Because = "ApplicationSet shops takes it back.", Missing = "change the set" } }, "ApplicationSet shops" },
        { Some.Facts() with { AutoSyncOn = false, PauseFieldManager = "kubectl-edit" }, "switched off by kubectl-edit" },
    };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public void A_pause_that_would_not_hold_is_refused_with_what_to_do_instead(ApplicationFacts facts, string says)
    {
        var refusal = PausePlan.Obstacle(facts);

        Assert.Equal(RefusalKind.NotPossible, refusal?.Kind);
        Assert.Contains(says, refusal!.Why.ToString(), StringComparison.Ordinal);
        Assert.True(facts.Deleting || refusal.Instead.Runs.Count > 0);
    }

    [Fact]
    public void Nothing_speaks_against_pausing_a_plain_application() => Assert.Null(PausePlan.Obstacle(Some.Facts()));

    /// <summary>It has an owner and an end already: "somebody should own that it is off" would be untrue.</summary>
    [Fact]
    public void What_another_incident_holds_is_said_to_be_held_until_then()
    {
        var facts = Some.Facts() with { AutoSyncOn = false, Mark = new(7, Guid.NewGuid(), Some.Now.AddHours(1), Some.Facts().Automated, "chatops:on-call") };

        var refusal = PausePlan.Obstacle(facts)!;

        Assert.Contains("by incident 7", refusal.Why.ToString(), StringComparison.Ordinal);
        Assert.Contains("extend", refusal.Instead.ToString(), StringComparison.Ordinal);
    }
}
