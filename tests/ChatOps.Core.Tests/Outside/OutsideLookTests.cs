using ChatOps.Core.Outside;
using ChatOps.Core.Reconciliation;
using ChatOps.Core.Tests.Doubles;

namespace ChatOps.Core.Tests.Outside;

/// <summary>What of an application is somebody's override, and what is Git's own will or ours.</summary>
public class OutsideLookTests
{
    private static readonly FieldHand Kubectl = new("kubectl-edit", Some.Now);
    private static readonly FieldHand Owner = new("argocd-applicationset-controller", Some.Now, IsOwner: true);

    private static SourceFacts Rendered(string field, string json, FieldHand? hand) => new("https://git.example.org/dry.git", SourceKind.Hydrated, new($"/spec/sourceHydrator/{field}", json, null), null) { Hand = hand };

    private static ApplicationFacts Quiet => Some.Facts() with { Sources = [Source("\"main\"", null)] };

    private static Baseline Known => OutsideLook.At(null, Quiet, []).Baseline! with { Version = 1 };

    public static TheoryData<string, ApplicationFacts, OutsideKind?> Facts => new()
    {
        { "as it was", Quiet, null },
        { "switched off by hand", Off(Kubectl), OutsideKind.AutoSyncOff },
        { "switched off by its set", Off(Owner), null },
        { "stepped by RollingSync", Off(null) with { Blockers = [new(BlockerKind.RollingSync, "", "")] }, null },
        { "automated taken out, nobody named", Out, OutsideKind.AutoSyncOff },
        { "taken out of a set's that lets it be", Out with { Owner = new(OwnerKind.Set, "shops") }, OutsideKind.AutoSyncOff },
        { "taken out of a parent's that lets it be", Out with { Owner = new(OwnerKind.Parent, "platform") }, OutsideKind.AutoSyncOff },
        { "taken out of what Flux applies", Out with { Owner = new(OwnerKind.Other, "Flux") }, OutsideKind.AutoSyncOff },
        { "taken out, and the owner puts it back", Out with { Owner = new(OwnerKind.Parent, "platform"), OwnerOfAutomated = OwnersWord.PutsItBack }, OutsideKind.AutoSyncOff },
        { "out by its owner's word", Out with { Owner = new(OwnerKind.Parent, "platform"), OwnerOfAutomated = OwnersWord.WithoutIt }, null },
        { "taken out of what rolls out by steps", Out with { Owner = new(OwnerKind.Set, "shops"), Blockers = [new(BlockerKind.RollingSync, "", "")] }, null },
        { "told to skip by hand", Quiet with { Skip = Skip(Kubectl) }, OutsideKind.SkipReconcile },
        { "told to skip by its owner", Quiet with { Skip = Skip(Owner) }, null },
        { "revision moved by hand", Quiet with { Sources = [Source("\"fix\"", Kubectl)] }, OutsideKind.RevisionMoved },
        { "revision moved by its owner", Quiet with { Sources = [Source("\"v2\"", Owner)] }, null },
        { "paused by us", Some.Paused() with { Sources = Quiet.Sources }, null },
        { "on its way out", Off(Kubectl) with { Deleting = true }, null },
    };

    [Theory]
    [InlineData("drySource/targetRevision", true, "drySource.targetRevision from main to fix")]
    [InlineData("syncSource/targetBranch", true, "syncSource.targetBranch from main to fix")]
    [InlineData("drySource/targetRevision", false, null)]
    public void What_is_rendered_first_is_found_too_and_not_ours_to_put_back(string field, bool byHand, string? story)
    {
        var before = Quiet with { Sources = [Rendered("drySource/targetRevision", "\"main\"", null), Rendered("syncSource/targetBranch", "\"main\"", null)] };
        var moved = before with { Sources = [.. before.Sources.Select(source => source.Follows.Path.EndsWith(field, StringComparison.Ordinal) ? Rendered(field, "\"fix\"", byHand ? Kubectl : Owner) : source)] };

        var found = OutsideLook.At(OutsideLook.At(null, before, []).Baseline, moved, []).Found;

        Assert.Equal(story is not null, found.Count == 1);
        if (story is not null)
        {
            Assert.Contains(story, found[0].Story.ToString(), StringComparison.Ordinal);
            Assert.False(found[0].IsOursToPutBack);
            Assert.Contains($$"""[{"op":"replace","path":"/spec/sourceHydrator/{{field}}","value":"main"}]""", found[0].ByHand(Quiet.Ref), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_command_that_puts_it_back_is_one_command_whatever_stands_in_a_value()
    {
        var found = new OutsideOverride(OutsideKind.RevisionMoved, "kubectl", null, [new(new("/spec/sourceHydrator/drySource/targetRevision", "\"it's\"", null), "\"fix\"")]);

        Assert.EndsWith(@"""value"":""it'\''s""}]'", found.ByHand(Quiet.Ref), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_was_taken_out_is_left_to_the_owner_for_a_while()
    {
        Assert.True(OutsideLook.At(Known, Out with { OwnerOfAutomated = OwnersWord.PutsItBack }, []).AwaitsOwner);
        Assert.False(OutsideLook.At(Known, Out, []).AwaitsOwner);
        Assert.False(OutsideLook.At(Known, Off(Kubectl) with { OwnerOfAutomated = OwnersWord.PutsItBack }, []).AwaitsOwner);
        Assert.False(OutsideLook.At(Known, Quiet with { OwnerOfAutomated = OwnersWord.PutsItBack }, []).AwaitsOwner);
    }

    [Theory]
    [MemberData(nameof(Facts))]
    public void A_hand_is_told_from_the_owners_and_from_ours(string what, ApplicationFacts facts, OutsideKind? expected)
    {
        var found = OutsideLook.At(Known, facts, []).Found;

        Assert.True(expected is null ? found.Count == 0 : found.Count == 1 && found[0].Kind == expected, what);
    }

    [Fact]
    public void What_the_owner_says_is_what_counts_from_then_on()
    {
        var moved = OutsideLook.At(Known, Quiet with { Sources = [Source("\"v2\"", Owner)] }, []).Baseline!;
        var found = Assert.Single(OutsideLook.At(moved, Quiet with { Sources = [Source("\"main\"", Kubectl)] }, []).Found);

        Assert.Equal(("\"v2\"", "\"main\""), (found.Fields[0].Before.Json, found.Fields[0].Seen));
    }

    [Fact]
    public void At_the_first_sight_only_what_is_an_override_by_itself_is_found_and_its_way_back_is_known()
    {
        var off = Assert.Single(OutsideLook.At(null, Off(Kubectl), []).Found);
        Assert.Equal(("/spec/syncPolicy/automated/enabled", null, "false"), (off.Fields[0].Before.Path, off.Fields[0].Before.Json, off.Fields[0].Seen));
        Assert.Equal(OutsideKind.SkipReconcile, Assert.Single(OutsideLook.At(null, Quiet with { Skip = Skip(Kubectl) }, []).Found).Kind);
        Assert.Empty(OutsideLook.At(null, Out, []).Found);
        Assert.Empty(OutsideLook.At(null, Quiet with { Sources = [Source("\"fix\"", Kubectl)] }, []).Found);
    }

    [Fact]
    public void What_is_taken_out_altogether_has_the_whole_of_it_as_its_way_back()
    {
        var found = Assert.Single(OutsideLook.At(Known, Out, []).Found);

        Assert.Null(found.By);
        Assert.Equal(Quiet.Automated, found.Fields[0].Before);
        Assert.Null(found.Fields[0].Seen);
    }

    [Fact]
    public void What_a_lease_of_ours_holds_is_told_by_the_lease_and_teaches_nothing()
    {
        var seen = OutsideLook.At(Known, Off(Kubectl), [Some.Lease()]);

        Assert.Empty(seen.Found);
        Assert.True(seen.Baseline!.AutoSyncOn);
        Assert.Null(OutsideLook.At(null, Off(Kubectl), [Some.Lease()]).Baseline);
    }

    [Fact]
    public void What_people_accepted_is_found_once_more_only_after_it_was_undone()
    {
        var accepted = Known.Accept(OutsideKind.AutoSyncOff, Off(Kubectl));
        Assert.Empty(OutsideLook.At(accepted, Off(Kubectl), []).Found);

        var on = OutsideLook.At(accepted, Quiet, []).Baseline;
        Assert.Single(OutsideLook.At(on, Off(Kubectl), []).Found);
    }

    [Fact]
    public void Another_object_under_the_same_name_is_looked_at_anew()
    {
        var seen = OutsideLook.At(Known, Quiet with { Uid = "another", Sources = [Source("\"fix\"", Kubectl)] }, []);

        Assert.Empty(seen.Found);
        Assert.Equal(("another", 1), (seen.Baseline!.Uid, seen.Baseline.Version));
    }

    private static ApplicationFacts Off(FieldHand? hand) => Quiet with
    {
        AutoSyncOn = false,
        SelfHealOn = false,
        Automated = Quiet.Automated with { Json = """{"enabled":false,"selfHeal":true}""" },
        AutoSyncHand = hand,
        PauseFieldManager = hand?.Manager,
    };

    private static ApplicationFacts Out => Quiet with { AutoSyncOn = false, SelfHealOn = false, Automated = Quiet.Automated with { Json = null, ParentJson = null } };

    private static SkipFacts Skip(FieldHand hand) => new(new("/metadata/annotations/argocd.argoproj.io~1skip-reconcile", "\"true\"", null), hand);

    private static SourceFacts Source(string follows, FieldHand? hand) => new("https://git.example/shop.git", SourceKind.Git, new("/spec/source/targetRevision", follows, null), Permitted: true) { Hand = hand };
}
