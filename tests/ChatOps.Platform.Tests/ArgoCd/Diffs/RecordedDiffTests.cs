using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd.Diffs;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Tests.ArgoCd.Diffs;

/// <summary>
/// What a real Argo CD 3.5.1 compared after one change by hand, with ordinary and with server-side diff, and what a person
/// called drift. Distilled from the recordings: target, live, normalized and predicted of each.
/// </summary>
public sealed class RecordedDiffTests
{
    private static readonly IReadOnlyDictionary<string, JsonElement> Cases = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "ArgoCd/Diffs/recorded.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(one => one.Text("case")!);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Fact]
    public void All_recorded_cases_of_both_modes_are_here() =>
        Assert.Equal((21, 15), (Cases.Keys.Count(name => name.StartsWith("diff-", StringComparison.Ordinal)), Cases.Keys.Count(name => name.StartsWith("diffssd-", StringComparison.Ordinal))));

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_person_calls_drift_and_nothing_else_is_shown_as_drift(string name)
    {
        var recorded = Cases[name];
        var drift = ResourceDiff.Of(Compared(recorded) with { ByTheEngine = (recorded.At("normalizedLive"), recorded.At("predictedLive")) });

        AssertSame(recorded, drift);
    }

    /// <summary>Without Argo CD's API: Git's side is what was applied last.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_is_shown_without_its_api_where_the_object_carries_what_was_applied(string name)
    {
        var recorded = Cases[name];
        if (recorded.At("live").Text("metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration") is not { } applied)
        {
            Assert.StartsWith("diffssd-", name, StringComparison.Ordinal);
            return;
        }

        using var target = JsonDocument.Parse(applied);

        AssertSame(recorded, ResourceDiff.Of(Compared(recorded) with { Target = target.RootElement }));
    }

    /// <summary>Applied by the server, the object does not carry Git's side: additions and changes by hand are seen, removals are not.</summary>
    [Theory]
    [InlineData("diffssd-image-changed", 1)]
    [InlineData("diffssd-configmap-key-added", 1)]
    [InlineData("diffssd-configmap-key-removed", 0)]
    [InlineData("diffssd-annotation-by-controller", 0)]
    public void Without_either_only_what_hands_wrote_is_shown(string name, int expected)
    {
        var drift = ResourceDiff.OfHandsOnly("Deployment", "shop", "checkout", Cases[name].At("live"));

        Assert.Equal(expected, drift.Fields.Count);
        Assert.All(drift.Fields, field => Assert.Equal((DriftClass.WrittenByHand, null), (field.Class, field.Git)));
    }

    [Theory]
    [InlineData("diff-image-changed", "kubectl-set", DriftClass.Changed)]
    [InlineData("diff-configmap-key-added", "kubectl-edit", DriftClass.AddedByHand)]
    [InlineData("diff-label-added", "kubectl-label", DriftClass.AddedByHand)]
    [InlineData("diff-replicas-changed", "kubectl", DriftClass.Changed)]
    [InlineData("diff-label-removed", null, DriftClass.Removed)]
    public void Each_names_the_tool_that_wrote_it_where_the_api_server_kept_it(string name, string? by, DriftClass drift)
    {
        var field = Assert.Single(ResourceDiff.Of(Compared(Cases[name]) with { ByTheEngine = (Cases[name].At("normalizedLive"), Cases[name].At("predictedLive")) }).Real);

        Assert.Equal((by, drift), (field.By, field.Class));
    }

    [Fact]
    public void What_another_controller_wrote_is_set_apart()
    {
        var field = Assert.Single(ResourceDiff.Of(Compared(Cases["diff-annotation-by-controller"])).Fields);

        Assert.Equal((DriftClass.Expected, "sidecar-injector"), (field.Class, field.By));
    }

    private static void AssertSame(JsonElement recorded, ResourceDrift drift)
    {
        var shown = drift.Real.Select(field => field.Path).ToList();
        var person = recorded.Texts("person").Select(Renamed).Distinct().ToList();
        var what = $"{recorded.Text("done")}: a person sees {string.Join(", ", person)}, shown is {string.Join(", ", drift.Fields)}";
        Assert.True(person.TrueForAll(path => shown.Exists(ours => IsIn(path, ours))), what);
        Assert.True(shown.TrueForAll(ours => person.Exists(path => IsIn(path, ours))), what);
    }

    /// <summary>The recorder named a Service's ports by number, so that a changed number is one port less and one more; they have names.</summary>
    private static string Renamed(string path) => path
        .Replace("/spec/ports/[port=80]", "/spec/ports/[name=http]", StringComparison.Ordinal)
        .Replace("/spec/ports/[port=6060]", "/spec/ports/[name=debug]", StringComparison.Ordinal) is var named && named.StartsWith("/spec/ports/[name=http]", StringComparison.Ordinal)
            ? "/spec/ports/[name=http]/port"
            : named;

    private static bool IsIn(string path, string ours) => path == ours || path.StartsWith(ours + "/", StringComparison.Ordinal);

    private static Compared Compared(JsonElement recorded) => new(recorded.Text("kind")!, "shop", "checkout", recorded.At("target"), recorded.At("live"));
}
