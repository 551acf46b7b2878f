using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Acting;
using ChatOps.Core.Operations.Refreshing;
using ChatOps.Core.Operations.Syncing;
using ChatOps.Core.Operations.Terminating;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>What is written for an operation, and what is said about it, from the object alone.</summary>
public class EngineStepTests
{
    private const string Commit = "1111111111111111111111111111111111111111";

    [Fact]
    public void A_sync_is_taken_only_when_no_operation_is_there_and_inherits_nothing()
    {
        var application = With("""{"phase":"Succeeded","operation":{"sync":{"prune":true}}}""");
        var operation = Requested(new SyncWork([Commit], false, false, [new("apps", "Deployment", "shop", "web"), new("", "ConfigMap", "shop", "web")], false, true, ["ServerSideApply=true"]));

        var patch = Patch(SyncStep.Next(Read(application), operation, Some.Now));

        Assert.Equal(["test /metadata/uid", "test /spec/source", "test /spec/sources", "test /spec/sourceHydrator", "test /operation", "add /operation", "add /status/operationState"], patch.Select(step => $"{step!["op"]} {step["path"]}"));
        Assert.Null(patch[4]!["value"]);
        Assert.Null(patch[6]!["value"]);
        Assert.Equal(
            $$$"""{"revision":"{{{Commit}}}","syncStrategy":{"apply":{"force":true}},"resources":[{"kind":"Deployment","name":"web","group":"apps","namespace":"shop"},{"kind":"ConfigMap","name":"web","namespace":"shop"}],"syncOptions":["ServerSideApply=true"]}""",
            patch[5]!["value"]!["sync"]!.ToJsonString());
    }

    /// <summary>What tests that auto-sync is off names what is there: a test below nothing is refused.</summary>
    [Theory]
    [InlineData("""{"automated":{"enabled":false}}""", "test /spec/syncPolicy/automated", """{"enabled":false}""")]
    [InlineData("""{"syncOptions":[]}""", "test /spec/syncPolicy/automated", null)]
    [InlineData(null, "test /spec/syncPolicy", null)]
    public void An_entry_of_the_history_goes_out_with_the_source_of_then_and_only_while_auto_sync_is_off(string? policy, string tested, string? value)
    {
        var operation = Requested(Sync() with { Entry = new(7, [Commit], null, """{"path":"then"}""", false), Source = "" });

        var patch = Patch(SyncStep.Next(Read(Some.Application(syncPolicy: policy)), operation, Some.Now));

        Assert.Equal(["test /metadata/uid", tested, "test /operation", "add /operation", "add /status/operationState"], patch.Select(step => $"{step!["op"]} {step["path"]}"));
        Assert.Equal(value, patch[1]!["value"]?.ToJsonString());
        Assert.Equal($$$"""{"revision":"{{{Commit}}}","source":{"path":"then"}}""", patch[3]!["value"]!["sync"]!.ToJsonString());
    }

    [Fact]
    public void An_entry_of_the_history_is_not_deployed_for_a_second_but_is_behind_a_window()
    {
        var operation = Requested(Sync() with { Entry = new(7, [Commit], null, null, false), Source = "" });
        var step = SyncStep.Next(Read(Some.Application()), operation, Some.Now);
        Assert.Equal((null, ClusterAnswerKind.Moved), (step.Patch, step.Answer.Kind));

        var behind = Requested(Sync() with { Entry = new(7, [Commit], null, null, false), Source = "", BehindWindow = true });

        Assert.Equal("test /spec/project", Patch(SyncStep.Next(Read(Some.Application()), behind, Some.Now)).Select(one => $"{one!["op"]} {one["path"]}").ElementAt(1));
    }

    [Fact]
    public void The_approved_commit_is_not_applied_from_another_path()
    {
        var application = Some.Application();
        var operation = Requested(Sync() with { Source = SyncReading.Source(Read(application)) });
        Assert.NotNull(SyncStep.Next(Read(application), operation, Some.Now).Patch);

        application["spec"]!["source"]!["path"] = "elsewhere";

        Assert.Equal((null, ClusterAnswerKind.Moved), (SyncStep.Next(Read(application), operation, Some.Now).Patch, SyncStep.Next(Read(application), operation, Some.Now).Answer.Kind));
    }

    /// <summary>One that came and went between look and write is not merged into ours.</summary>
    [Fact]
    public void Where_no_operation_was_seen_what_one_may_have_left_is_cleared_all_the_same()
    {
        var application = Some.Application();
        application["status"]!.AsObject().Remove("operationState");

        Assert.Equal("/status/operationState", (string?)Patch(SyncStep.Next(Read(application), Requested(Sync()), Some.Now))[^1]!["path"]);

        application.Remove("status");
        Assert.Equal("test /status", Patch(SyncStep.Next(Read(application), Requested(Sync()), Some.Now)).Select(step => $"{step!["op"]} {step["path"]}").Last());
    }

    [Theory]
    [InlineData("""{"phase":"Running","operation":{"initiatedBy":{"username":"kim"}}}""", ClusterAnswerKind.Moved, "kim")]
    [InlineData("""{"phase":"Running","finishedAt":"2026-11-23T09:00:00Z","operation":{}}""", ClusterAnswerKind.Moved, "tried again")]
    public void The_operation_of_somebody_else_is_left_alone(string state, ClusterAnswerKind kind, string says)
    {
        var step = SyncStep.Next(Read(With(state, "{}")), Requested(Sync()), Some.Now);

        Assert.Null(step.Patch);
        Assert.Equal(kind, step.Answer.Kind);
        Assert.Contains(says, step.Answer.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_application_that_is_being_deleted_gets_none()
    {
        var application = Some.Application();
        application["metadata"]!["deletionTimestamp"] = "2026-11-23T09:00:00Z";

        Assert.Null(SyncStep.Next(Read(application), Requested(Sync()), Some.Now).Patch);
    }

    [Fact]
    public void After_a_crash_it_knows_its_own_again_and_does_not_write_twice()
    {
        var operation = Requested(Sync());

        var running = SyncStep.Next(Read(Going(Ours(operation, "Running", "one of two waves"))), operation, Some.Now);
        var done = SyncStep.Next(Read(With(Ours(operation, "Succeeded", "fine"))), operation, Some.Now);

        Assert.Equal((null, ClusterAnswerKind.UnderWay, "one of two waves"), (running.Patch, running.Answer.Kind, running.Answer.Sentence));
        Assert.Equal((null, ClusterAnswerKind.Ok), (done.Patch, done.Answer.Kind));
    }

    [Fact]
    public void A_failed_one_names_the_resources()
    {
        var operation = Requested(Sync());
        var state = JsonNode.Parse(Ours(operation, "Failed", "one or more tasks failed"))!;
        state["syncResult"] = JsonNode.Parse("""{"revision":"1111111111111111111111111111111111111111","resources":[{"kind":"Service","name":"web","status":"Synced"},{"kind":"Deployment","name":"web","status":"SyncFailed","message":"field is immutable"}]}""");

        var step = SyncStep.Next(Read(With(state.ToJsonString())), operation, Some.Now);

        Assert.Equal((ClusterAnswerKind.Failed, "Failed at 11111111: Deployment/web: field is immutable"), (step.Answer.Kind, step.Answer.Sentence));
    }

    [Fact]
    public void One_that_another_has_replaced_is_not_run_again()
    {
        var operation = Requested(Sync()) with { Progress = "handed to Argo CD" };

        var step = SyncStep.Next(Read(With("""{"phase":"Succeeded","operation":{"sync":{}}}""")), operation, Some.Now);

        Assert.Equal((null, ClusterAnswerKind.Failed), (step.Patch, step.Answer.Kind));
    }

    /// <summary>Argo CD merges what it begins into the record of the one before, so that what was noted with ours stays there.</summary>
    [Theory]
    [InlineData("Running", """{"initiatedBy":{"username":"kim"},"sync":{}}""", """{"username":"kim"}""")]
    [InlineData("Running", """{"sync":{}}""", """{"username":"alice@example.org (chatops)"}""")]
    [InlineData("Succeeded", null, """{"username":"kim"}""")]
    public void What_another_one_did_is_not_told_as_ours_although_the_record_still_has_our_note(string phase, string? requested, string initiatedBy)
    {
        var operation = Requested(Sync()) with { Progress = "handed to Argo CD" };
        var record = JsonNode.Parse(Ours(operation, phase, "successfully synced"))!;
        record["operation"]!["initiatedBy"] = JsonNode.Parse(initiatedBy);

        var step = SyncStep.Next(Read(With(record.ToJsonString(), requested)), operation, Some.Now);

        Assert.Equal(SyncStep.Replaced, step);
    }

    [Fact]
    public void Ours_has_ended_although_the_next_one_is_on_the_object_already()
    {
        var operation = Requested(Sync()) with { Progress = "handed to Argo CD" };

        var step = SyncStep.Next(Read(With(Ours(operation, "Succeeded", "successfully synced"), """{"sync":{}}""")), operation, Some.Now);

        Assert.Equal((null, ClusterAnswerKind.Ok), (step.Patch, step.Answer.Kind));
    }

    [Theory]
    [InlineData("""{"initiatedBy":{"username":"kim"},"sync":{}}""", true)]
    [InlineData("""{"initiatedBy":{"username":"kim"},"sync":{"prune":true}}""", false)]
    public void What_a_window_keeps_from_ending_is_taken_off_where_nothing_was_written_over_it(string requested, bool isOne)
    {
        const string state = """{"phase":"PHASE","startedAt":"2026-11-23T09:00:00Z","message":"Sync operation blocked by sync window","operation":{"initiatedBy":{"automated":true,"username":"kim"},"sync":{}}}""";
        var seen = Flights.InFlight(Read(With(state.Replace("PHASE", "Running", StringComparison.Ordinal), """{"initiatedBy":{"username":"kim"},"sync":{}}""")))!;

        var step = TerminateStep.Next(Read(With(state.Replace("PHASE", "Terminating", StringComparison.Ordinal), requested)), Requested(new TerminateWork("kim", Some.Now) { Written = seen.Written }), Some.Now);

        Assert.Equal((isOne, isOne ? ClusterAnswerKind.UnderWay : ClusterAnswerKind.Moved), (step.Patch is not null, step.Answer.Kind));
    }

    [Fact]
    public void What_a_window_keeps_waiting_is_taken_back_when_the_approval_lapses_and_never_written_again()
    {
        var operation = Requested(Sync()) with { RequestExpiresAt = Some.Now.AddMinutes(5) };
        var ours = Ours(operation, "Running", "Sync operation blocked by sync window");
        var blocked = Read(Going(ours));

        var before = SyncStep.Next(blocked, operation, Some.Now);
        var after = SyncStep.Next(blocked, operation, Some.Now.AddMinutes(5));

        Assert.Equal((null, ClusterAnswerKind.UnderWay), (before.Patch, before.Answer.Kind));
        Assert.Equal(["test", "test", "test", "remove /operation", "remove /status/operationState"], Patch(after).Select(step => (string?)step!["op"] == "test" ? "test" : $"{step["op"]} {step["path"]}"));
        Assert.Null(SyncStep.Next(Read(Some.Application()), operation, Some.Now.AddMinutes(5)).Patch);
        Assert.Null(SyncStep.Next(Read(With(ours, """{"initiatedBy":{"username":"kim"}}""")), operation, Some.Now.AddMinutes(5)).Patch);
    }

    /// <summary>Also where the write that took it off is ours and its answer was lost: nothing on the object tells that.</summary>
    [Theory]
    [InlineData(4, true, ClusterAnswerKind.Failed, "it was taken off the object before it was over, and nothing more of it starts later")]
    [InlineData(5, true, ClusterAnswerKind.Rejected, "its approval lapsed while it waited; it is taken back, and nothing more of it starts later")]
    [InlineData(5, false, ClusterAnswerKind.Failed, "it was taken off the object before it was over, and nothing more of it starts later")]
    public void One_that_is_nowhere_any_more_was_replaced_by_nobody(int minutes, bool waited, ClusterAnswerKind kind, string says)
    {
        var operation = Requested(Sync()) with { RequestExpiresAt = Some.Now.AddMinutes(5) };
        var waits = SyncStep.Next(Read(Going(Ours(operation, "Running", "Sync operation blocked by sync window"))), operation, Some.Now.AddSeconds(10)).Answer.Sentence;
        operation = operation with { Progress = waited ? waits : "one of two waves" };

        foreach (var record in new[] { "null", """{"message":"Sync operation blocked by sync window"}""", Ours(operation, "Running", "Sync operation blocked by sync window") })
        {
            var step = SyncStep.Next(Read(With(record)), operation, Some.Now.AddMinutes(minutes)); // the controller that had it in hand wrote once more
            Assert.Equal((null, kind, says), (step.Patch, step.Answer.Kind, step.Answer.Sentence));
        }
    }

    /// <summary>Nothing that has not begun has a start by which it could be told from another one.</summary>
    [Fact]
    public void Of_those_that_have_not_begun_only_the_one_that_was_seen_is_taken_off()
    {
        var seen = Read(With("null", """{"initiatedBy":{"username":"kim"},"sync":{}}"""));
        var other = Read(With("null", """{"initiatedBy":{"username":"kim"},"sync":{"prune":true}}"""));
        var operation = Requested(new TerminateWork("kim", null) { Written = Flights.InFlight(seen)!.Written });

        Assert.Equal("/operation", (string?)Patch(TerminateStep.Next(seen, operation, Some.Now))[^1]!["path"]);
        Assert.Equal((null, ClusterAnswerKind.Moved), (TerminateStep.Next(other, operation, Some.Now).Patch, TerminateStep.Next(other, operation, Some.Now).Answer.Kind));
    }

    [Fact]
    public void A_terminate_is_bound_to_the_start_of_what_was_seen()
    {
        var operation = Requested(new TerminateWork("kim", Some.Now));
        const string running = """{"phase":"Running","startedAt":"2026-11-23T09:00:00Z","operation":{}}""";

        var patch = Patch(TerminateStep.Next(Read(With(running, "{}")), operation, Some.Now));
        var other = TerminateStep.Next(Read(With(running.Replace("09:00", "09:01", StringComparison.Ordinal), "{}")), operation, Some.Now);

        Assert.Equal("Terminating", (string?)patch[^1]!["value"]);
        Assert.Contains(patch, step => (string?)step!["op"] == "test" && (string?)step["path"] == "/status/operationState/startedAt");
        Assert.Equal((null, ClusterAnswerKind.Moved), (other.Patch, other.Answer.Kind));
    }

    [Theory]
    [InlineData("Succeeded", ClusterAnswerKind.Moved)]
    [InlineData("Failed", ClusterAnswerKind.Ok)]
    public void What_ended_by_itself_is_not_called_terminated(string phase, ClusterAnswerKind kind) => Assert.Equal(
        kind,
        TerminateStep.Next(Read(With($$$"""{"phase":"{{{phase}}}","startedAt":"2026-11-23T09:00:00Z","operation":{}}""")), Requested(new TerminateWork("kim", Some.Now)), Some.Now).Answer.Kind);

    [Fact]
    public void One_that_a_window_keeps_from_ending_is_taken_off_the_object()
    {
        var step = TerminateStep.Next(
            Read(With("""{"phase":"Terminating","startedAt":"2026-11-23T09:00:00Z","message":"Sync operation blocked by sync window","operation":{}}""", "{}")),
            Requested(new TerminateWork("kim", Some.Now)) with { Progress = "Argo CD is asked to end it" },
            Some.Now);

        Assert.Contains(Patch(step), one => (string?)one!["op"] == "remove" && (string?)one["path"] == "/operation");
    }

    /// <summary>A controller that is slow to end it is no reason to take a running operation off the object.</summary>
    [Fact]
    public void One_that_the_controller_has_not_ended_yet_is_waited_for_however_long()
    {
        var step = TerminateStep.Next(
            Read(With("""{"phase":"Terminating","startedAt":"2026-11-23T09:00:00Z","message":"waiting for healthy state","operation":{}}""", "{}")),
            Requested(new TerminateWork("kim", Some.Now)) with { Progress = "Argo CD is asked to end it" },
            Some.Now.AddMinutes(30));

        Assert.Equal((null, ClusterAnswerKind.UnderWay), (step.Patch, step.Answer.Kind));
        Assert.Contains("has not yet", step.Answer.Sentence, StringComparison.Ordinal);
    }

    /// <summary>Under a window that lets it through, an operation says "blocked" for some milliseconds all the same.</summary>
    [Fact]
    public void What_has_only_begun_is_not_taken_back_for_its_first_words()
    {
        var operation = Requested(Sync()) with { RequestExpiresAt = Some.Now };

        var step = SyncStep.Next(Read(Going(Ours(operation, "Running", "Sync operation blocked by sync window"))), operation, Some.Now.AddSeconds(1));

        Assert.Equal((null, ClusterAnswerKind.UnderWay), (step.Patch, step.Answer.Kind));
    }

    [Fact]
    public void A_refresh_is_done_when_its_annotation_is_gone_again()
    {
        var operation = Requested(new RefreshWork(Hard: true));

        var first = RefreshStep.Next(Read(Some.Application()), operation, Some.Now);
        var asked = operation with { Progress = "asked" };
        var waiting = RefreshStep.Next(Read(Some.Application(annotations: """{"argocd.argoproj.io/refresh":"hard"}""")), asked, Some.Now);
        var done = RefreshStep.Next(Read(Some.Application()), asked, Some.Now);

        Assert.Equal("hard", (string?)Patch(first)[^1]!["value"]!["argocd.argoproj.io/refresh"]);
        Assert.Equal((null, ClusterAnswerKind.UnderWay), (waiting.Patch, waiting.Answer.Kind));
        Assert.Equal((ClusterAnswerKind.Ok, "compared: Synced at 949765c7, Healthy"), (done.Answer.Kind, done.Answer.Sentence));
    }

    private static SyncWork Sync() => new([Commit], false, false, [], false, false, []);

    private static Operation Requested(ActionWork work)
    {
        var pause = Some.Approved(Some.Facts(Some.Application()));
        return (pause with { Kind = work.Kind, Plan = pause.Plan with { Work = work } }).Start(Some.Now).Operation;
    }

    private static ApplicationJson Read(JsonObject application) => new(System.Text.Json.JsonDocument.Parse(application.ToJsonString()).RootElement);

    private static JsonObject With(string state, string? operation = null)
    {
        var application = Some.Application();
        application["status"]!["operationState"] = JsonNode.Parse(state);
        if (operation is not null)
        {
            application["operation"] = JsonNode.Parse(operation);
        }

        return application;
    }

    private static JsonObject Going(string state) => With(state, JsonNode.Parse(state)!["operation"]!.ToJsonString());

    private static string Ours(Operation operation, string phase, string message) => new JsonObject
    {
        ["phase"] = phase,
        ["message"] = message,
        ["startedAt"] = "2026-11-23T09:00:00Z",
        ["operation"] = new JsonObject { ["info"] = new JsonArray(new JsonObject { ["name"] = "chatops.dev/operation", ["value"] = operation.Id.ToString() }) },
    }.ToJsonString();

    private static JsonArray Patch(EngineStep step) => JsonNode.Parse(step.Patch ?? throw new InvalidOperationException(step.Answer.Sentence))!.AsArray();
}
