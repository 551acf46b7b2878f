using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd.Views;

namespace ChatOps.Platform.Tests.ArgoCd;

public sealed class DeployedReadingTests
{
    [Fact]
    public void What_is_deployed_is_read_as_the_object_says_it()
    {
        var application = Some.Application();
        application["status"]!["reconciledAt"] = "2026-11-23T08:59:00Z";
        application["status"]!["history"] = JsonNode.Parse("""
            [{"id":0,"revision":"aaa","deployedAt":"2026-11-22T08:00:00Z","initiatedBy":{"username":"admin"}},
             {"id":1,"revision":"949765c7","deployedAt":"2026-11-23T08:00:00Z","initiatedBy":{"automated":true}}]
            """);
        application["status"]!["resources"] = JsonNode.Parse("""
            [{"kind":"ConfigMap","name":"checkout","status":"OutOfSync"},{"kind":"Service","name":"checkout","status":"Synced"},
             {"kind":"ConfigMap","name":"old","status":"OutOfSync","requiresPruning":true},{"kind":"Deployment","name":"checkout","status":"Synced","health":{"status":"Degraded"}}]
            """);

        var deployed = DeployedReading.Of(Some.Read(application), Some.Surroundings(), Some.Now);

        Assert.Equal(new Deployment(1, ["949765c7"], Some.Now.AddHours(-1), "auto-sync"), deployed.Last! with { Commits = deployed.Last!.Commits }, Same);
        Assert.Equal([new("https://git.example.com/shop.git", "shop", "main", "949765c7")], deployed.Sources);
        Assert.Equal(Some.Now.AddMinutes(-1), deployed.ComparedAt);
        Assert.Equal(4, deployed.Resources);
        Assert.Equal([new("ConfigMap", "checkout", "OutOfSync"), new("ConfigMap", "old", "not in Git"), new("Deployment", "checkout", "Degraded")], deployed.OutOfStep);
        Assert.True(deployed.PruneOn);
    }

    [Fact]
    public void Each_of_several_sources_has_its_own_commit()
    {
        var application = Some.Application();
        application["spec"]!["source"] = null;
        application["spec"]!["sources"] = JsonNode.Parse("""[{"repoURL":"https://a","chart":"redis","targetRevision":"7.1"},{"repoURL":"https://b","path":"values","targetRevision":"main"}]""");
        application["status"]!["sync"]!["revisions"] = JsonNode.Parse("""["7.1.0","949765c7"]""");

        Assert.Equal(
            [new("https://a", "redis", "7.1", "7.1.0"), new("https://b", "values", "main", "949765c7")],
            DeployedReading.Of(Some.Read(application), Some.Surroundings(), Some.Now).Sources);
    }

    // broken-repositories.jsonl: the revision then is the branch's name.
    [Fact]
    public void What_cannot_be_rendered_has_no_commit()
    {
        var application = Some.Application();
        application["status"]!["sync"] = JsonNode.Parse("""{"status":"Unknown","revision":"main"}""");
        application["status"]!["conditions"] = JsonNode.Parse("""[{"type":"ComparisonError","message":"unable to resolve 'main' to a commit SHA","lastTransitionTime":"2026-11-23T08:00:00Z"}]""");

        var deployed = DeployedReading.Of(Some.Read(application), Some.Surroundings(), Some.Now);

        Assert.Null(Assert.Single(deployed.Sources).Commit);
        Assert.Equal("ComparisonError", Assert.Single(deployed.Conditions).Type);
    }

    [Fact]
    public void Failing_resources_of_the_last_sync_are_named()
    {
        var application = Some.Application();
        application["status"]!["operationState"] = JsonNode.Parse("""
            {"phase":"Failed","message":"one or more objects failed to apply","operation":{"initiatedBy":{"username":"admin"}},
             "syncResult":{"revision":"949765c7","resources":[{"kind":"Deployment","name":"web","status":"SyncFailed","message":"spec.replicas: Invalid value"},{"kind":"Service","name":"web","status":"Synced"}]}}
            """);

        Assert.Equal([new("Deployment", "web", "spec.replicas: Invalid value")], DeployedReading.Of(Some.Read(application), Some.Surroundings(), Some.Now).Failed);
    }

    [Fact]
    public void Windows_are_shown_open_or_not()
    {
        using var project = JsonDocument.Parse("""
            {"metadata":{"name":"shop"},"spec":{"syncWindows":[
              {"kind":"deny","schedule":"0 8 * * *","duration":"2h","applications":["*"],"manualSync":true},
              {"kind":"allow","schedule":"0 22 * * *","duration":"1h","applications":["checkout"]},
              {"kind":"deny","schedule":"0 8 * * *","duration":"2h","applications":["other"]}]}}
            """);
        var around = Some.Surroundings() with { Projects = [project.RootElement] };

        var windows = DeployedReading.Of(Some.Read(Some.Application()), around, Some.Now).Windows;

        Assert.Equal([true, false], windows.Select(window => window.IsOpen));
        Assert.Contains("by hand stays possible", windows[0].Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"automated":{"selfHeal":true}}""", null, "Synced", null, "on", null)]
    [InlineData("""{"automated":{}}""", null, "Synced", null, "no self-heal", null)]
    [InlineData("""{"automated":{"enabled":false}}""", null, "Synced", null, "off", null)]
    [InlineData("""{"automated":{"selfHeal":true}}""", """{"argocd.argoproj.io/skip-reconcile":"true"}""", "Synced", null, "on", "skip-reconcile: state is stale")]
    [InlineData("""{"automated":{"selfHeal":true}}""", null, "OutOfSync", """{"phase":"Failed"}""", "on", "last sync failed")]
    [InlineData("""{"automated":{"selfHeal":true}}""", null, "OutOfSync", """{"phase":"Running"}""", "on", "syncing")]
    public void A_line_tells_what_can_be_believed(string syncPolicy, string? annotations, string sync, string? operation, string autoSync, string? trouble)
    {
        var application = Some.Application(syncPolicy: syncPolicy, annotations: annotations);
        application["status"]!["sync"]!["status"] = sync;
        application["status"]!["operationState"] = operation is null ? null : JsonNode.Parse(operation);

        var line = DeployedReading.Line(new("argocd", "argocd", "checkout"), Some.Read(application));

        Assert.Equal((sync, autoSync, trouble), (line.Sync.ToString(), line.AutoSync, line.Trouble));
    }

    private static bool Same(Deployment left, Deployment right) =>
        left.Id == right.Id && left.At == right.At && left.By == right.By && left.Commits.SequenceEqual(right.Commits);
}
