using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>Which owner leaves another revision alone (argocd-observed, section 6).</summary>
public sealed class RevisionWaysTests
{
    private const string Named = """[{"manager":"argocd-controller","operation":"Update","fieldsV1":{"f:spec":{"f:source":{".":{},"f:repoURL":{},"f:targetRevision":{}}}}}]""";
    private const string NotNamed = """[{"manager":"argocd-controller","operation":"Update","fieldsV1":{"f:spec":{"f:source":{".":{},"f:repoURL":{}}}}}]""";
    private const string Respect = """ "syncPolicy":{"syncOptions":["RespectIgnoreDifferences=true"]},"ignoreDifferences":[{"group":"argoproj.io","kind":"Application","jsonPointers":["/spec/source/targetRevision"]}] """;

    [Fact]
    public void Nobodys_revision_stays() => Assert.Null(Way(Owner.Nobody, null).Missing);

    [Fact]
    public void Whatever_else_applies_it_takes_it_back() => Assert.Contains("Terraform", Way(new(OwnerKind.Other, "Terraform"), null).Missing, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"syncPolicy":{"applicationsSync":"create-only"}}""", true)]
    [InlineData("""{"syncPolicy":{"applicationsSync":"create-delete"}}""", true)]
    [InlineData("""{"syncPolicy":{"applicationsSync":"create-only"},"strategy":{"type":"RollingSync"}}""", false)]
    [InlineData("""{"ignoreApplicationDifferences":[{"jsonPointers":["/spec/source/targetRevision"]}]}""", false)]
    [InlineData(null, false)]
    public void A_set_leaves_it_only_where_it_changes_nothing_again(string? spec, bool stays) =>
        Assert.Equal(stays, Way(new(OwnerKind.Set, "shops"), spec).Missing is null);

    [Theory]
    [InlineData("{}", Named, false)]
    [InlineData("{}", NotNamed, true)]
    [InlineData("{}", "[]", false)]
    [InlineData("{" + Respect + "}", Named, true)]
    [InlineData("""{"syncPolicy":{"syncOptions":["Replace=true"]}}""", NotNamed, false)]
    [InlineData(null, NotNamed, false)]
    public void A_parent_leaves_it_where_its_Git_names_none_or_a_rule_says_so(string? spec, string managedFields, bool stays) =>
        Assert.Equal(stays, Way(new(OwnerKind.Parent, "platform"), spec, application => application["metadata"]!["managedFields"] = JsonNode.Parse(managedFields)).Missing is null);

    /// <summary>The list of sources is one field: a rule about one revision in it is not relied on.</summary>
    [Fact]
    public void A_rule_about_a_revision_in_a_list_does_not_hold_it() =>
        Assert.NotNull(Way(new(OwnerKind.Parent, "platform"), "{" + Respect.Replace("/spec/source/", "/spec/sources/0/", StringComparison.Ordinal) + "}", application =>
        {
            application["spec"]!.AsObject().Remove("source");
            application["spec"]!["sources"] = JsonNode.Parse("""[{"repoURL":"https://git.example.com/shop.git","targetRevision":"main"}]""");
            application["metadata"]!["managedFields"] = JsonNode.Parse("""[{"manager":"argocd-controller","operation":"Update","fieldsV1":{"f:spec":{"f:sources":{}}}}]""");
        }).Missing);

    private static PauseWay Way(Owner owner, string? ownerSpec, Action<JsonObject>? change = null)
    {
        var application = Some.Application();
        change?.Invoke(application);
        return RevisionWays.Of(Some.Read(application), Some.Surroundings() with
        {
            Owner = owner,
            OwnerObject = ownerSpec is null ? default : JsonDocument.Parse($$$"""{"spec":{{{ownerSpec}}}}""").RootElement,
        });
    }
}
