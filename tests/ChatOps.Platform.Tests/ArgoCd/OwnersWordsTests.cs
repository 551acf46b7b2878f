using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>Auto-sync is not there any more: by the word of whoever owns the application, or by somebody.</summary>
public sealed class OwnersWordsTests
{
    private const string Brings = """{"kind":"Application","spec":{"syncPolicy":{"automated":{"prune":true}}}}""";
    private const string BringsNone = """{"kind":"Application","spec":{"project":"shop"}}""";
    private const string Template = "\"template\":{\"spec\":{\"syncPolicy\":{\"automated\":{\"prune\":true}}}}";
    private const string Heals = """{"syncPolicy":{"automated":{"selfHeal":true}}}""";
    private const string SyncsOnly = """{"syncPolicy":{"automated":{}}}""";
    private const string Paused = """{"syncPolicy":{"automated":{"selfHeal":true,"enabled":false}}}""";
    private const string Overlooks = """{"syncPolicy":{"automated":{"selfHeal":true}},"ignoreDifferences":[{"group":"argoproj.io","kind":"Application","jsonPointers":["/spec/syncPolicy"]}]}""";
    private const string OverlooksAnother = """{"syncPolicy":{"automated":{"selfHeal":true}},"ignoreDifferences":[{"group":"argoproj.io","kind":"Application","name":"payments","jsonPointers":["/spec/syncPolicy"]}]}""";

    public static TheoryData<string, string?, OwnersWord> Sets => new()
    {
        { "updates what it made", $$$"""{ {{{Template}}} }""", OwnersWord.PutsItBack },
        { "has no auto-sync in its template", """{"template":{"spec":{}}}""", OwnersWord.WithoutIt },
        { "may take it out by a patch of its template", $$$"""{ {{{Template}}},"templatePatch":"spec: {}"}""", OwnersWord.WithoutIt },
        { "only creates", $$$"""{ {{{Template}}},"syncPolicy":{"applicationsSync":"create-only"}}""", OwnersWord.None },
        { "creates and deletes", $$$"""{ {{{Template}}},"syncPolicy":{"applicationsSync":"create-delete"}}""", OwnersWord.None },
        { "creates and updates", $$$"""{ {{{Template}}},"syncPolicy":{"applicationsSync":"create-update"}}""", OwnersWord.PutsItBack },
        { "ignores the block", $$$"""{ {{{Template}}},"ignoreApplicationDifferences":[{"jsonPointers":["/spec/syncPolicy/automated"]}]}""", OwnersWord.None },
        { "ignores all of the policy", $$$"""{ {{{Template}}},"ignoreApplicationDifferences":[{"name":"checkout","jqPathExpressions":[".spec.syncPolicy"]}]}""", OwnersWord.None },
        { "ignores the switch alone", $$$"""{ {{{Template}}},"ignoreApplicationDifferences":[{"jsonPointers":["/spec/syncPolicy/automated/enabled"]}]}""", OwnersWord.PutsItBack },
        { "ignores it for another", $$$"""{ {{{Template}}},"ignoreApplicationDifferences":[{"name":"payments","jsonPointers":["/spec/syncPolicy"]}]}""", OwnersWord.PutsItBack },
        { "could not be read", null, OwnersWord.None },
    };

    public static TheoryData<string, string?, string?, string?, OwnersWord> Parents => new()
    {
        { "heals, and its Git has it", Heals, Brings, "OutOfSync", OwnersWord.PutsItBack },
        { "heals, and its Git has it no more", Heals, BringsNone, "Synced", OwnersWord.WithoutIt },
        { "does not heal, and its Git has it", SyncsOnly, Brings, "OutOfSync", OwnersWord.None },
        { "does not heal, and its Git has it no more", SyncsOnly, BringsNone, "OutOfSync", OwnersWord.WithoutIt },
        { "does not sync by itself", "{}", Brings, "OutOfSync", OwnersWord.None },
        { "is paused itself", Paused, Brings, "OutOfSync", OwnersWord.None },
        { "applies server-side, and finds the child as Git says", SyncsOnly, null, "Synced", OwnersWord.WithoutIt },
        { "applies server-side, and finds it different", SyncsOnly, null, "OutOfSync", OwnersWord.None },
        { "applies server-side, heals, and finds it different", Heals, null, "OutOfSync", OwnersWord.PutsItBack },
        { "has not compared the child", SyncsOnly, null, null, OwnersWord.None },
        { "overlooks the field", Overlooks, Brings, "Synced", OwnersWord.None },
        { "overlooks the field, server-side", Overlooks, null, "Synced", OwnersWord.None },
        { "overlooks it in another", OverlooksAnother, Brings, "OutOfSync", OwnersWord.PutsItBack },
        { "finds as Git says what it applied otherwise", SyncsOnly, Brings, "Synced", OwnersWord.None },
        { "could not be read", null, BringsNone, null, OwnersWord.None },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Of_a_set_that(string what, string? spec, OwnersWord expected) =>
        Assert.True(expected == Word(new(OwnerKind.Set, "shops"), spec, null, null, null), what);

    [Theory]
    [MemberData(nameof(Parents))]
    public void Of_a_parent_that(string what, string? spec, string? lastApplied, string? verdict, OwnersWord expected) =>
        Assert.True(expected == Word(new(OwnerKind.Parent, "platform"), spec, verdict, lastApplied, FieldRules.Applier), what);

    /// <summary>Whoever runs <c>kubectl apply</c> on the child writes as well what was applied last.</summary>
    [Fact]
    public void What_a_hand_applied_is_not_the_parents_word() =>
        Assert.Equal(OwnersWord.None, Word(new(OwnerKind.Parent, "platform"), SyncsOnly, "OutOfSync", BringsNone, "kubectl-client-side-apply"));

    [Theory]
    [InlineData("\"operation\":{\"sync\":{}}")]
    [InlineData("\"status\":{\"operationState\":{\"phase\":\"Running\"}}")]
    public void What_a_parent_has_under_way_may_yet_come(string underWay) =>
        Assert.Equal(OwnersWord.PutsItBack, OwnersWords.OfAutomated(Child(Brings, FieldRules.Applier), Around(new(OwnerKind.Parent, "platform"), $$$"""{"spec":{{{SyncsOnly}}},{{{underWay}}} }""")));

    [Fact]
    public void Of_nobody_and_of_whoever_applies_it_from_somewhere_else()
    {
        Assert.Equal(OwnersWord.None, Word(Owner.Nobody, null, null, null, null));
        Assert.Equal(OwnersWord.None, Word(new(OwnerKind.Other, "Flux Kustomization apps"), null, null, null, null));
    }

    private static OwnersWord Word(Owner owner, string? spec, string? verdict, string? lastApplied, string? writer)
    {
        var found = verdict is null ? "" : $$$"""{"group":"argoproj.io","kind":"Application","namespace":"argocd","name":"checkout","status":"{{{verdict}}}"}""";
        return OwnersWords.OfAutomated(Child(lastApplied, writer), Around(owner, spec is null ? null : $$$"""{"spec":{{{spec}}},"status":{"resources":[{{{found}}}]} }"""));
    }

    private static Surroundings Around(Owner owner, string? json) => Some.Surroundings() with { Owner = owner, OwnerObject = json is null ? default : JsonDocument.Parse(json).RootElement };

    private static ApplicationJson Child(string? lastApplied, string? writer)
    {
        var child = Some.Application(syncPolicy: null);
        if (lastApplied is not null)
        {
            child["metadata"]!["annotations"] = new JsonObject { [FieldRules.LastApplied] = lastApplied };
            child["metadata"]!["managedFields"] = JsonNode.Parse($$"""[{"manager":"{{writer}}","operation":"Update","fieldsV1":{"f:metadata":{"f:annotations":{"f:{{FieldRules.LastApplied}}":{} } } } }]""");
        }

        return Some.Read(child);
    }
}
