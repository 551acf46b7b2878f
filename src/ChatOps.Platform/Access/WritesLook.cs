using System.Text.Json;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Platform.ArgoCd.Diffs;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// Reads from <c>metadata.managedFields</c> which tools wrote to objects where access was open. An object that is gone has
/// none, a tool's last write hides those before it, and whoever writes gives the tool its name.
/// </summary>
internal sealed class WritesLook(ClusterConnections clusters)
{
    private const int MostFields = 12;

    public async Task<Writes> LookAsync(Grant grant, CancellationToken ct)
    {
        if (grant.Kind == GrantKind.ArgoCdRole || clusters.Find(grant.Scope.Cluster) is not { } cluster)
        {
            return new([], [], [$"cluster {grant.Scope.Cluster}, which is none of Clusters in the configuration"]);
        }

        var (written, undated, notSeen) = (new List<(Written Writer, Deed Deed)>(), new List<string>(), new List<string>());
        foreach (var ns in grant.Scope.Namespaces)
        {
            var (objects, unread) = await LiveObjects.ListAsync(cluster, ns, ListedKind.In(ns), ct);
            notSeen.AddRange(unread);
            foreach (var (kind, one) in objects)
            {
                var target = new DeedObject(kind.Group, kind.Resource, null, ns.Length > 0 ? ns : null, one.Text("metadata", "name"));
                foreach (var writes in By(one))
                {
                    var writer = writes.Key;
                    if (writer is { At: null, Subresource: { } part }) // as `kubectl scale` leaves it
                    {
                        undated.Add($"{writer.Manager} wrote {target}{(ns.Length > 0 ? $" in {ns}" : "")} ({part})");
                    }
                    else if (writer.At is { } at && GrantWindow.Has(grant, at))
                    {
                        written.Add((writes.First(), Deed(writer.Manager, target, at, [.. writes.Select(field => field.Path.ToString())])));
                    }
                }
            }
        }

        return new([.. written.OrderBy(one => !one.Writer.IsByHand).ThenBy(one => one.Deed.FirstAt).Select(one => one.Deed)], undated, notSeen);
    }

    /// <summary>The last write of each tool that is not the cluster's own; what only says how things are is no change.</summary>
    public static IEnumerable<IGrouping<(string Manager, DateTimeOffset? At, string? Subresource), Written>> By(JsonElement one) =>
        Written.In(one).Where(field => !field.IsOfTheCluster && !field.IsNoise).GroupBy(field => (field.Manager, field.At, field.Subresource));

    private static Deed Deed(string tool, DeedObject target, DateTimeOffset at, IReadOnlyList<string> fields) => new()
    {
        Kind = DeedKind.Guessed,
        By = tool,
        Verb = "write",
        Target = target,
        Fields = fields.Count > MostFields ? [.. fields.Take(MostFields), "…"] : fields,
        FirstAt = at,
        LastAt = at,
    };
}
