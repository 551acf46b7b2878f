using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.RollingBack;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>What follows the stored pause of a rollback, from the object alone.</summary>
public class RollbackStepTests
{
    private const string Commit = "1111111111111111111111111111111111111111";

    [Fact]
    public void Behind_its_own_pause_it_deploys_what_the_entry_did_from_where_it_did()
    {
        var operation = Requested(new(3, [Commit], null, """{"repoURL":"https://git.example.com/shop.git","path":"old"}""", false));

        var patch = Patch(RollbackStep.Next(Paused(operation), operation, Some.Now));

        Assert.Equal(["test", "test", "test", "add", "add"], patch.Select(step => (string?)step!["op"]));
        Assert.Equal("/metadata/annotations/chatops.dev~1operation", (string?)patch[1]!["path"]);
        Assert.Equal(
            $$$"""{"revision":"{{{Commit}}}","source":{"repoURL":"https://git.example.com/shop.git","path":"old"},"syncOptions":["ServerSideApply=true"]}""",
            patch[3]!["value"]!["sync"]!.ToJsonString());
    }

    /// <summary>The entry of several sources carries an empty single one beside them, which must never be sent back.</summary>
    [Fact]
    public void Several_sources_go_back_as_sources_and_revisions_alone()
    {
        var operation = Requested(new(3, ["1.2.3", Commit], null, """[{"chart":"shop"},{"ref":"values"}]""", true));

        var sync = Patch(RollbackStep.Next(Paused(operation), operation, Some.Now))[3]!["value"]!["sync"]!.AsObject();

        Assert.Equal(["revisions", "sources", "syncOptions"], sync.Select(key => key.Key));
    }

    [Fact]
    public void It_waits_until_the_controller_has_seen_the_pause_and_nothing_older_runs()
    {
        var operation = Requested();

        var unseen = RollbackStep.Next(Paused(operation, application => application["metadata"]!["annotations"]!["argocd.argoproj.io/refresh"] = "normal"), operation, Some.Now);
        var running = RollbackStep.Next(Paused(operation, Runs), operation, Some.Now);
        var late = RollbackStep.Next(Paused(operation, Runs), operation, Some.Now.AddMinutes(6));

        Assert.All([unseen, running], step => Assert.Equal((null, ClusterAnswerKind.UnderWay), (step.Patch, step.Answer.Kind)));
        Assert.All([unseen, running], step => Assert.StartsWith(RollbackWork.StillToBegin, step.Answer.Sentence, StringComparison.Ordinal));
        Assert.Equal((null, ClusterAnswerKind.Failed), (late.Patch, late.Answer.Kind));
        Assert.Contains("kim", late.Answer.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pause_that_somebody_took_back_is_no_place_for_it()
    {
        var operation = Requested();

        var resumed = RollbackStep.Next(Paused(operation, application => application["spec"]!["syncPolicy"]!["automated"]!.AsObject().Remove("enabled")), operation, Some.Now);
        var other = RollbackStep.Next(Paused(operation with { Id = Guid.CreateVersion7(Some.Now) }), operation, Some.Now);

        Assert.All([resumed, other], step => Assert.Equal((null, ClusterAnswerKind.Moved), (step.Patch, step.Answer.Kind)));
    }

    [Fact]
    public void Once_handed_over_it_is_never_written_again()
    {
        var operation = Requested() with { Progress = "handed to Argo CD" };

        var step = RollbackStep.Next(Paused(operation), operation, Some.Now);

        Assert.Equal((null, ClusterAnswerKind.Failed), (step.Patch, step.Answer.Kind));
    }

    /// <summary>The owner takes nothing back, since nothing is written into the application.</summary>
    [Fact]
    public void Behind_its_own_window_it_deploys_the_entry_while_the_application_is_in_that_project()
    {
        var operation = Requested(new(3, [Commit], null, """{"repoURL":"https://git.example.com/shop.git"}""", false));
        var application = Read(Some.Application());

        var patch = Patch(RollbackStep.BehindWindow(application, operation, Some.Now, isHeld: true));

        Assert.Equal(["test /metadata/uid", "test /spec/project", "test /operation", "add /operation", "add /status/operationState"], patch.Select(step => $"{step!["op"]} {step["path"]}"));
        var taken = RollbackStep.BehindWindow(application, operation, Some.Now, isHeld: false);
        Assert.Equal((null, ClusterAnswerKind.Moved), (taken.Patch, taken.Answer.Kind));
    }

    private static void Runs(JsonObject application)
    {
        application["operation"] = new JsonObject();
        application["status"]!["operationState"] = JsonNode.Parse("""{"phase":"Running","operation":{"initiatedBy":{"username":"kim"}}}""");
    }

    private static Operation Requested(PastDeployment? to = null)
    {
        var pause = Some.Approved(Some.Facts(Some.Application()));
        var facts = Some.Facts(Some.Application());
        var work = new RollbackWork(facts.Mechanism, facts.Automated, to ?? new(3, [Commit], null, null, false), ["ServerSideApply=true"]);
        return (pause with { Kind = work.Kind, Plan = pause.Plan with { Work = work } }).Start(Some.Now).Operation with { Progress = RollbackWork.StillToBegin };
    }

    private static ApplicationJson Paused(Operation operation, Action<JsonObject>? change = null)
    {
        var application = Some.Application();
        application["metadata"]!["annotations"] = new JsonObject(OverrideMarks.Write(operation, Some.Now.AddHours(1), Flights.Seen(Read(application)), false).Select(mark => KeyValuePair.Create(mark.Key, (JsonNode?)mark.Value)));
        application["spec"]!["syncPolicy"]!["automated"]!["enabled"] = false;
        change?.Invoke(application);
        return Read(application);
    }

    private static ApplicationJson Read(JsonObject application) => new(JsonDocument.Parse(application.ToJsonString()).RootElement);

    private static JsonArray Patch(EngineStep step) => JsonNode.Parse(step.Patch ?? throw new InvalidOperationException(step.Answer.Sentence))!.AsArray();
}
