using System.Net;
using System.Text.Json.Nodes;

namespace ChatOps.Peers.Tests.Manifests;

/// <summary>
/// The policies themselves need a newer API server (tests/admission.sh); this one tells that no row of their tables is
/// refused for a reason of its own, such as the schema.
/// </summary>
public sealed class AdmissionTableTests(RealCluster real) : IClassFixture<RealCluster>
{
    [RealClusterTheory]
    [InlineData("applications.yaml", "/apis/argoproj.io/v1alpha1/namespaces/default/applications")]
    [InlineData("windows.yaml", "/apis/argoproj.io/v1alpha1/namespaces/default/appprojects")]
    [InlineData("sets.yaml", "/apis/argoproj.io/v1alpha1/namespaces/default/applicationsets")]
    [InlineData("grants.yaml", "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings")]
    [InlineData("cluster-grants.yaml", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings")]
    [InlineData("accounts.yaml", "/api/v1/namespaces/default/serviceaccounts")]
    [InlineData("projects.yaml", "/apis/argoproj.io/v1alpha1/namespaces/default/appprojects")]
    public async Task Without_the_policies_every_row_is_let_through(string file, string path)
    {
        using var admin = new ApiCaller(real.Server, KubeUser.Admin);
        var table = await ReadTableAsync(file);
        foreach (var item in table["objects"]!.AsArray())
        {
            var answer = await admin.CreateAsync(path, item!.ToJsonString());
            Assert.True(answer.Status == HttpStatusCode.Created, answer.Body);
        }

        var refused = new List<string>();
        foreach (var row in table["rows"]!.AsArray())
        {
            var answer = await AskAsync(admin, path, table["objects"]![0]!, row!);
            if ((int)answer.Status is < 200 or > 299)
            {
                refused.Add($"{row!["name"]}: {answer.Body}");
            }
        }

        Assert.Empty(refused);
    }

    private static Task<ApiAnswer> AskAsync(ApiCaller admin, string path, JsonNode like, JsonNode row)
    {
        if (row["token"] is { } account)
        {
            var asked = row["create"]!;
            (asked["apiVersion"], asked["kind"]) = ("authentication.k8s.io/v1", "TokenRequest");
            return admin.CreateAsync($"{path}/{account}/token?dryRun=All", asked.ToJsonString());
        }

        if (row["create"] is { } created)
        {
            created["apiVersion"] = (string)like["apiVersion"]!;
            created["kind"] = (string)like["kind"]!;
            return admin.CreateAsync($"{path}?dryRun=All", created.ToJsonString());
        }

        return row["delete"] is { } deleted
            ? admin.DeleteAsync($"{path}/{deleted}?dryRun=All")
            : admin.MergePatchAsync($"{path}/{row["object"]}?dryRun=All", row["patch"]!.ToJsonString());
    }

    private async Task<JsonNode> ReadTableAsync(string name)
    {
        var file = Path.Combine(Repository.Root, "tests/admission", name);
        return JsonNode.Parse(await real.Server.RunAsync(
            KubeUser.Admin, "annotate", "--local", "-f", file, "-o", "json", "read=here"))!;
    }
}
