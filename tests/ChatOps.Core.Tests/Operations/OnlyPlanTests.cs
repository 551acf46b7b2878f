using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Operations;

/// <summary>From what was said to the plan of a pause of only some fields, or to the reason why there is none.</summary>
public class OnlyPlanTests
{
    [Theory]
    [InlineData("deployment/web", "Deployment/web")]
    [InlineData("deployment/web:/spec/replicas", "Deployment/web:/spec/replicas")]
    [InlineData("deployment/web:/spec/replicas deployment/web:/spec/template", "Deployment/web:/spec/replicas Deployment/web:/spec/template")]
    [InlineData("deployment/web:/spec/replicas deployment/web", "Deployment/web")]
    [InlineData("configmap/web deployment/web", "ConfigMap/web Deployment/web")]
    [InlineData("configmap/web:/data/8080", "ConfigMap/web:/data/8080")]
    [InlineData("deployment/web:/metadata/labels/tier", "Deployment/web:/metadata/labels/tier")]
    public void What_was_named_is_found_once(string said, string held) =>
        Assert.Equal(held, string.Join(' ', OnlyPlan.Understand(said.Split(' '), SomeFields.Facts()).Resources!.Select(resource => resource.Spoken)));

    [Theory]
    [InlineData("deployment/shop", "has no", "Deployment/web")]
    [InlineData("deployment/web:/status/replicas", "keeps its books", "/spec/replicas")]
    [InlineData("deployment/web:/metadata/annotations/argocd.argoproj.io~1tracking-id", "keeps its books", "")]
    [InlineData("deployment/web:/metadata/labels", "keeps its books", "/metadata/labels/tier")]
    [InlineData("deployment/web:/spec/template/spec/containers/0/image", "counts elements", "/spec/template/spec/containers.")]
    public void What_cannot_be_left_alone_is_refused_with_what_can(string said, string why, string instead)
    {
        var (resources, refusal) = OnlyPlan.Understand([said], SomeFields.Facts());

        Assert.Null(resources);
        Assert.Contains(why, refusal!.Why.ToString(), StringComparison.Ordinal);
        Assert.Contains(instead, refusal.Instead.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_shows_the_exact_entries_and_adds_the_option_where_it_is_absent()
    {
        var plan = SomeFields.Plan();

        Assert.Equal(["/spec/ignoreDifferences/-", "/spec/syncPolicy/syncOptions/-"], plan.Changes.Select(change => change.Path));
        Assert.Equal("""{"group":"apps","kind":"Deployment","name":"web","namespace":"shop","jsonPointers":["/spec"],"managedFieldsManagers":["chatops"]}""", plan.Changes[0].After);
        Assert.Equal($"\"{HeldFields.Respect}\"", plan.Changes[1].After);
        Assert.Single(SomeFields.Plan(Respecting).Changes);
    }

    [Fact]
    public void Votes_fall_when_the_list_the_options_or_the_fields_are_others()
    {
        var facts = SomeFields.Facts();

        Assert.Equal(SomeFields.Plan().Hash, SomeFields.Plan().Hash);
        Assert.NotEqual(SomeFields.Plan().Hash, SomeFields.Plan(facts with { Rules = RuleFacts.None with { List = new(RuleFacts.ListPath, "[]", null) } }).Hash);
        Assert.NotEqual(SomeFields.Plan().Hash, SomeFields.Plan(Respecting).Hash);
        Assert.NotEqual(SomeFields.Plan().Hash, OnlyPlan.Of(facts, [new(SomeFields.Web, ["/spec/replicas"])], "7").Hash);
    }

    public static TheoryData<string, ApplicationFacts, string> Obstacles => new()
    {
        { "nothing", SomeFields.Facts(), "" },
        { "a set's child", Owned(OwnerKind.Set), "takes ours out within half a second" },
        { "a set that rolls out", Owned(OwnerKind.Set) with { Blockers = [new(BlockerKind.RollingSync, "rolls", "")] }, "RollingSync" },
        { "a parent's child", Owned(OwnerKind.Parent), "app of apps" },
        { "applied by something else", Owned(OwnerKind.Other), "would take our rules out" },
        { "auto-sync off", SomeFields.Facts() with { AutoSyncOn = false }, "does not sync by itself" },
        { "held by a window", SomeFields.Facts() with { Mark = SomeFields.Held().Mark! with { Only = null, Window = new("shop", IsOpen: true) } }, "does not sync by itself" },
        { "paused in part already", SomeFields.Held(), "is paused in part" },
        { "rules of ours that nobody answers for", SomeFields.Held() with { Mark = null }, "our annotations beside it are gone" },
        { "a sync that is tried again and again", SomeFields.Facts() with { Flight = new(true, "argocd", Some.Now, true, "Running", "", []) }, "would go past the rules" },
        { "deleting", SomeFields.Facts() with { Deleting = true }, "is being deleted" },
        { "the resource is gone", SomeFields.Facts() with { Syncing = new() { Resources = [SomeFields.Settings] } }, "has no" },
    };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public void It_is_refused_where_it_would_not_hold(string why, ApplicationFacts facts, string said)
    {
        var refusal = OnlyPlan.Obstacle(facts, SomeFields.WebOnly);

        Assert.True(said.Length == 0 ? refusal is null : refusal?.Why.ToString().Contains(said, StringComparison.Ordinal) == true && !string.IsNullOrEmpty(refusal.Instead.ToString()), $"{why}: {refusal?.Why}");
    }

    [Fact]
    public void A_whole_pause_and_a_branch_do_not_take_the_place_of_one_in_part()
    {
        Assert.Contains("is paused in part", PausePlan.Obstacle(SomeFields.Held())!.Why.ToString(), StringComparison.Ordinal);
        Assert.Contains("our annotations beside it are gone", PausePlan.Obstacle(SomeFields.Held() with { Mark = null })!.Why.ToString(), StringComparison.Ordinal);
        Assert.Contains("our annotations beside it are gone", BranchPlan.Obstacle(SomeFields.Held() with { Mark = null }, null)!.Why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_card_says_what_hands_may_do_and_what_goes_on()
    {
        var said = string.Join('\n', OnlyPlan.Notices(SomeFields.Facts() with { Rules = RuleFacts.None with { List = new(RuleFacts.ListPath, """[{"kind":"Secret","jsonPointers":["/data"]}]""", null) } }, new(SomeFields.WebOnly, RuleFacts.None.Options)));

        Assert.Contains("/spec of Deployment/web in shop", said, StringComparison.Ordinal);
        Assert.Contains("Self-heal goes on everywhere else", said, StringComparison.Ordinal);
        Assert.Contains("says Synced whatever is there", said, StringComparison.Ordinal);
        Assert.Contains("1 rules that are there already", said, StringComparison.Ordinal);
    }

    private static ApplicationFacts Respecting => SomeFields.Facts() with { Rules = RuleFacts.None with { Options = new(RuleFacts.OptionsPath, $"[\"{HeldFields.Respect}\"]", null) } };

    private static ApplicationFacts Owned(OwnerKind kind) => SomeFields.Facts() with { Owner = new(kind, "platform") };
}
