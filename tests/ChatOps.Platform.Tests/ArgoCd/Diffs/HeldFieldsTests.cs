using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd.Diffs;

namespace ChatOps.Platform.Tests.ArgoCd.Diffs;

/// <summary>
/// What hands change where a pause of ours leaves it to them is drift all the same: it is kept and shown before the end.
/// What the application is told to ignore by others is none.
/// </summary>
public sealed class HeldFieldsTests
{
    private const string Ours = """{"kind":"ConfigMap","name":"shop","namespace":"shop","jsonPointers":["/data"],"managedFieldsManagers":["chatops"]}""";
    private const string Theirs = """{"kind":"ConfigMap","name":"shop","jsonPointers":["/data"]}""";

    private static readonly JsonElement Git = Json("""{"kind":"ConfigMap","data":{"MODE":"slow"}}""");

    private static readonly JsonElement Live = Json("""
        {"kind":"ConfigMap","metadata":{"managedFields":[{"manager":"kubectl-edit","operation":"Update","time":"2026-11-23T09:00:00Z","fieldsV1":{"f:data":{"f:MODE":{},"f:ADDED":{}}}}]},
         "data":{"MODE":"fast","ADDED":"yes"}}
        """);

    [Theory]
    [InlineData(Ours, DriftClass.Changed, DriftClass.AddedByHand)]
    [InlineData(Theirs, DriftClass.Expected, DriftClass.Expected)]
    public void Without_Argo_CDs_comparison(string rule, DriftClass mode, DriftClass added) =>
        AssertSame(mode, added, Compared() with { IsIgnored = Rules(rule).For("", "ConfigMap", "shop", "shop", Live) });

    /// <summary>It took the fields out of both sides before it compared.</summary>
    [Theory]
    [InlineData(Ours, DriftClass.Changed)]
    [InlineData(Theirs, DriftClass.Expected)]
    public void With_Argo_CDs_comparison(string rule, DriftClass mode) => AssertSame(mode, DriftClass.AddedByHand, Compared() with
    {
        ByTheEngine = (Json("""{"kind":"ConfigMap"}"""), Json("""{"kind":"ConfigMap"}""")),
        IsHeld = Rules(rule).HeldFor("", "ConfigMap", "shop", "shop", Live),
    });

    [Fact]
    public void A_rule_of_ours_is_about_its_own_object()
    {
        Assert.True(Rules(Ours).HeldFor("", "ConfigMap", "shop", "shop", Live)(FieldPath.Root.Then("data")));
        Assert.False(Rules(Ours).HeldFor("", "ConfigMap", "other", "shop", Live)(FieldPath.Root.Then("data")));
        Assert.False(Rules(Ours).HeldFor("", "Secret", "shop", "shop", Live)(FieldPath.Root.Then("data")));
    }

    private static void AssertSame(DriftClass mode, DriftClass added, Compared compared)
    {
        var fields = ResourceDiff.Of(compared).Fields.ToDictionary(drift => drift.Path, drift => drift.Class);

        Assert.Equal(2, fields.Count);
        Assert.Equal(mode, fields["/data/MODE"]);
        Assert.Equal(added, fields["/data/ADDED"]);
    }

    private static Compared Compared() => new("ConfigMap", "shop", "shop", Git, Live);

    private static IgnoreRules Rules(string rule) => new(Json($$"""{"ignoreDifferences":[{{rule}}]}"""));

    private static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
