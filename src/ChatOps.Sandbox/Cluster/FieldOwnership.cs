using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Writes managedFields as the API server does: who last wrote which field, with which verb of which tool, to the second.</summary>
internal static class FieldOwnership
{
    private static readonly HashSet<string> Unowned = ["apiVersion", "kind"];
    private static readonly HashSet<string> UnownedMetadata = ["name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "managedFields", "selfLink"];

    public static void Record(ResourceKind kind, JsonObject? before, JsonObject after, Writer writer, DateTimeOffset now)
    {
        var old = Fields(kind, before);
        var current = Fields(kind, after);
        var written = current.Where(field => !old.TryGetValue(field.Key, out var was) || was != field.Value).Select(field => field.Key).ToHashSet();
        var entries = (before?["metadata"]?["managedFields"]?.DeepClone() as JsonArray ?? []).OfType<JsonObject>().ToList();
        var mine = entries.Find(entry => Text(entry, "manager") == writer.Manager && Text(entry, "operation") == "Update" && Text(entry, "subresource") == writer.Subresource);
        if (written.Count > 0 && mine is null)
        {
            mine = new JsonObject { ["apiVersion"] = kind.ApiVersion, ["fieldsType"] = "FieldsV1", ["fieldsV1"] = new JsonObject(), ["manager"] = writer.Manager, ["operation"] = "Update" };
            if (writer.Subresource.Length > 0)
            {
                mine["subresource"] = writer.Subresource;
            }

            entries.Add(mine);
        }

        foreach (var entry in entries.ToList())
        {
            var owned = Flatten(entry["fieldsV1"] as JsonObject ?? []);
            var kept = owned.Where(path => current.ContainsKey(path) && !(entry != mine && written.Contains(path) && !path.EndsWith("\n.", StringComparison.Ordinal))).ToHashSet();
            if (entry == mine)
            {
                kept.UnionWith(written);
                if (written.Count > 0 && writer.Subresource != "scale")
                {
                    entry["time"] = Timestamps.Write(now);
                }
            }

            if (kept.Count == 0)
            {
                entries.Remove(entry);
                continue;
            }

            entry["fieldsV1"] = Tree(kept);
        }

        after["metadata"]!.AsObject()["managedFields"] = new JsonArray([.. entries.Select(entry => entry.DeepClone())]);
    }

    private static string Text(JsonObject entry, string key) => entry[key]?.GetValue<string>() ?? "";

    /// <summary>Every field with its value, but no status that the pretended cluster writes by itself; a map or a keyed element that exists has a path of its own that ends in a dot.</summary>
    private static Dictionary<string, string> Fields(ResourceKind kind, JsonObject? root)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in root ?? [])
        {
            if (key == "metadata" && value is JsonObject metadata)
            {
                foreach (var (name, part) in metadata.Where(part => !UnownedMetadata.Contains(part.Key)))
                {
                    Collect(kind, fields, "f:metadata\nf:" + name, name, part);
                }
            }
            else if (!Unowned.Contains(key) && !(key == "status" && kind.HasStatusSubresource))
            {
                Collect(kind, fields, "f:" + key, key, value, top: true);
            }
        }

        return fields;
    }

    private static void Collect(ResourceKind kind, Dictionary<string, string> fields, string path, string name, JsonNode? value, bool top = false)
    {
        if (value is JsonObject { Count: > 0 } map && (kind.IsCustom || name != "selector"))
        {
            if (!top || kind.IsCustom)
            {
                fields[path + "\n."] = "";
            }

            foreach (var (key, child) in map)
            {
                Collect(kind, fields, $"{path}\nf:{key}", key, child);
            }
        }
        else if (!kind.IsCustom && value is JsonArray list && ListKeys.Of(name, list) is { } listKey)
        {
            fields[path + "\n."] = "";
            foreach (var element in list.OfType<JsonObject>())
            {
                var key = $"{path}\nk:{new JsonObject { [listKey] = element[listKey]!.DeepClone() }.ToJsonString()}";
                fields[key + "\n."] = "";
                foreach (var (field, child) in element)
                {
                    Collect(kind, fields, $"{key}\nf:{field}", field, child);
                }
            }
        }
        else
        {
            fields[path] = value?.ToJsonString(JsonSerializerOptions.Default) ?? "null";
        }
    }

    private static IEnumerable<string> Flatten(JsonObject tree, string prefix = "") => tree.SelectMany(part =>
        part.Key == "." || part.Value is not JsonObject { Count: > 0 } child ? [prefix + part.Key] : Flatten(child, prefix + part.Key + "\n"));

    private static JsonObject Tree(IEnumerable<string> paths)
    {
        var root = new JsonObject();
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var node = root;
            foreach (var step in path.Split('\n'))
            {
                if (node[step] is not JsonObject child)
                {
                    node[step] = child = [];
                }

                node = child;
            }
        }

        return root;
    }
}

/// <summary>Who a write is attributed to in managedFields.</summary>
internal sealed record Writer(string Manager, string Subresource);
