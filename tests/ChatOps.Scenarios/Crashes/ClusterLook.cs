using System.Text.Json.Nodes;
using ChatOps.Peers;

namespace ChatOps.Scenarios.Crashes;

/// <summary>What the cluster holds of one application, and how often it was written as a role of ours.</summary>
/// <param name="Patches">Those that the API server knows to have succeeded.</param>
/// <param name="Interrupted">Those whose caller was killed under them: the API server logs a 500 for them, and wrote some. Of 600 patches that were cut off
/// within 12 ms, a real one answered 128 so, of which 72 had been written.</param>
internal sealed record ClusterLook(string Application, bool IsPaused, Guid? Operation, int Patches, int Interrupted)
{
    public static async Task<IReadOnlyList<ClusterLook>> ReadAsync(KubeApiServer cluster)
    {
        using var admin = new ApiCaller(cluster, KubeUser.Admin);
        var list = JsonNode.Parse((await admin.GetAsync("/apis/argoproj.io/v1alpha1/namespaces/argocd/applications")).Body)!["items"]!.AsArray();
        var patches = PatchesByUs(cluster.AuditLog());
        return [.. list.Select(item =>
        {
            var name = (string)item!["metadata"]!["name"]!;
            var mark = (string?)item["metadata"]!["annotations"]?["chatops.dev/operation"];
            var paused = item["spec"]!["syncPolicy"]?["automated"] is not { } automated || (bool?)automated["enabled"] == false;
            return new ClusterLook(name, paused, mark is null ? null : Guid.Parse(mark), patches[name].Count(code => code == 200), patches[name].Count(code => code is null or >= 499));
        })];
    }

    /// <summary>How the API server answered each patch by a user of ours, by application.</summary>
    private static ILookup<string, int?> PatchesByUs(IReadOnlyList<string> auditLog) => auditLog
        .Where(line => line.Contains("\"verb\":\"patch\"", StringComparison.Ordinal) && line.Contains("\"chatops:", StringComparison.Ordinal))
        .Select(line => JsonNode.Parse(line)!)
        .ToLookup(entry => (string)entry["objectRef"]!["name"]!, entry => (int?)entry["responseStatus"]?["code"]);
}
