using System.Text.Json;
using ChatOps.Platform.ArgoCd.Diffs;

namespace ChatOps.Platform.Tests.ArgoCd.Diffs;

public sealed class SameValueTests
{
    [Theory]
    [InlineData("limits/memory", "\"1Gi\"", "\"1024Mi\"", true)]
    [InlineData("limits/memory", "\"128Mi\"", "\"134217728\"", true)]
    [InlineData("requests/cpu", "\"100m\"", "\"0.1\"", true)]
    [InlineData("requests/cpu", "1", "\"1\"", true)]
    [InlineData("requests/storage", "\"1e3\"", "\"1k\"", true)]
    [InlineData("limits/memory", "\"1Gi\"", "\"1G\"", false)]
    [InlineData("data/memory", "\"1Gi\"", "\"1024Mi\"", false)]
    [InlineData("spec/replicas", "2", "5", false)]
    [InlineData("spec/replicas", "2", "2.0", true)]
    [InlineData("spec/hostNetwork", "false", "", true)]
    [InlineData("spec/hostNetwork", "true", "", false)]
    [InlineData("spec/securityContext", "{}", "", true)]
    [InlineData("spec/value", "\"\"", "", true)]
    [InlineData("data/key", "\"\"", "", false)]
    [InlineData("labels/team", "null", "", true)]
    [InlineData("labels/team", "\"\"", "", false)]
    public void Values_are_the_same_when_they_mean_the_same(string path, string left, string right, bool same)
    {
        var where = path.Split('/').Aggregate(FieldPath.Root, (at, name) => at.Then(name));

        Assert.Equal(same, SameValue.Of(where, Json(left), Json(right)));
        Assert.Equal(same, SameValue.Of(where, Json(right), Json(left)));
    }

    [Theory]
    [InlineData("ConfigMap", "data/timeout", "\"5s\"", "5s")]
    [InlineData("Secret", "data/anything", "\"aGVsbG8=\"", "(secret, not shown)")]
    [InlineData("Secret", "metadata/labels/team", "\"blue\"", "blue")]
    [InlineData("ConfigMap", "data/DB_PASSWORD", "\"hunter2\"", "(secret, not shown)")]
    [InlineData("ConfigMap", "data/url", "\"https://shop:hunter2@db.example.com\"", "(secret, not shown)")]
    [InlineData("ConfigMap", "data/cert", "\"-----BEGIN PRIVATE KEY-----\"", "(secret, not shown)")]
    [InlineData("ConfigMap", "data/x", "\"eyJhbGciOiJIUzI1NiJ9.e30.x\"", "(secret, not shown)")]
    [InlineData("Deployment", "spec/template/spec/volumes/secret/secretName", "\"shop-tls\"", "shop-tls")]
    public void Nothing_that_is_or_looks_secret_is_shown(string kind, string path, string value, string shown)
    {
        var where = path.Split('/').Aggregate(FieldPath.Root, (at, name) => at.Then(name));

        Assert.Equal(shown, Masking.Show(kind, where, Json(value)));
    }

    [Fact]
    public void A_variable_with_a_secret_name_hides_its_value_where_the_value_is_told()
    {
        var where = FieldPath.Root.Then("env").Then(new Segment("API_TOKEN", "name")).Then("value");

        Assert.Equal("(secret, not shown)", Masking.Show("Deployment", where, Json("\"s3cr3t\"")));
    }

    [Fact]
    public void Of_a_long_text_only_the_lines_that_differ_are_shown() => Assert.Equal(
        ("line 2: timeout 30s", "line 2: timeout 5s\nretries 3"),
        Masking.Lines("ConfigMap", FieldPath.Root.Then("data").Then("nginx.conf"), Json("\"a\\ntimeout 30s\\nb\""), Json("\"a\\ntimeout 5s\\nretries 3\\nb\"")));

    private static JsonElement Json(string text)
    {
        if (text.Length == 0)
        {
            return default;
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
