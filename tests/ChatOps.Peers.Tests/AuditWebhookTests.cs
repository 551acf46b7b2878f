using System.Text.Json.Nodes;

namespace ChatOps.Peers.Tests;

/// <summary>The audit policy and the webhook's kubeconfig that operators get, read by a real API server.</summary>
public sealed class AuditWebhookTests
{
    [RealClusterFact]
    public async Task An_API_server_tells_who_changed_what_and_nothing_of_a_Secret()
    {
        await using var relay = await AuditRelay.StartAsync();
        await using var cluster = await KubeApiServer.StartAsync(relay);
        using var admin = new ApiCaller(cluster, KubeUser.Admin);

        await admin.CreateAsync("/api/v1/namespaces/default/secrets", """{ "metadata": { "name": "of-audit" }, "stringData": { "password": "hunter2" } }""");
        await admin.MergePatchAsync("/api/v1/namespaces/default/secrets/of-audit", """{ "stringData": { "password": "hunter3" } }""");
        await admin.CreateAsync("/api/v1/namespaces/default/configmaps", """{ "metadata": { "name": "of-audit" }, "data": { "mode": "created" } }""");
        await admin.MergePatchAsync("/api/v1/namespaces/default/configmaps/of-audit", """{ "data": { "mode": "patched" } }""");
        await admin.GetAsync("/api/v1/namespaces/default/configmaps/of-audit");
        await admin.DeleteAsync("/api/v1/namespaces/default/configmaps/of-audit");

        var ours = await UntilAllAreHeardAsync(relay, 5, one => (string?)one["user"]?["username"] == "admin" && (string?)one["objectRef"]?["name"] == "of-audit");
        Assert.Equal(
            ["create secrets", "patch secrets", "create configmaps", "patch configmaps", "delete configmaps"],
            ours.OrderBy(one => (string?)one["requestReceivedTimestamp"], StringComparer.Ordinal).Select(one => $"{one["verb"]} {one["objectRef"]!["resource"]}"));
        Assert.Contains(ours, one => one["requestObject"]?.ToJsonString().Contains("patched", StringComparison.Ordinal) == true);
        Assert.All(relay.Bodies, body => Assert.DoesNotContain("hunter", body, StringComparison.Ordinal));
    }

    // An API server sends its batches side by side: the last change may be heard before one that came first.
    private static async Task<IReadOnlyList<JsonNode>> UntilAllAreHeardAsync(AuditRelay relay, int count, Func<JsonNode, bool> fits)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var heard = relay.Bodies.SelectMany(body => JsonNode.Parse(body)!["items"]!.AsArray()).OfType<JsonNode>().Where(fits).ToList();
            if (heard.Count >= count)
            {
                return heard;
            }

            await Task.Delay(50, limit.Token);
        }
    }
}
