using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>Which pause each kind of owner leaves alone, as a real Argo CD 3.5.1 was seen to; managedFields are those that it wrote.</summary>
public sealed class PauseWaysTests
{
    private const string AppliedClientSide = """[{"manager":"argocd-controller","operation":"Update","fieldsV1":{"f:spec":{"f:syncPolicy":{".":{},"f:automated":{".":{},"f:prune":{},"f:selfHeal":{}}}}}},{"manager":"argocd-application-controller","operation":"Update","fieldsV1":{"f:status":{}}}]""";
    private const string AppliedServerSide = """[{"manager":"argocd-controller","operation":"Apply","fieldsV1":{"f:spec":{"f:syncPolicy":{"f:automated":{"f:prune":{},"f:selfHeal":{}}}}}}]""";
    private const string SetServerSide = """[{"manager":"argocd-controller","operation":"Apply","fieldsV1":{"f:spec":{"f:syncPolicy":{"f:automated":{"f:enabled":{},"f:prune":{}}}}}}]""";
    private const string Replaced = """[{"manager":"argocd-application-controller","operation":"Update","fieldsV1":{"f:spec":{"f:syncPolicy":{".":{},"f:automated":{".":{},"f:prune":{}}}}}}]""";
    private const string Respect = "\"syncPolicy\":{\"syncOptions\":[\"RespectIgnoreDifferences=true\"]}";
    private static readonly string Last = Applied("""{"prune":true,"selfHeal":true}""");

    [Fact]
    public void Nobodys_application_is_switched_off_or_has_its_block_taken_out()
    {
        Assert.Equal((PauseMechanism.SwitchOff, null), Way(Owner.Nobody, null));
        Assert.Equal((PauseMechanism.TakeOut, null), Way(Owner.Nobody, null, knowsEnabled: false));
    }

    [Theory]
    [InlineData("""{}""", false)]
    [InlineData("""{"ignoreApplicationDifferences":[]}""", false)]
    [InlineData("""{"ignoreApplicationDifferences":[{"jsonPointers":["/spec/syncPolicy/automated/enabled"]}]}""", true)]
    [InlineData("""{"ignoreApplicationDifferences":[{"jsonPointers":["/spec/syncPolicy/automated"]}]}""", true)]
    [InlineData("""{"ignoreApplicationDifferences":[{"jsonPointers":["/spec/syncPolicy/automated/enable"]}]}""", false)]
    [InlineData("""{"ignoreApplicationDifferences":[{"jsonPointers":["/spec/syncPolicy/automated/selfHeal"]},{"jsonPointers":["/spec/syncPolicy"]}]}""", true)]
    [InlineData("""{"ignoreApplicationDifferences":[{"name":"checkout","jsonPointers":["/spec/syncPolicy/automated/enabled"]}]}""", true)]
    [InlineData("""{"ignoreApplicationDifferences":[{"name":"payments","jsonPointers":["/spec/syncPolicy/automated/enabled"]}]}""", false)]
    [InlineData("""{"ignoreApplicationDifferences":[{"jqPathExpressions":[".spec.syncPolicy.automated"]}]}""", true)]
    [InlineData("""{"ignoreApplicationDifferences":[{"jqPathExpressions":[".spec[\"syncPolicy\"].automated?.enabled"]}]}""", true)]
    [InlineData("""{"ignoreApplicationDifferences":[{"jqPathExpressions":[".spec.syncPolicy.automated | select(.prune)"]}]}""", false)]
    [InlineData("""{"ignoreApplicationDifferences":[{"jqPathExpressions":[".spec.sources[] | .targetRevision"]}]}""", false)]
    [InlineData("""{"syncPolicy":{"applicationsSync":"create-only"}}""", true)]
    [InlineData("""{"syncPolicy":{"applicationsSync":"create-delete"}}""", true)]
    [InlineData("""{"syncPolicy":{"applicationsSync":"create-update"}}""", false)]
    [InlineData("""{"strategy":{"type":"RollingSync"},"ignoreApplicationDifferences":[{"jsonPointers":["/spec/syncPolicy"]}]}""", false)]
    public void A_sets_application_is_switched_off_where_the_set_leaves_the_field_alone(string spec, bool holds) =>
        Assert.Equal(holds ? (PauseMechanism.SwitchOff, null) : Nothing, Way(new(OwnerKind.Set, "shops"), $$$"""{"spec":{{{spec}}}}"""));

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"ignoreApplicationDifferences":[{"jsonPointers":["/spec/syncPolicy/automated/enabled"]}]}""")]
    [InlineData("""{"syncPolicy":{"applicationsSync":"create-only"}}""")]
    [InlineData("""{"strategy":{"type":"RollingSync"}}""")]
    public void That_its_generators_may_drop_it_is_said_of_every_application_of_a_set_before_it_is_held(string spec)
    {
        var around = Some.Surroundings() with { Owner = new(OwnerKind.Set, "shops"), OwnerObject = JsonDocument.Parse($$$"""{"spec":{{{spec}}}}""").RootElement };
        foreach (var way in new[] { PauseWays.Of(Some.Read(Some.Application()), around), RevisionWays.Of(Some.Read(Some.Application()), around) })
        {
            Assert.Contains("When the generators of shops no longer name it, shops may delete it", way.Risk, StringComparison.Ordinal);
            Assert.Equal(spec.Contains("create-only", StringComparison.Ordinal), way.Risk!.Contains("--policy", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("""{"ignoreApplicationDifferences":[{"jsonPointers":["/spec/syncPolicy/automated"]}]}""", false)] // without our annotations nothing would tell it from somebody's edit
    [InlineData("""{"syncPolicy":{"applicationsSync":"create-only"}}""", true)]
    public void Before_3_1_a_sets_application_is_paused_only_where_the_set_leaves_all_of_it_alone(string spec, bool holds) =>
        Assert.Equal(holds ? (PauseMechanism.TakeOut, null) : Nothing, Way(new(OwnerKind.Set, "shops"), $$$"""{"spec":{{{spec}}}}""", knowsEnabled: false));

    public static TheoryData<string, string?, string, string, bool> Parents => new()
    {
        { "client-side apply", Last, AppliedClientSide, "{}", true },
        { "client-side apply, managers cut off", Last, "[]", "{}", true },
        { "server-side apply", null, AppliedServerSide, "{}", true },
        { "server-side apply after client-side", Last, AppliedServerSide, "{}", true },
        { "Git sets it", Applied("""{"enabled":true}"""), AppliedClientSide, "{}", false },
        { "Git sets it, server-side", null, SetServerSide, "{}", false },
        { "nothing tells what Git has", null, "[]", "{}", false },
        { "an annotation that is no manifest", "{", "[]", "{}", false },
        { "Replace", null, Replaced, """{"syncPolicy":{"syncOptions":["Replace=true"]}}""", false },
        { "Replace, although it looks applied", Last, AppliedClientSide, """{"syncPolicy":{"syncOptions":["CreateNamespace=true","Replace=true"]}}""", false },
        { "the parent respects a rule", Applied("""{"enabled":true}"""), AppliedClientSide, $$$"""{{{{Respect}}},"ignoreDifferences":[{"group":"argoproj.io","kind":"Application","jsonPointers":["/spec/syncPolicy/automated/enabled"]}]}""", true },
        { "a rule by name", Applied("""{"enabled":true}"""), AppliedClientSide, $$$"""{{{{Respect}}},"ignoreDifferences":[{"group":"argoproj.io","kind":"Application","name":"checkout","namespace":"argocd","jqPathExpressions":[".spec.syncPolicy"]}]}""", true },
        { "a rule for another", Applied("""{"enabled":true}"""), AppliedClientSide, $$$"""{{{{Respect}}},"ignoreDifferences":[{"group":"argoproj.io","kind":"Application","name":"payments","jsonPointers":["/spec/syncPolicy"]}]}""", false },
        { "a rule for another kind", Applied("""{"enabled":true}"""), AppliedClientSide, $$$"""{{{{Respect}}},"ignoreDifferences":[{"group":"apps","kind":"Deployment","jsonPointers":["/spec/syncPolicy"]}]}""", false },
        { "a rule that only hides", Applied("""{"enabled":true}"""), AppliedClientSide, """{"ignoreDifferences":[{"group":"argoproj.io","kind":"Application","jsonPointers":["/spec/syncPolicy"]}]}""", false },
    };

    [Theory]
    [MemberData(nameof(Parents))]
    public void A_parents_application_is_switched_off_where_Git_does_not_set_the_field(string why, string? lastApplied, string managedFields, string parentSpec, bool holds)
    {
        var way = Way(new(OwnerKind.Parent, "platform"), $$$"""{"spec":{{{parentSpec}}}}""", application => Applied(application, lastApplied, managedFields));

        Assert.True((holds ? (PauseMechanism.SwitchOff, null) : Nothing) == way, $"{why}: {way}");
    }

    [Fact]
    public void A_child_that_is_to_be_replaced_says_so_itself() =>
        Assert.Equal(Nothing, Way(new(OwnerKind.Parent, "platform"), """{"spec":{}}""", application =>
        {
            Applied(application, Last, AppliedClientSide);
            application["metadata"]!["annotations"]!["argocd.argoproj.io/sync-options"] = "Prune=false, Replace=true";
        }));

    [Fact]
    public void Before_3_1_a_parent_puts_back_the_block_that_it_has_in_Git() =>
        Assert.Equal(Nothing, Way(new(OwnerKind.Parent, "platform"), """{"spec":{}}""", application => Applied(application, Last, AppliedClientSide), knowsEnabled: false));

    [Fact]
    public void An_owner_that_could_not_be_read_is_taken_to_take_it_back()
    {
        Assert.Equal(Nothing, Way(new(OwnerKind.Set, "shops"), null));
        Assert.Equal(Nothing, Way(new(OwnerKind.Parent, "platform"), null, application => Applied(application, Last, AppliedClientSide)));
    }

    private static (PauseMechanism, string?) Nothing => (PauseMechanism.SwitchOff, "missing");

    private static string Applied(string automated) => $$$$"""{"kind":"Application","spec":{"syncPolicy":{"automated":{{{{automated}}}}}}}""";

    private static void Applied(JsonObject application, string? lastApplied, string managedFields)
    {
        application["metadata"]!["managedFields"] = JsonNode.Parse(managedFields);
        application["metadata"]!["annotations"] = lastApplied is null ? [] : new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = lastApplied };
    }

    private static (PauseMechanism Mechanism, string? Missing) Way(Owner owner, string? ownerObject, Action<JsonObject>? change = null, bool knowsEnabled = true)
    {
        var application = Some.Application();
        change?.Invoke(application);
        var way = PauseWays.Of(Some.Read(application), Some.Surroundings() with
        {
            Owner = owner,
            OwnerObject = ownerObject is null ? default : JsonDocument.Parse(ownerObject).RootElement,
            KnowsEnabled = knowsEnabled,
        });
        return way.Missing is null ? (way.Mechanism, null) : Nothing;
    }
}
