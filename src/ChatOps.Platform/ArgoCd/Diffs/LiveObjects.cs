using System.Collections.Concurrent;
using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>Reads the objects that an Application lists, as the bot, in the cluster they live in. Never a Secret.</summary>
internal sealed class LiveObjects
{
    private readonly ConcurrentDictionary<(string Cluster, string GroupVersion), IReadOnlyDictionary<string, string>> plurals = new();

    /// <summary>Null when the cluster knows no such kind.</summary>
    public async Task<ApiReply?> GetAsync(ClusterApi cluster, JsonElement resource, CancellationToken ct)
    {
        var kind = resource.Text("kind") ?? "";
        if (kind == "Secret")
        {
            throw new InvalidOperationException("Secrets are not read");
        }

        var root = resource.Text("group") is { Length: > 0 } group ? $"apis/{group}/{resource.Text("version")}" : $"api/{resource.Text("version")}";
        if ((await PluralsAsync(cluster, root, ct)).GetValueOrDefault(kind) is not { } plural)
        {
            return null;
        }

        var ns = resource.Text("namespace") is { Length: > 0 } name ? $"/namespaces/{Uri.EscapeDataString(name)}" : "";
        return await cluster.GetAsync($"{root}{ns}/{plural}/{Uri.EscapeDataString(resource.Text("name") ?? "")}", ct);
    }

    private async Task<IReadOnlyDictionary<string, string>> PluralsAsync(ClusterApi cluster, string root, CancellationToken ct)
    {
        if (plurals.TryGetValue((cluster.Name, root), out var known))
        {
            return known;
        }

        var reply = await cluster.GetAsync(root, ct);
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in reply.Body.Items("resources").Where(resource => resource.Text("name")?.Contains('/', StringComparison.Ordinal) == false))
        {
            read.TryAdd(resource.Text("kind") ?? "", resource.Text("name")!);
        }

        if (reply.IsOk)
        {
            plurals[(cluster.Name, root)] = read;
        }

        return read;
    }
}
