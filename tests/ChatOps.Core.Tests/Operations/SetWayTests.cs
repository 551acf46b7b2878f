using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Operations;

/// <summary>When a pause is kept by an entry in the set that made the application, and when a window holds it instead.</summary>
public class SetWayTests
{
    private static readonly RuleConfiguration MayEdit = new() { Name = "pause-shop", MayAddIgnoreApplicationDifferences = true };

    [Fact]
    public void Where_the_rule_allows_it_the_plan_adds_an_entry_for_this_one_application_and_the_field_holds()
    {
        var facts = SetWay.Under(MayEdit, OfSet(), [], covered: true);
        var plan = PausePlan.Of(facts, "7");

        Assert.Equal(
            [
                new("ApplicationSet tools /spec/ignoreApplicationDifferences/-", null, """{"name":"shop","jsonPointers":["/spec/syncPolicy/automated/enabled"]}"""),
                new FieldChange("/spec/syncPolicy/automated/enabled", null, "false"),
            ],
            plan.Changes);
        var work = plan.Of<PauseWork>();
        Assert.Equal((PauseMechanism.SwitchOff, false, new SetEntry("tools", "uid-tools", "shop", HadList: false)), (work.Mechanism, work.IsOneWrite, work.InSet));
        Assert.Contains("the set itself is edited: an entry for shop alone", facts.Way.Because, StringComparison.Ordinal);
        Assert.Contains("If somebody takes the entry out, tools takes the pause back", facts.Way.Risk, StringComparison.Ordinal);
        Assert.Null(PausePlan.Obstacle(facts));
        Assert.Equal(plan, PausePlan.Of(SetWay.Under(MayEdit, OfSet(), [], covered: null), "7"));
        Assert.NotEqual(plan.Hash, (plan with { Work = work with { InSet = null } }).Hash);
        Assert.NotEqual(plan.Hash, PausePlan.Of(SetWay.Under(MayEdit, OfSet(set => set with { Uid = "made-again" }), [], covered: true), "7").Hash);
        Assert.NotEqual(plan.Hash, PausePlan.Of(SetWay.Under(MayEdit, OfSet(set => set with { HasList = true }), [], covered: true), "7").Hash);
    }

    [Fact]
    public void A_rollback_is_kept_by_the_same_entry()
    {
        var plan = RollbackPlan.Of(SetWay.Under(MayEdit, OfSet(), [], covered: true), new PastDeployment(3, ["1.2.3"], null, null, false), "7");

        Assert.Equal("tools", plan.Of<RollbackWork>().InSet?.Set);
        Assert.Equal("ApplicationSet tools /spec/ignoreApplicationDifferences/-", plan.Changes[0].Path);
        Assert.False(plan.Work.IsOneWrite);
    }

    public static TheoryData<string, ApplicationFacts, bool, bool?, string> Windows => new()
    {
        { "the rule says nothing", OfSet(), false, true, "ApplicationSet tools takes a pause back. So a deny window" },
        { "the cluster does not let us", OfSet(), true, false, "RBAC does not let chatops:sets patch the set" },
        { "somebody takes it out again", OfSet(set => set with { TakenBack = "the Git of platform sets the set's ignoreApplicationDifferences." }), true, true, "would not hold: the Git of platform" },
        { "an entry would not help", OfSet() with { Set = null }, true, true, "ApplicationSet tools takes a pause back. So a deny window" },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void Else_a_window_holds_it_and_the_card_says_why(string why, ApplicationFacts facts, bool mayEdit, bool? covered, string because)
    {
        var way = WindowWay.Of(SetWay.Under(new() { Name = "pause-shop", MayAddIgnoreApplicationDifferences = mayEdit }, facts, [], covered));

        Assert.True((PauseMechanism.Window, null, null) == (way.Mechanism, way.Missing, way.InSet), why);
        Assert.Contains(because, way.Because, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whether_the_cluster_lets_us_is_asked_only_where_it_matters()
    {
        var cluster = new ModelCluster(TimeProvider.System) { CoversSets = false };

        Assert.Contains("chatops:sets", (await SetWay.UnderAsync(MayEdit, cluster, OfSet(), [], default)).Way.Because, StringComparison.Ordinal);
        Assert.Equal(OfSet().Way, (await SetWay.UnderAsync(new(), cluster, OfSet(), [], default)).Way);
        Assert.Equal(Some.Facts().Way, (await SetWay.UnderAsync(MayEdit, cluster, Some.Facts(), [], default)).Way);
    }

    /// <summary>Two applications of one set: the list that the first began is none that was there.</summary>
    [Fact]
    public void A_list_that_another_pause_of_ours_began_goes_with_the_last_of_them()
    {
        var other = Held() with { Target = Some.Shop with { Name = "other" } };

        Assert.False(Entry(set => set with { HasList = true }, other).HadList);
        Assert.True(Entry(set => set with { HasList = true }).HadList);
        Assert.True(Entry(set => set with { HasList = true }, other with { InSet = other.InSet! with { SetUid = "another" } }).HadList);

        static SetEntry Entry(Func<SetFacts, SetFacts> change, params Lease[] unsettled) => SetWay.Under(MayEdit, OfSet(change), unsettled, covered: true).Way.InSet!;
    }

    /// <summary>Somebody switched auto-sync on under our pause, whose entry is still there: the next pause counts on it, and takes it out.</summary>
    [Fact]
    public void An_entry_that_an_earlier_pause_left_is_taken_over_whatever_the_rule_says()
    {
        var left = OfSet() with { Set = null, Window = null, Way = new(PauseMechanism.SwitchOff, "ApplicationSet tools leaves this field alone.") };
        var plan = PausePlan.Of(SetWay.Under(new(), left, [Held().Overtake("kubectl", Hold.Reverted, Some.Now)], covered: null), "7");

        Assert.Equal(Held().InSet, plan.Of<PauseWork>().InSet);
        Assert.Equal(plan.Changes[0].After, plan.Changes[0].Before);
        Assert.Null(SetWay.Under(new(), left, [], covered: null).Way.InSet);
        Assert.Null(SetWay.Under(new(), left, [Held() with { Target = Some.Shop with { Name = "other" } }], covered: null).Way.InSet);
    }

    [Fact]
    public void A_policy_names_what_a_rule_lets_be_edited_and_finds_a_rule_that_cannot_mean_it()
    {
        var world = new World(rule => rule.MayAddIgnoreApplicationDifferences = true);
        Assert.Contains("Under `pause-shop` an ApplicationSet that would take a pause back may be edited", PolicyDocument.Markdown(world.Policy), StringComparison.Ordinal);
        Assert.DoesNotContain("may be edited", PolicyDocument.Markdown(new World().Policy), StringComparison.Ordinal);
        Assert.True(new Rulebook(world.Policy).MayEditSetOf("shop-a", "shop", "shop", "prod"));
        Assert.False(new Rulebook(new World().Policy).MayEditSetOf("shop-a", "shop", "shop", "prod"));

        var branches = new World(rule =>
        {
            rule.MayAddIgnoreApplicationDifferences = true;
            rule.Verbs.RemoveAll(verb => verb is "pause" or "rollback");
        });
        Assert.Contains(PolicyCheck.Of(branches.Policy, null), finding => finding.What.Contains("sets MayAddIgnoreApplicationDifferences, and allows neither", StringComparison.Ordinal));
        Assert.False(new Rulebook(branches.Policy).MayEditSetOf("shop-a", "shop", "shop", "prod"));
    }

    private static Lease Held() => Lease.Written(Some.Operation(OperationState.Running) with { Plan = PausePlan.Of(SetWay.Under(MayEdit, OfSet(), [], covered: true), "7") }, Some.Now).Stored(Some.Now);

    private static ApplicationFacts OfSet(Func<SetFacts, SetFacts>? change = null) => SomeWindow.Facts() with
    {
        Set = (change ?? (set => set))(new SetFacts("tools", "uid-tools", HasList: false) { Risk = "When its generators no longer name it, tools may delete it." }),
    };
}
