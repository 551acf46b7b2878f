using System.Text.Json.Nodes;
using ChatOps.Platform.Kubernetes;
using ChatOps.Platform.Tests.Fakes;

namespace ChatOps.Platform.Tests.ArgoCd;

public sealed class ArgoCdReconcilerTests : ArgoCdReconcilerContract, IAsyncLifetime
{
    private FakeKubernetesApi fake = null!;
    private ApiUnderTest api = null!;

    protected override ApiUnderTest Api => api;

    public async Task InitializeAsync()
    {
        fake = await FakeKubernetesApi.StartAsync();
        fake.Put("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/applications.argoproj.io", Crd());
        api = new(new ClusterOptions { Name = "production", Server = fake.Url.ToString(), Token = "bot" }, new HttpClient { BaseAddress = fake.Url });
    }

    public async Task DisposeAsync()
    {
        api.Dispose();
        await fake.DisposeAsync();
    }

    /// <summary>Not on the real one: 1.20 takes an empty text for null, and refuses it.</summary>
    [Fact]
    public Task A_switch_is_put_back_where_an_empty_text_was() => SwitchesAsync("blank", application => application["spec"]!["source"]!["targetRevision"] = "");

    internal static JsonObject Crd(string automated = """{"properties":{"enabled":{"type":"boolean"}}}""")
    {
        var syncPolicy = new JsonObject { ["properties"] = new JsonObject { ["automated"] = JsonNode.Parse(automated) } };
        var spec = new JsonObject { ["properties"] = new JsonObject { ["syncPolicy"] = syncPolicy } };
        var schema = new JsonObject { ["properties"] = new JsonObject { ["spec"] = spec } };
        var version = new JsonObject { ["name"] = "v1alpha1", ["schema"] = new JsonObject { ["openAPIV3Schema"] = schema } };
        return new() { ["metadata"] = new JsonObject(), ["spec"] = new JsonObject { ["versions"] = new JsonArray(version) } };
    }
}
