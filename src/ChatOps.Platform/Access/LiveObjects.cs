using System.Net;
using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>Lists, as the bot, the metadata of all objects of a kind in one place.</summary>
internal static class LiveObjects
{
    private const int MostPages = 20;

    /// <returns>Whole: false when some or all could not be read. A kind that the cluster does not have has no objects.</returns>
    public static async Task<(IReadOnlyList<JsonElement> Objects, bool IsWhole)> ListAsync(ClusterApi cluster, string ns, ListedKind kind, CancellationToken ct)
    {
        foreach (var version in kind.Versions)
        {
            var root = kind.Group.Length == 0 ? $"api/{version}" : $"apis/{kind.Group}/{version}";
            if (await ListAsync(cluster, $"{root}/{(ns.Length > 0 ? $"namespaces/{Uri.EscapeDataString(ns)}/" : "")}{kind.Resource}?limit=500", ct) is { } listed)
            {
                return listed;
            }
        }

        return ([], true);
    }

    /// <summary>All kinds that <paramref name="of"/> names in one place, and in words what could not be read.</summary>
    public static async Task<(IReadOnlyList<(ListedKind Kind, JsonElement Object)> Objects, IReadOnlyList<string> NotSeen)> ListAsync(ClusterApi cluster, string ns, IReadOnlyList<ListedKind> of, CancellationToken ct)
    {
        var all = new List<(ListedKind, JsonElement)>();
        var unread = new List<string>();
        foreach (var kind in of)
        {
            var (objects, isWhole) = await ListAsync(cluster, ns, kind, ct);
            all.AddRange(objects.Select(one => (kind, one)));
            if (!isWhole)
            {
                unread.Add(kind.Resource);
            }
        }

        return (all, unread.Count == 0 ? [] : [$"{string.Join(", ", unread)}{(ns.Length > 0 ? $" in {ns}" : "")}"]);
    }

    /// <summary>Null: there is no such kind.</summary>
    private static async Task<(IReadOnlyList<JsonElement> Objects, bool IsWhole)?> ListAsync(ClusterApi cluster, string path, CancellationToken ct)
    {
        var all = new List<JsonElement>();
        var page = "";
        for (var pages = 0; pages < MostPages; pages++)
        {
            var reply = await cluster.ListMetadataAsync(path + page, ct);
            if (!reply.IsOk)
            {
                return reply.Status == HttpStatusCode.NotFound ? null : (all, false);
            }

            all.AddRange(reply.Body.Items("items"));
            if (reply.Body.Text("metadata", "continue") is not { Length: > 0 } more)
            {
                return (all, true);
            }

            page = $"&continue={Uri.EscapeDataString(more)}";
        }

        return (all, false);
    }
}
