using System.Net;
using System.Text.Json.Nodes;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd.Diffs;
using ChatOps.Platform.ArgoCd.Views;

namespace ChatOps.Platform.Tests.ArgoCd.Diffs;

/// <summary>Whose comparison is shown: Argo CD's own where it can be believed, and else not.</summary>
public sealed class DriftReaderTests
{
    private const string Live = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"shop","namespace":"shop"},"data":{"mode":"fast"}}""";
    private const string Target = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"shop","namespace":"shop"},"data":{"mode":"slow"}}""";

    [Fact]
    public async Task Argo_CDs_own_comparison_is_shown_where_it_answers()
    {
        var report = await ReadAsync(Item("ConfigMap", Target, Live));

        Assert.Equal("Argo CD's own comparison", report.Basis);
        Assert.True(report.IsComplete);
        Assert.Equal("/data/mode", Assert.Single(Assert.Single(report.Resources).Fields).Path);
    }

    /// <summary>A hook that ran is in the cluster and no resource of Git's: no sync with prune deletes it.</summary>
    [Fact]
    public async Task A_hook_is_no_drift()
    {
        var hook = Item("Job", "null", Live.Replace("ConfigMap", "Job", StringComparison.Ordinal));
        hook["hook"] = true;

        var report = await ReadAsync(Item("ConfigMap", Live, Live), hook);

        Assert.Empty(report.Resources);
    }

    [Fact]
    public async Task What_a_dead_controller_compared_long_ago_is_not_shown_as_how_it_is()
    {
        var application = Some.Application();
        application["status"]!["reconciledAt"] = "2026-11-23T08:30:00Z";

        var report = await ReadAsync(application, HttpStatusCode.OK, Item("ConfigMap", Live, Live));

        Assert.NotEqual("Argo CD's own comparison", report.Basis);
        Assert.False(report.IsComplete);
        Assert.Contains(report.NotSeen, sentence => sentence.Contains("comparison is of 2026-11-23 08:30 UTC", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_any_target_its_repository_is_broken_and_nothing_is_called_left_over()
    {
        var report = await ReadAsync(Item("ConfigMap", "null", Live));

        Assert.Contains(report.NotSeen, sentence => sentence.Contains("shows no resource as it is in Git", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_answer_about_any_resource_is_one_only_where_there_is_none(bool hasResources)
    {
        var application = Some.Application();
        if (hasResources)
        {
            application["status"]!["resources"] = new JsonArray(new JsonObject { ["kind"] = "ConfigMap", ["namespace"] = "shop", ["name"] = "shop", ["version"] = "v1", ["status"] = "Synced" });
        }

        var report = await ReadAsync(application, HttpStatusCode.OK);

        Assert.Equal(!hasResources, report.Basis == "Argo CD's own comparison");
    }

    [Theory]
    [InlineData("949765c7", DriftClass.Deleted, "kubectl delete configmap shop --namespace shop")]
    [InlineData("an older one", DriftClass.Missing, null)]
    public async Task By_its_own_comparison_too_only_what_was_deployed_has_been_deleted(string deployed, DriftClass expected, string? again)
    {
        var application = Some.Application();
        application["status"]!["history"] = new JsonArray(new JsonObject { ["revision"] = deployed, ["source"] = application["status"]!["sync"]!["comparedTo"]!["source"]!.DeepClone() });

        var drift = Assert.Single((await ReadAsync(application, HttpStatusCode.OK, Item("ConfigMap", Target, "null"))).Resources);

        Assert.Equal((expected, again), (Assert.Single(drift.Fields).Class, drift.PutBack));
    }

    [Fact]
    public async Task A_token_that_may_not_read_it_is_told_of()
    {
        var report = await ReadAsync(Some.Application(), HttpStatusCode.Forbidden);

        Assert.Contains(report.NotSeen, sentence => sentence.Contains("(403)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_its_cluster_is_none_of_ours_nothing_is_read_and_that_is_known()
    {
        var application = Some.Application();
        application["status"]!["resources"] = new JsonArray(new JsonObject { ["kind"] = "ConfigMap", ["namespace"] = "shop", ["name"] = "shop", ["status"] = "Synced" });

        var report = await ReadAsync(application, HttpStatusCode.Forbidden);

        Assert.Equal(("ConfigMap", "shop", "shop"), Assert.Single(report.NotRead));
    }

    [Theory]
    [InlineData("Succeeded", "b1,b2")]
    [InlineData("Failed", "a1,a2")]
    public void Of_several_sources_each_revision_counts(string phase, string applied)
    {
        var application = Some.Application();
        application["status"]!["history"] = new JsonArray(new JsonObject { ["revisions"] = new JsonArray("a1", "a2") });
        application["status"]!["operationState"] = new JsonObject { ["phase"] = phase, ["syncResult"] = new JsonObject { ["revision"] = "", ["revisions"] = new JsonArray("b1", "b2") } };

        Assert.Equal(applied, DriftReader.Applied(Some.Read(application)));
    }

    private static Task<DriftReport> ReadAsync(params JsonObject[] items) => ReadAsync(Some.Application(), HttpStatusCode.OK, items);

    private static async Task<DriftReport> ReadAsync(JsonObject application, HttpStatusCode status, params JsonObject[] items)
    {
        using var client = new HttpClient(new Answering(status, new JsonObject { ["items"] = new JsonArray([.. items]) }.ToJsonString()));
        var reader = new DriftReader(new ArgoCdApi(new Uri("https://argocd.test"), "token", client, TimeProvider.System), _ => null);
        return await reader.ReadAsync(Some.Read(application), Some.Facts(application), default);
    }

    private static JsonObject Item(string kind, string target, string live) =>
        new() { ["kind"] = kind, ["namespace"] = "shop", ["name"] = "shop", ["targetState"] = target, ["liveState"] = live, ["normalizedLiveState"] = live, ["predictedLiveState"] = target == "null" ? live : target };

    private sealed class Answering(HttpStatusCode status, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) });
    }
}
