using System.Text.Json.Nodes;
using ChatOps.Platform.ArgoCd.Diffs;

namespace ChatOps.Platform.Tests.ArgoCd.Diffs;

/// <summary>What Argo CD keeps of its deployments, as a proof that an object was in the cluster.</summary>
public class DeployedBeforeTests
{
    /// <summary>As a real Argo CD 3.5.1 showed an application whose Service had been deleted (recording api/app-resource-deleted), shortened.</summary>
    private const string Recorded = """
        {"sync":{"status":"OutOfSync","comparedTo":{"source":{"repoURL":"http://git.example.test:8099/api-shop.git","path":"api-shop","targetRevision":"main"},
                 "destination":{"server":"https://kubernetes.default.svc","namespace":"api-shop"}},"revision":"e8f464a1b3bdc102f805026e3605155a8ff697ac"},
         "history":[{"revision":"e8f464a1b3bdc102f805026e3605155a8ff697ac","deployedAt":"2026-11-23T08:53:39Z","id":0,
                     "source":{"repoURL":"http://git.example.test:8099/api-shop.git","path":"api-shop","targetRevision":"main"},"deployStartedAt":"2026-11-23T08:53:38Z","initiatedBy":{"automated":true}}],
         "operationState":{"operation":{"sync":{"revision":"e8f464a1b3bdc102f805026e3605155a8ff697ac","prune":true}},"phase":"Succeeded",
           "syncResult":{"resources":[
             {"group":"","version":"v1","kind":"Namespace","namespace":"","name":"api-shop","status":"Synced","message":"namespace/api-shop created","hookPhase":"Running","syncPhase":"PreSync"},
             {"group":"","version":"v1","kind":"Service","namespace":"api-shop","name":"api-shop","status":"Synced","message":"service/api-shop created","hookPhase":"Running","syncPhase":"Sync"},
             {"group":"apps","version":"v1","kind":"Deployment","namespace":"api-shop","name":"api-shop","status":"Synced","message":"deployment.apps/api-shop created","hookPhase":"Running","syncPhase":"Sync"}],
             "revision":"e8f464a1b3bdc102f805026e3605155a8ff697ac"}}}
        """;

    /// <summary>…and as it listed the Service itself.</summary>
    private const string Service = """{"version":"v1","kind":"Service","namespace":"api-shop","name":"api-shop","status":"OutOfSync","health":{"status":"Missing"}}""";

    private static readonly Action<JsonObject> NoHistory = status => status.Remove("history");
    private static readonly Action<JsonObject> NoResult = status => status.Remove("operationState");

    [Fact]
    public void Each_of_the_two_proves_it() => Assert.Equal((true, true, true, false), (Is(), Is(NoHistory), Is(NoResult), Is(NoHistory, NoResult)));

    [Fact]
    public void Another_object_of_that_name_is_no_proof()
    {
        Assert.False(Is(NoHistory, Result(result => result["kind"] = "Endpoints")));
        Assert.False(Is(NoHistory, Result(result => result["namespace"] = "other")));
        Assert.False(Is(NoHistory, Result(result => result["group"] = "serving.knative.dev")));
        Assert.False(Is(NoHistory, Result(result => result["hookType"] = "PreSync")));
    }

    [Fact]
    public void What_was_not_done_to_it_is_no_proof()
    {
        Assert.False(Is(NoHistory, Result(result => result["status"] = "SyncFailed")));
        Assert.False(Is(NoHistory, status => status["operationState"]!["operation"]!["sync"]!["dryRun"] = true));
        Assert.False(Is(Result(result => result["status"] = "Pruned"))); // it was Argo CD
        Assert.True(Is(Result(result => result["status"] = "SyncFailed"))); // it could not be made again
        Assert.True(Is(Result(result => result["status"] = "Pruned"), status => status["operationState"]!["operation"]!["sync"]!["dryRun"] = true));
    }

    [Fact]
    public void A_deployment_of_something_else_is_no_proof()
    {
        Assert.False(Is(NoResult, status => status["sync"]!["revision"] = "5d1f0fd2e7a9b8c6d5e4f3a2b1c0d9e8f7a6b5c4"));
        Assert.False(Is(NoResult, status => status["sync"]!["comparedTo"]!["source"]!["path"] = "api-shop-next"));
        Assert.False(Is(NoResult, status => status["sync"]!["comparedTo"]!["source"]!["helm"] = new JsonObject { ["parameters"] = new JsonArray() }));
        Assert.True(Is(NoResult, status => status["sync"]!["comparedTo"]!["source"]!["targetRevision"] = "e8f464a1b3bdc102f805026e3605155a8ff697ac")); // the same commit by another name
    }

    /// <summary>What was rolled back from had it, and what runs since has not.</summary>
    [Fact]
    public void Only_the_last_deployment_counts() => Assert.False(Is(NoResult, status =>
    {
        var later = (JsonObject)status["history"]![0]!.DeepClone();
        later["revision"] = "0000000000000000000000000000000000000000";
        status["history"]!.AsArray().Add(later);
    }));

    [Theory]
    [InlineData("b2", true)]
    [InlineData("b3", false)]
    public void Of_several_sources_all_count(string second, bool expected) => Assert.Equal(expected, Is(NoResult, status =>
    {
        var sources = new JsonArray(new JsonObject { ["repoURL"] = "https://git.example.com/a.git" }, new JsonObject { ["repoURL"] = "https://git.example.com/b.git" });
        status["history"]![0] = new JsonObject { ["revisions"] = new JsonArray("a1", second), ["sources"] = sources, ["source"] = new JsonObject { ["repoURL"] = "" } };
        status["sync"] = new JsonObject { ["revisions"] = new JsonArray("a1", "b2"), ["comparedTo"] = new JsonObject { ["sources"] = sources.DeepClone() } };
    }));

    private static Action<JsonObject> Result(Action<JsonObject> edit) => status => edit((JsonObject)status["operationState"]!["syncResult"]!["resources"]![1]!);

    private static bool Is(params Action<JsonObject>[] edits)
    {
        var status = (JsonObject)JsonNode.Parse(Recorded)!;
        foreach (var edit in edits)
        {
            edit(status);
        }

        var application = Some.Application("api-shop");
        application["status"] = status;
        return DeployedBefore.Is(Some.Read(application), Some.Read((JsonObject)JsonNode.Parse(Service)!).Raw);
    }
}
