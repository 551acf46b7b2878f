using System.Text.Json.Nodes;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Branching;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;

namespace ChatOps.Platform.Tests.ArgoCd;

/// <summary>A switch to a branch against every state of the object; pure.</summary>
public class BranchStepTests
{
    private const string Commit = SomeBranch.Commit;

    [Fact]
    public void It_is_written_once_guarded_by_what_people_saw_and_by_no_operation()
    {
        var step = Next(Some.Application(), SomeBranch.Running());

        var patch = Patch(step);
        Assert.Equal((ClusterAnswerKind.UnderWay, true), (step.Answer.Kind, step.Answer.Sentence.StartsWith(BranchWork.Stored, StringComparison.Ordinal)));
        Assert.Equal("main", Value(patch, "test", "/spec/source/targetRevision"));
        Assert.Equal("https://git.example.com/shop.git", Value(patch, "test", "/spec/source/repoURL"));
        Assert.Equal(Commit, Value(patch, "add", "/spec/source/targetRevision"));
        Assert.Contains(patch, one => (string?)one!["op"] == "test" && (string?)one["path"] == "/operation" && one["value"] is null);
        Assert.DoesNotContain(patch, one => (string?)one!["op"] == "add" && (string?)one["path"] == "/operation");
        Assert.Equal(ClusterAnswerKind.UnderWay, Next(SomeBranch.Pinned(SomeBranch.Running()), SomeBranch.Running()).Answer.Kind);
        Assert.Null(Next(SomeBranch.Pinned(SomeBranch.Running()), SomeBranch.Running()).Patch);
    }

    [Fact]
    public void Without_auto_sync_the_same_patch_carries_the_sync()
    {
        var off = Some.Application(syncPolicy: """{"syncOptions":["ServerSideApply=true"]}""");
        var operation = SomeBranch.Running(off);

        var patch = Patch(Next(off, operation));

        var sync = patch.Single(one => (string?)one!["op"] == "add" && (string?)one["path"] == "/operation")!["value"]!["sync"]!;
        Assert.Equal((Commit, "ServerSideApply=true"), ((string?)sync["revision"], (string?)sync["syncOptions"]![0]));
    }

    [Theory]
    [InlineData("revision")]
    [InlineData("repository")]
    [InlineData("gone")]
    [InlineData("deleting")]
    [InlineData("auto-sync")]
    [InlineData("paused")]
    public void An_application_that_is_not_what_was_approved_is_not_touched(string what)
    {
        var application = Some.Application();
        var operation = SomeBranch.Running();
        switch (what)
        {
            case "revision":
                application["spec"]!["source"]!["targetRevision"] = "v2";
                break;
            case "repository":
                application["spec"]!["source"]!["repoURL"] = "https://git.example.com/other.git";
                break;
            case "gone":
                application["spec"]!["source"] = null;
                break;
            case "deleting":
                application["metadata"]!["deletionTimestamp"] = "2026-11-23T09:00:00Z";
                break;
            case "auto-sync":
                application["spec"]!["syncPolicy"] = null;
                break;
            case "paused":
                application["metadata"]!["annotations"] = new JsonObject { [Annotations.Operation] = Guid.CreateVersion7(Some.Now).ToString() };
                break;
        }

        Assert.Equal((null, ClusterAnswerKind.Moved), Both(Next(application, operation)));
    }

    [Fact]
    public void An_operation_that_came_in_between_is_waited_for()
    {
        var application = Some.Application();
        application["operation"] = new JsonObject { ["initiatedBy"] = new JsonObject { ["username"] = "kim" } };

        Assert.Equal((null, ClusterAnswerKind.FenceBusy), Both(Next(application, SomeBranch.Running())));
    }

    [Theory]
    [InlineData("old comparison", ClusterAnswerKind.UnderWay, "has not looked at it yet")]
    [InlineData("synced", ClusterAnswerKind.Ok, "Succeeded at 11111111")]
    [InlineData("nothing to change", ClusterAnswerKind.Ok, "Nothing had to be changed")]
    [InlineData("failed", ClusterAnswerKind.Failed, "Deployment/shop: field is immutable")]
    [InlineData("running", ClusterAnswerKind.UnderWay, "waiting for completion of hook")]
    [InlineData("cannot render", ClusterAnswerKind.UnderWay, "cannot render it: no such path")]
    public void What_Argo_CD_made_of_it_is_said_only_when_it_was_seen(string what, ClusterAnswerKind kind, string words)
    {
        var operation = SomeBranch.Running() with { Progress = BranchWork.Stored };

        var step = Next(After(what, operation), operation);

        Assert.Equal((null, kind), Both(step));
        Assert.Contains(words, step.Answer.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_never_comes_is_given_up_after_five_minutes_and_what_was_synced_is_not()
    {
        var operation = SomeBranch.Running() with { Progress = BranchWork.Stored };
        var late = Some.Now.AddMinutes(6);

        Assert.Equal(ClusterAnswerKind.Failed, BranchStep.Next(Some.Read(After("cannot render", operation)), operation, late).Answer.Kind);
        Assert.Equal(ClusterAnswerKind.Ok, BranchStep.Next(Some.Read(After("synced, still different", operation)), operation, late).Answer.Kind);
    }

    [Fact]
    public void A_switch_that_somebody_took_back_is_never_written_again()
    {
        var operation = SomeBranch.Running() with { Progress = BranchWork.Stored };
        var changed = SomeBranch.Pinned(operation);
        changed["spec"]!["source"]!["targetRevision"] = "main";

        Assert.Equal((null, ClusterAnswerKind.Moved), Both(Next(changed, operation)));
        Assert.Equal((null, ClusterAnswerKind.Moved), Both(Next(Some.Application(), operation)));
    }

    [Fact]
    public void The_facts_tell_each_source_what_it_follows_and_whether_the_project_allows_it()
    {
        var around = Some.Surroundings() with { Projects = [System.Text.Json.JsonDocument.Parse("""{"spec":{"sourceRepos":["https://git.example.com/*","!https://git.example.com/shop"]}}""").RootElement] };
        var multi = Some.Application();
        multi["spec"]!.AsObject().Remove("source");
        multi["spec"]!["sources"] = JsonNode.Parse("""[{"repoURL":"https://charts.example.com","chart":"shop","targetRevision":"1.2.3"},{"repoURL":"https://git.example.com/values.git","ref":"values"},{"repoURL":"oci://x","targetRevision":"1"}]""");

        var sources = Some.Facts(multi, around).Sources;

        Assert.Equal([(SourceKind.Chart, "\"1.2.3\"", false), (SourceKind.Git, null, true), (SourceKind.Oci, "\"1\"", false)], sources.Select(source => (source.Kind, source.Follows.Json, source.Permitted!.Value)));
        Assert.Equal("/spec/sources/1/targetRevision", sources[1].Follows.Path);
        Assert.False(Some.Facts(Some.Application(), around).Sources.Single().Permitted);
        Assert.Null(Some.Facts(Some.Application(), Some.Surroundings() with { UnreadProjects = ["shop"] }).Sources.Single().Permitted);
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("https://git.example.com/*", true)]
    [InlineData("https://git.example.com/shop", true)]
    [InlineData("HTTPS://git.example.com/shop.git/", true)]
    [InlineData("https://*/shop", true)]
    [InlineData("https://*", false)]
    [InlineData("https://**", true)]
    [InlineData("!https://other/*", false)]
    public void A_project_allows_as_Argo_CD_would(string pattern, bool allowed)
    {
        var project = System.Text.Json.JsonSerializer.SerializeToElement(new { spec = new { sourceRepos = new[] { pattern } } });

        Assert.Equal(allowed, ProjectSources.Allow("https://git.example.com/shop.git", [project], []));
    }

    [Theory]
    [InlineData("""{"branch":{"name":"x","commit":"1111111111111111111111111111111111111111","sources":[{"path":"/spec/project","value":"other"}]}}""")]
    [InlineData("""{"branch":{"name":"x","commit":"1111111111111111111111111111111111111111","sources":[{"path":"/spec/sources/0/../../project/targetRevision"}]}}""")]
    [InlineData("""{"branch":{"name":"x","commit":"main","sources":[{"path":"/spec/source/targetRevision"}]}}""")]
    [InlineData("""{"branch":{"name":"x","commit":"1111111111111111111111111111111111111111","sources":[]}}""")]
    [InlineData("""{"branch":7}""")]
    public void A_forged_mark_leads_nowhere(string before) => Assert.Null(BranchMarks.Read(System.Text.Json.JsonDocument.Parse(before).RootElement));

    private static JsonObject After(string what, Operation operation)
    {
        var application = SomeBranch.Pinned(operation);
        var status = application["status"]!;
        if (what != "old comparison")
        {
            status["sync"] = JsonNode.Parse($$$$"""{"status":"Synced","revision":"{{{{Commit}}}}","comparedTo":{"source":{"repoURL":"https://git.example.com/shop.git","targetRevision":"{{{{Commit}}}}"}}}""");
        }

        switch (what)
        {
            case "synced":
                status["operationState"] = JsonNode.Parse($$$"""{"phase":"Succeeded","syncResult":{"revision":"{{{Commit}}}","resources":[{"kind":"ConfigMap","name":"shop","status":"Synced"}]}}""");
                break;
            case "synced, still different":
                status["operationState"] = JsonNode.Parse($$$"""{"phase":"Succeeded","syncResult":{"revision":"{{{Commit}}}"}}""");
                status["sync"]!["status"] = "OutOfSync";
                break;
            case "failed":
                status["operationState"] = JsonNode.Parse($$$"""{"phase":"Failed","syncResult":{"revision":"{{{Commit}}}","resources":[{"kind":"Deployment","name":"shop","status":"SyncFailed","message":"field is immutable"}]}}""");
                status["sync"]!["status"] = "OutOfSync";
                break;
            case "running":
                application["operation"] = JsonNode.Parse("""{"initiatedBy":{"automated":true}}""");
                status["operationState"] = JsonNode.Parse($$$"""{"phase":"Running","message":"waiting for completion of hook","operation":{"initiatedBy":{"automated":true}},"syncResult":{"revision":"{{{Commit}}}"}}""");
                break;
            case "cannot render":
                status["sync"]!["status"] = "Unknown";
                status["conditions"] = JsonNode.Parse("""[{"type":"ComparisonError","message":"no such path"}]""");
                break;
        }

        return application;
    }

    private static EngineStep Next(JsonObject application, Operation operation) => BranchStep.Next(Some.Read(application), operation, Some.Now);

    private static (string? Patch, ClusterAnswerKind Kind) Both(EngineStep step) => (step.Patch, step.Answer.Kind);

    private static JsonArray Patch(EngineStep step) => JsonNode.Parse(step.Patch ?? throw new InvalidOperationException(step.Answer.Sentence))!.AsArray();

    private static string? Value(JsonArray patch, string op, string path) => (string?)patch.Single(one => (string?)one!["op"] == op && (string?)one["path"] == path)!["value"];
}
