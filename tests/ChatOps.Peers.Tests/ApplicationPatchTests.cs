using System.Net;
using System.Text.Json.Nodes;

namespace ChatOps.Peers.Tests;

/// <summary>What the product's patches rely on, asked of the API server itself: an old one might not treat absent as null.</summary>
public sealed class ApplicationPatchTests(RealCluster real) : IClassFixture<RealCluster>
{
    private const string Applications = "/apis/argoproj.io/v1alpha1/namespaces/default/applications";

    [RealClusterFact]
    public async Task A_status_in_the_body_of_a_create_is_kept()
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        await CreateAsync(admin, "with-status", status: """{"sync":{"status":"Synced","comparedTo":{"destination":{},"source":{"repoURL":"x"}}}}""");

        Assert.Equal("Synced", (string?)(await ReadAsync(admin, "with-status"))["status"]!["sync"]!["status"]);
    }

    [RealClusterTheory]
    [InlineData("/operation")]
    [InlineData("/metadata/annotations")]
    [InlineData("/spec/syncPolicy/automated/enabled")]
    public async Task A_test_for_null_passes_where_nothing_is(string path)
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        var name = $"absent{path.Replace('/', '-').ToLowerInvariant()}";
        await CreateAsync(admin, name);

        var answer = await admin.JsonPatchAsync($"{Applications}/{name}", $$"""[{"op":"test","path":"{{path}}","value":null}]""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [RealClusterFact]
    public async Task A_test_for_null_fails_where_even_the_parent_is_missing()
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        await CreateAsync(admin, "orphan");

        var answer = await admin.JsonPatchAsync($"{Applications}/orphan", """[{"op":"test","path":"/spec/no/parent","value":null}]""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
    }

    [RealClusterFact]
    public async Task A_failing_test_is_422_and_touches_nothing()
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        await CreateAsync(admin, "raced");

        var answer = await admin.JsonPatchAsync($"{Applications}/raced", """
            [{"op":"test","path":"/spec/syncPolicy/automated","value":{"prune":false}},
             {"op":"add","path":"/spec/syncPolicy/automated/enabled","value":false}]
            """);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Null((await ReadAsync(admin, "raced"))["spec"]!["syncPolicy"]!["automated"]!["enabled"]);
    }

    [RealClusterFact]
    public async Task A_test_compares_by_value_and_not_by_order()
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        await CreateAsync(admin, "ordered");

        var answer = await admin.JsonPatchAsync($"{Applications}/ordered", """
            [{"op":"test","path":"/spec/syncPolicy/automated","value":{"selfHeal":true,"prune":true}},
             {"op":"add","path":"/spec/syncPolicy/automated/enabled","value":false}]
            """);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.False((bool?)(await ReadAsync(admin, "ordered"))["spec"]!["syncPolicy"]!["automated"]!["enabled"]);
    }

    [RealClusterFact]
    public async Task An_unknown_key_under_automated_is_dropped()
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        await CreateAsync(admin, "pruned");

        await admin.MergePatchAsync($"{Applications}/pruned", """{"spec":{"syncPolicy":{"automated":{"nonsense":true}}}}""");

        Assert.Null((await ReadAsync(admin, "pruned"))["spec"]!["syncPolicy"]!["automated"]!["nonsense"]);
    }

    [RealClusterFact]
    public async Task A_field_manager_owns_exactly_what_it_wrote()
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        await CreateAsync(admin, "managed");

        await admin.JsonPatchAsync(
            $"{Applications}/managed?fieldManager=chatops",
            """[{"op":"add","path":"/spec/syncPolicy/automated/enabled","value":false}]""");

        var entry = (await ReadAsync(admin, "managed"))["metadata"]!["managedFields"]!.AsArray()
            .Single(managed => (string?)managed!["manager"] == "chatops")!;
        Assert.Equal(
            """{"f:spec":{"f:syncPolicy":{"f:automated":{"f:enabled":{}}}}}""",
            entry["fieldsV1"]!.ToJsonString());
    }

    private static async Task CreateAsync(ApiCaller admin, string name, string status = "{}")
    {
        var answer = await admin.CreateAsync(Applications, $$$"""
            {"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"{{{name}}}"},
             "spec":{"project":"default","destination":{"server":"https://kubernetes.default.svc","namespace":"shop"},
                     "source":{"repoURL":"https://git.example.com/shop.git","path":"checkout","targetRevision":"main"},
                     "syncPolicy":{"automated":{"prune":true,"selfHeal":true} } },
             "status": {{{status}}} }
            """);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Body);
    }

    private static async Task<JsonNode> ReadAsync(ApiCaller admin, string name) =>
        JsonNode.Parse((await admin.GetAsync($"{Applications}/{name}")).Body)!;
}
