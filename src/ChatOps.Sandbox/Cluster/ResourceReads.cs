using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Get and list, with pages; a page's continuation dies with the past it belongs to.</summary>
internal sealed class ResourceReads(ClusterStore store)
{
    public JsonObject Get(ResourceKind kind, Route route)
    {
        var found = store.Find(kind, kind.Namespaced ? route.Namespace : "", route.Name)?.Read() ?? throw ApiRefusal.NotFound(kind, route.Name);
        return route.Subresource switch
        {
            "" or "status" => found,
            "scale" when kind.HasScale => Deployments.ToScale(found),
            _ => throw ApiRefusal.NoSuchPath(),
        };
    }

    public JsonObject List(ResourceKind kind, Route route, IQueryCollection query, Selection selection)
    {
        var (stored, version) = store.List(kind, route.Namespace);
        if (long.TryParse(query["resourceVersion"], CultureInfo.InvariantCulture, out var asked) && asked > version)
        {
            throw ApiRefusal.TooLarge(asked, version);
        }

        if (query["resourceVersionMatch"].ToString() == "Exact" && store.IsCompacted(asked))
        {
            throw ApiRefusal.ListExpired();
        }

        var items = stored.Select(item => item.Read()).Where(selection.Matches).ToList();
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        if (query["continue"].ToString() is { Length: > 0 } token)
        {
            var (from, after) = Open(token);
            if (store.IsCompacted(from))
            {
                throw ApiRefusal.ListExpired();
            }

            metadata["resourceVersion"] = from.ToString(CultureInfo.InvariantCulture);
            version = from;
            items = [.. items.SkipWhile(item => string.CompareOrdinal(Key(item), after) <= 0)];
        }

        if (int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var limit) && limit > 0 && items.Count > limit)
        {
            metadata["remainingItemCount"] = items.Count - limit;
            items = items[..limit];
            metadata["continue"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{version}|{Key(items[^1])}"));
        }

        return new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["items"] = new JsonArray([.. items]),
            ["kind"] = kind.Kind + "List",
            ["metadata"] = metadata,
        };
    }

    private static string Key(JsonObject item) => $"{item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}";

    private static (long Version, string After) Open(string token)
    {
        var parts = Encoding.UTF8.GetString(Convert.FromBase64String(token)).Split('|', 2);
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
    }
}
