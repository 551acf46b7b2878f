using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>The one sync of a branch's commit behind a window, from the object alone.</summary>
public class BehindFenceTests
{
    [Fact]
    public void The_pinned_commit_is_handed_over_once_and_nothing_of_the_spec_is_written()
    {
        var operation = Held(Some.Application());

        var step = BehindFence.Switch(Some.Read(Some.Application()), operation, Some.Now, isHeld: true);

        var patch = JsonNode.Parse(step.Patch!)!.AsArray();
        Assert.Equal(
            ["test /metadata/uid", "test /spec/project", "test /spec/source", "test /spec/sources", "test /spec/sourceHydrator", "test /operation", "add /operation", "add /status/operationState"],
            patch.Select(one => $"{one!["op"]} {one["path"]}"));
        Assert.Equal($$"""{"revision":"{{SomeBranch.Commit}}"}""", patch[6]!["value"]!["sync"]!.ToJsonString());
        var again = BehindFence.Switch(Some.Read(Some.Application()), operation with { Progress = "handed to Argo CD" }, Some.Now, isHeld: true);
        Assert.Equal((null, ClusterAnswerKind.Failed), (again.Patch, again.Answer.Kind));
    }

    [Fact]
    public void Of_several_sources_each_gets_its_revision()
    {
        var application = Some.Application();
        application["spec"]!.AsObject().Remove("source");
        application["spec"]!["sources"] = JsonNode.Parse("""[{"repoURL":"https://charts.example.com","chart":"shop","targetRevision":"1.2.3"},{"repoURL":"https://git.example.com/values.git","targetRevision":"main","ref":"values"}]""");
        application["status"]!["sync"] = JsonNode.Parse("""{"status":"Synced","revisions":["1.2.3","0000000000000000000000000000000000000000"]}""");

        var step = BehindFence.Switch(Some.Read(application), Held(application), Some.Now, isHeld: true);

        var sync = JsonNode.Parse(step.Patch!)!.AsArray().Single(one => (string?)one!["op"] == "add" && (string?)one["path"] == "/operation")!["value"]!["sync"]!;
        Assert.Equal($$"""{"revisions":["1.2.3","{{SomeBranch.Commit}}"]}""", sync.ToJsonString());
    }

    [Theory]
    [InlineData("refresh", true, ClusterAnswerKind.UnderWay)]
    [InlineData("operation", true, ClusterAnswerKind.UnderWay)]
    [InlineData("deleting", true, ClusterAnswerKind.Moved)]
    [InlineData("path", true, ClusterAnswerKind.Moved)]
    [InlineData("project", true, ClusterAnswerKind.Moved)]
    [InlineData("nothing", false, ClusterAnswerKind.Moved)]
    public void It_is_not_written_while_the_window_is_not_seen_or_not_there(string what, bool isHeld, ClusterAnswerKind kind)
    {
        var application = Some.Application();
        var operation = Held(application);
        switch (what)
        {
            case "refresh":
                application["metadata"]!["annotations"] = new JsonObject { [Annotations.Refresh] = "normal" };
                break;
            case "operation":
                application["operation"] = new JsonObject();
                break;
            case "path":
                application["spec"]!["source"]!["path"] = "elsewhere";
                break;
            case "project":
                application["spec"]!["project"] = "elsewhere";
                break;
            case "deleting":
                application["metadata"]!["deletionTimestamp"] = "2026-11-23T09:00:00Z";
                break;
        }

        var step = BehindFence.Switch(Some.Read(application), operation, Some.Now, isHeld);

        Assert.Equal((null, kind), (step.Patch, step.Answer.Kind));
    }

    private static Operation Held(JsonObject application)
    {
        var facts = Some.Facts(application) with
        {
            RevisionWay = new(PauseMechanism.SwitchOff, "a set takes it back") { Missing = "something else" },
            Window = new() { HasList = false },
        };
        var operation = SomeBranch.Running(facts);
        Assert.NotNull(operation.Plan.Of<BranchWork>().BehindWindow);
        return operation with { Progress = BranchWork.StillToBegin };
    }
}
