using System.Text.Json.Nodes;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>The patch itself, operation by operation, as it was seen to hold in 131 rounds against a real Argo CD.</summary>
public sealed class PauseFenceTests
{
    [Fact]
    public void The_fence_is_the_one_that_was_tried() => Assert.Equal(
        [
            """test /metadata/uid "5e7b4669-4cdf-43ad-8527-b75376ac9a85" """.Trim(),
            """test /spec/syncPolicy/automated {"prune":true,"selfHeal":true}""",
            "test /metadata/annotations/chatops.dev~1operation null",
            "test /metadata/annotations/argocd.argoproj.io~1refresh null",
            "add /metadata/annotations/argocd.argoproj.io~1refresh \"normal\"",
            "add /metadata/annotations/chatops.dev~1incident \"7\"",
            "add /metadata/annotations/chatops.dev~1operation \"00000000-0000-0000-0000-000000000007\"",
            "add /metadata/annotations/chatops.dev~1expires-at \"2026-11-23T09:45:00Z\"",
            "add /metadata/annotations/chatops.dev~1before …",
            "add /spec/syncPolicy/automated/enabled false",
        ],
        PatchOf(Some.Application(annotations: """{"team":"shop"}""")));

    [Fact]
    public void A_mark_that_an_earlier_one_left_over_is_taken_only_as_it_was_read() => Assert.Contains(
        "test /metadata/annotations/chatops.dev~1operation \"00000000-0000-0000-0000-000000000006\"",
        PatchOf(Some.Application(annotations: """{"chatops.dev/operation":"00000000-0000-0000-0000-000000000006"}""")));

    [Fact]
    public void Without_any_annotations_their_absence_is_what_is_tested() => Assert.Equal(
        [
            """test /metadata/uid "5e7b4669-4cdf-43ad-8527-b75376ac9a85" """.Trim(),
            """test /spec/syncPolicy/automated {"prune":true,"selfHeal":true}""",
            "test /metadata/annotations null",
            "add /metadata/annotations …",
            "add /spec/syncPolicy/automated/enabled false",
        ],
        PatchOf(Some.Application()));

    [Theory]
    [InlineData("2026-11-23T09:45:00.0000000Z", "2026-11-23T09:45:00Z")]
    [InlineData("2026-11-23T09:45:00.0010000Z", "2026-11-23T09:45:01Z")]
    [InlineData("2026-11-23T10:45:00.0000000+01:00", "2026-11-23T09:45:00Z")]
    public void The_end_on_the_object_is_never_before_the_end_that_was_told(string end, string written) =>
        Assert.Equal(written, OverrideMarks.Moment(DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(true, true, "2026-11-23T08:59:59Z", true)]
    [InlineData(true, true, null, true)]
    [InlineData(false, true, null, false)] // the plan does not say so
    [InlineData(true, false, null, false)] // somebody's own
    public void An_automatic_operation_is_ended_in_the_same_patch_when_the_plan_says_so(bool planned, bool automated, string? finishedAt, bool ends)
    {
        var application = Some.Application(annotations: """{"team":"shop"}""");
        application["status"]!["operationState"] = new JsonObject
        {
            ["phase"] = "Running",
            ["startedAt"] = "2026-11-23T08:59:58Z",
            ["finishedAt"] = finishedAt,
            ["operation"] = new JsonObject { ["initiatedBy"] = new JsonObject { ["automated"] = automated } },
        };
        var facts = Some.Facts(application);
        var operation = Some.Approved(facts) with { Plan = ChatOps.Core.Operations.Pausing.PausePlan.Of(facts, "1", planned) };
        var patch = PauseFence.Patch(Some.Read(application), operation, Some.Now.AddMinutes(45));
        var lines = ((JsonArray)JsonNode.Parse(patch)!).Select(one => $"{one!["op"]} {one["path"]} {Shown(one)}").SkipWhile(line => !line.StartsWith("add /spec", StringComparison.Ordinal)).Skip(1);

        string[] expected =
        [
            "test /status/operationState/phase \"Running\"",
            "test /status/operationState/startedAt \"2026-11-23T08:59:58Z\"",
            $"test /status/operationState/finishedAt {(finishedAt is null ? "null" : $"\"{finishedAt}\"")}",
            "replace /status/operationState/phase \"Terminating\"",
        ];
        Assert.Equal(ends ? expected : [], lines);
        Assert.Equal(ends, patch.Contains("""\"ended\":true""", StringComparison.Ordinal));
    }

    /// <summary>What the controller said of its operation before the patch is what later looks are compared with; its clock is not ours.</summary>
    [Theory]
    [InlineData("null")]
    [InlineData("""{"phase":"Succeeded","startedAt":"2026-11-23T08:59:58Z","finishedAt":"2026-11-23T08:59:59Z","operation":{"sync":{"autoHealAttemptsCount":2}}}""")]
    [InlineData("""{"phase":"Running","startedAt":"2026-11-23T08:59:58Z"}""")]
    public void What_the_controller_was_doing_is_noted_with_the_pause(string state)
    {
        var application = Some.Application();
        application["status"]!["operationState"] = JsonNode.Parse(state);
        var before = Some.Read(application);
        var patch = (JsonArray)JsonNode.Parse(PauseFence.Patch(before, Some.Approved(Some.Facts(application)), Some.Now.AddMinutes(45)))!;
        application["metadata"]!["annotations"] = patch.First(one => (string)one!["path"]! == "/metadata/annotations" && (string)one["op"]! == "add")!["value"]!.DeepClone();

        Assert.Equal(Flights.Seen(before), OverrideMarks.Read(Some.Read(application))!.Last);
    }

    private static IReadOnlyList<string> PatchOf(JsonObject application)
    {
        var operation = Some.Approved(Some.Facts(application), id: new Guid("00000000-0000-0000-0000-000000000007"));
        var patch = (JsonArray)JsonNode.Parse(PauseFence.Patch(Some.Read(application), operation, Some.Now.AddMinutes(45)))!;
        return [.. patch.Select(one => $"{one!["op"]} {one["path"]} {Shown(one)}")];
    }

    private static string Shown(JsonNode operation) =>
        operation["value"]?.ToJsonString() is not { } value ? "null" : value.Length > 60 ? "…" : value;
}
