using System.Text.Json;
using ChatOps.Platform.Kubernetes.Audit;

namespace ChatOps.Platform.Tests.Kubernetes.Audit;

public sealed class PatchSummaryTests
{
    [Theory]
    [InlineData("""{ "spec": { "replicas": 3, "paused": null } }""", "/spec/replicas = 3", "/spec/paused removed")]
    [InlineData("""{ "spec": { "template": { "spec": { "containers": [{ "name": "app", "image": "shop:2" }] } } } }""", "/spec/template/spec/containers/[name=app]/image = shop:2")]
    [InlineData("""{ "spec": { "$setElementOrder/containers": [{ "name": "app" }], "replicas": 1 } }""", "/spec/replicas = 1")]
    [InlineData("""[{ "op": "test", "path": "/a", "value": 1 }, { "op": "replace", "path": "/spec/replicas", "value": 0 }, { "op": "remove", "path": "/metadata/labels/a~1b" }]""", "/spec/replicas = 0", "/metadata/labels/a~1b")]
    [InlineData("""{ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "c", "namespace": "shop" }, "data": { "PAYMENT_MODE": "legacy" } }""", "/data/PAYMENT_MODE = legacy")]
    [InlineData("""{ "metadata": { "annotations": { "kubectl.kubernetes.io/last-applied-configuration": "{\"data\":{\"x\":\"hunter2\"}}", "a": "b" } } }""", "/metadata/annotations/a = b")]
    public void Fields_are_named_with_what_they_become(string patch, params string[] fields) => Assert.Equal(fields, Of(patch));

    public static TheoryData<string> Secrets =>
    [
        """{ "data": { "DB_PASSWORD": "hunter2" } }""",
        """{ "spec": { "template": { "spec": { "containers": [{ "name": "app", "env": [{ "name": "API_TOKEN", "value": "hunter2" }] }] } } } }""",
        """{ "spec": { "template": { "spec": { "containers": [{ "name": "app", "env": [{ "name": "API_TOKEN", "value": "a" }, { "name": "API_TOKEN", "value": "hunter2" }] }] } } } }""",
        """{ "spec": { "template": { "spec": { "containers": [{ "name": "app", "args": ["--verbose", "hunter2"] }] } } } }""",
        """{ "spec": { "template": { "spec": { "containers": [{ "name": "app", "command": ["sh", "-c", "curl -u admin:hunter2 x"] }] } } } }""",
        """{ "data": { "app.yaml": "user: app\npass: hunter2\n" } }""",
        """{ "data": { "line": "password=hunter2" } }""",
        """{ "data": { "url": "postgres://app:hunter2@db/shop" } }""",
        """[{ "op": "replace", "path": "/spec/template/spec/containers/0/env/0/value", "value": "hunter2" }]""",
        """[{ "op": "add", "path": "/spec/template/spec/containers/0/env/-", "value": { "name": "X", "value": "hunter2" } }]""",
        """[{ "op": "replace", "path": "/spec/template/spec/containers/0/env", "value": [{ "name": "DB_PASSWORD", "value": "hunter2" }] }]""",
        """[{ "op": "replace", "path": "/data", "value": { "client-secret": "hunter2" } }]""",
        """[{ "op": "replace", "path": "/spec/template/spec/containers/0/args/1", "value": "hunter2" }]""",
    ];

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Nothing_that_may_be_secret_is_shown(string patch)
    {
        var said = string.Join('\n', Of(patch));

        Assert.NotEqual("", said);
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_Secret_nothing_is_read_at_all() =>
        Assert.Empty(PatchSummary.Of("secrets", JsonSerializer.SerializeToElement(new { data = new { a = "hunter2" }, metadata = new { labels = new { b = "c" } } })));

    [Fact]
    public void A_patch_of_everything_is_cut()
    {
        var fields = Of(JsonSerializer.Serialize(new { data = Enumerable.Range(0, 500).ToDictionary(one => $"k{one}{new string('k', one * 20)}", one => new string('x', one)) }));

        Assert.Equal(13, fields.Count);
        Assert.Equal("…", fields[^1]);
        Assert.All(fields, field => Assert.True(field.Length < 200));
    }

    [Fact]
    public void A_patch_that_is_nested_without_end_is_named_and_not_followed()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 60)) + "1" + new string('}', 60);

        Assert.Single(Of(deep));
    }

    private static IReadOnlyList<string> Of(string patch)
    {
        using var json = JsonDocument.Parse(patch);
        return PatchSummary.Of("deployments", json.RootElement);
    }
}
