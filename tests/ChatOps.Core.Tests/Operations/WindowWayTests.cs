using ChatOps.Core.Conversation;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Operations;

/// <summary>Which way holds a pause, and what people are told of it.</summary>
public class WindowWayTests
{
    [Fact]
    public void The_field_is_taken_where_it_holds_and_a_window_where_it_does_not()
    {
        Assert.Equal(PauseMechanism.SwitchOff, WindowWay.Of(Some.Facts() with { Window = new WindowFacts { HasList = true } }).Mechanism);

        var way = WindowWay.Of(SomeWindow.Facts());

        Assert.Equal((PauseMechanism.Window, null), (way.Mechanism, way.Missing));
        Assert.Contains("ApplicationSet tools takes a pause back. So a deny window in project shop holds it: it reaches shop and nothing else", way.Because, StringComparison.Ordinal);
        Assert.Contains("a minute after its time at the latest", way.Risk, StringComparison.Ordinal);
        var owned = SomeWindow.Facts();
        Assert.EndsWith("tools may delete it.", WindowWay.Of(owned with { Way = owned.Way with { Risk = "When its generators no longer name it, tools may delete it." } }).Risk, StringComparison.Ordinal);
        Assert.Null(PausePlan.Obstacle(SomeWindow.Facts()));
    }

    public static TheoryData<WindowFacts?, string, string> Refused => new()
    {
        { null, "ApplicationSet tools", "add a deny window with" },
        { new() { HasList = false, TakenBack = "the Git of platform sets them." }, "would not hold either: the Git of platform", "whoever keeps project shop" },
        { new() { HasList = false, ReachUnknown = "nobody may list." }, "cannot be told: nobody may list", "change the set, or" },
        { new() { HasList = false, AlsoReaches = [Some.Shop with { Namespace = "team-b" }] }, "team-b/shop has that name", "a name or a project of its own" },
        { new() { HasList = false, AlsoReaches = [Some.Shop with { Namespace = "team-b" }, Some.Shop with { Namespace = "team-c" }] }, "team-b/shop, team-c/shop have that name", "a name or a project of its own" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_window_that_would_not_hold_or_would_hold_too_much_is_refused(WindowFacts? window, string why, string instead)
    {
        var refusal = PausePlan.Obstacle(SomeWindow.Facts() with { Window = window });

        Assert.Equal(RefusalKind.NotPossible, refusal?.Kind);
        Assert.Contains(why, refusal!.Why.ToString(), StringComparison.Ordinal);
        Assert.Contains(instead, refusal.Instead.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_that_rolls_out_is_held_although_it_switched_auto_sync_off()
    {
        var off = SomeWindow.Facts() with { AutoSyncOn = false };

        Assert.Contains("does not sync by itself", PausePlan.Obstacle(off)!.Why.ToString(), StringComparison.Ordinal);
        Assert.Null(PausePlan.Obstacle(off with { Blockers = [new(BlockerKind.RollingSync, "", "")] }));
    }

    [Fact]
    public void The_plan_shows_the_window_and_moves_with_nothing_but_what_people_approve()
    {
        var plan = PausePlan.Of(SomeWindow.Facts(), "7");

        Assert.Equal([new FieldChange("AppProject shop /spec/syncWindows/-", null, """{"kind":"deny","applications":["shop"],"manualSync":true}""")], plan.Changes);
        Assert.Equal(plan, PausePlan.Of(SomeWindow.Facts() with { Automated = Some.Before with { Json = "{}" }, Flight = new(true, "auto-sync", Some.Now, true, "Running", "", []) }, "7"));
        Assert.NotEqual(plan, PausePlan.Of(SomeWindow.Facts() with { Project = "other" }, "7"));
        Assert.NotEqual(plan, PausePlan.Of(SomeWindow.Facts() with { Window = new() { HasList = true } }, "7"));
    }

    [Fact]
    public void A_rollback_is_held_by_the_same_window_as_a_pause()
    {
        var entry = new PastDeployment(3, ["1.2.3"], null, null, false);

        var plan = RollbackPlan.Of(SomeWindow.Facts(), entry, "7");

        Assert.Null(RollbackPlan.Obstacle(SomeWindow.Facts()));
        Assert.Equal(["AppProject shop /spec/syncWindows/-", "/operation/sync/revision"], plan.Changes.Select(change => change.Path));
        Assert.Equal(PauseMechanism.Window, plan.Of<RollbackWork>().Mechanism);
        Assert.Contains(RollbackPlan.Notices(SomeWindow.Facts(), entry), notice => notice.ToString().Contains("held off by a deny window before", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_right_is_missing_the_request_is_refused_with_who_writes_it()
    {
        var world = await World.WithIncidentAsync();
        world.Cluster.Seen = facts => facts with { Owner = SomeWindow.Facts().Owner, Way = SomeWindow.Facts().Way, Window = SomeWindow.Facts().Window };
        world.Cluster.CoversWindows = false;

        var refused = (await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands"))!;

        var words = refused.Title + string.Join('\n', refused.Parts.OfType<Part.Paragraph>().Select(part => part.Text));
        Assert.Contains("does not let chatops:projects patch that project", words, StringComparison.Ordinal);
        Assert.Contains("ChatOps.Server rbac", words, StringComparison.Ordinal);
        world.Cluster.CoversWindows = null; // that cannot be asked: the cluster says so when it is done
        Assert.Null(await world.SayAsync("alice", "gitops", "pause shop-a for 30m because the rollback needs hands"));
    }
}
