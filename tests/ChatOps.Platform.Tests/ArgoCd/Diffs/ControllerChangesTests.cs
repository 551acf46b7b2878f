using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Peers;
using ChatOps.Platform.ArgoCd.Diffs;

namespace ChatOps.Platform.Tests.ArgoCd.Diffs;

/// <summary>An autoscaler fights with Git over a field that Git sets. That is drift, and no hand's.</summary>
public sealed class ControllerChangesTests(RealCluster real) : IClassFixture<RealCluster>
{
    /// <summary>As an API server of today keeps a scaling, by a person's kubectl and by the HorizontalPodAutoscaler's controller alike: without a time.</summary>
    private const string Scaled = """{"manager":"MANAGER","operation":"Update","apiVersion":"apps/v1","subresource":"scale","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}}}""";
    private const string Written = """{"manager":"MANAGER","operation":"Update","apiVersion":"apps/v1","time":"2026-11-23T09:30:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}}}""";

    private const string Git = """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default","labels":{"app":"web"}},
         "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"app","image":"shop:1"}]}}}}
        """;

    [Theory]
    [InlineData("kubectl", Scaled, false)]
    [InlineData("kube-controller-manager", Scaled, true)]
    [InlineData("keda-operator", Scaled, true)]
    [InlineData("kube-controller-manager", Written, true)]
    [InlineData("kubectl-edit", Written, false)]
    [InlineData("oc", Scaled, false)]
    [InlineData("release-script", Scaled, false)]
    [InlineData("release-script", Written, false)] // nobody knows what that is: it may be somebody's
    public void Who_scaled_what_git_sets_says_whether_a_hand_did(string manager, string entry, bool isController)
    {
        var live = Live(entry.Replace("MANAGER", manager, StringComparison.Ordinal));

        foreach (var compared in new[] { Compared(live), Compared(live) with { ByTheEngine = (live, Json(Git)) } })
        {
            var drift = ResourceDiff.Of(compared);
            var field = Assert.Single(drift.Real);
            Assert.Equal(("/spec/replicas", "2", "5", DriftClass.Changed, manager), (field.Path, field.Git, field.Live, field.Class, field.By));
            Assert.Equal((isController, !isController), (field.IsByController, field.IsByHand));
            Assert.Equal(isController, drift.PutBack is null); // what a controller does it does again by itself
        }
    }

    [Fact]
    public void A_hand_that_wrote_the_same_is_named_before_the_controller() => Assert.Equal(
        (false, "kubectl-edit"),
        Assert.Single(ResourceDiff.Of(Compared(Live(Scaled.Replace("MANAGER", "kube-controller-manager", StringComparison.Ordinal), Written.Replace("MANAGER", "kubectl-edit", StringComparison.Ordinal)))).Real) is var field ? (field.IsByController, field.By) : default);

    /// <summary>The API server of the tests is from before scalings had entries of their own: there a controller is known by what it writes itself.</summary>
    [RealClusterFact]
    public async Task On_a_real_API_server_each_is_told_by_the_last_write()
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        const string web = "/apis/apps/v1/namespaces/default/deployments/web";
        Assert.True((int)(await admin.CreateAsync("/apis/apps/v1/namespaces/default/deployments?fieldManager=argocd-controller", Git)).Status < 300);

        Assert.True((int)(await admin.MergePatchAsync($"{web}?fieldManager=kube-controller-manager", """{"spec":{"replicas":5}}""")).Status < 300);
        Assert.Equal((true, "kube-controller-manager"), await WhoAsync());

        await Kubectl.RunAsync(real.Server, KubeUser.Admin, "--namespace", "default", "patch", "deployment", "web", "--patch", """{"spec":{"replicas":7}}""");
        Assert.Equal((false, "kubectl-patch"), await WhoAsync());

        async Task<(bool, string?)> WhoAsync() =>
            Assert.Single(ResourceDiff.Of(Compared(Json((await admin.GetAsync(web)).Body))).Real) is var field ? (field.IsByController, field.By) : default;
    }

    private static Compared Compared(JsonElement live) => new("Deployment", "default", "web", Json(Git), live);

    private static JsonElement Live(params string[] managedFields) => Json(Git
        .Replace("\"replicas\":2", "\"replicas\":5", StringComparison.Ordinal)
        .Replace("\"labels\":{\"app\":\"web\"}},\n", $"\"labels\":{{\"app\":\"web\"}},\"managedFields\":[{string.Join(',', managedFields)}]}},\n", StringComparison.Ordinal));

    private static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
