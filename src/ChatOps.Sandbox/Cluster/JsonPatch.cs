using System.Globalization;
using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>RFC 6902 as the API server does it: an absent path tests equal to null.</summary>
internal static class JsonPatch
{
    public static JsonObject Apply(JsonObject original, JsonArray operations)
    {
        var root = original.DeepClone();
        foreach (var node in operations)
        {
            var operation = node as JsonObject ?? throw ApiRefusal.PatchRejected();
            var path = Steps(Text(operation, "path"));
            switch (Text(operation, "op"))
            {
                case "test":
                    Require(JsonNode.DeepEquals(Find(root, path), operation["value"]));
                    break;
                case "add":
                    root = Put(root, path, operation["value"]?.DeepClone(), insert: true);
                    break;
                case "replace":
                    Require(path.Length == 0 || Exists(root, path));
                    root = Put(root, path, operation["value"]?.DeepClone(), insert: false);
                    break;
                case "remove":
                    Require(Remove(root, path));
                    break;
                case "copy":
                    root = Put(root, path, Find(root, Steps(Text(operation, "from")))?.DeepClone(), insert: true);
                    break;
                case "move":
                    var from = Steps(Text(operation, "from"));
                    var moved = Find(root, from)?.DeepClone();
                    Require(Remove(root, from));
                    root = Put(root, path, moved, insert: true);
                    break;
                default:
                    throw ApiRefusal.PatchRejected();
            }
        }

        return root as JsonObject ?? throw ApiRefusal.PatchRejected();
    }

    private static string Text(JsonObject operation, string key) =>
        operation[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw ApiRefusal.PatchRejected();

    private static string[] Steps(string pointer)
    {
        if (pointer.Length == 0)
        {
            return [];
        }

        Require(pointer[0] == '/');
        return [.. pointer[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static JsonNode? Find(JsonNode? root, IEnumerable<string> path)
    {
        foreach (var step in path)
        {
            root = root switch
            {
                JsonObject map => map[step],
                JsonArray list when Index(step, list.Count - 1) is { } index => list[index],
                _ => null,
            };
        }

        return root;
    }

    private static bool Exists(JsonNode? root, string[] path) => Find(root, path[..^1]) switch
    {
        JsonObject map => map.ContainsKey(path[^1]),
        JsonArray list => Index(path[^1], list.Count - 1) is not null,
        _ => false,
    };

    private static JsonNode? Put(JsonNode? root, string[] path, JsonNode? value, bool insert)
    {
        if (path.Length == 0)
        {
            return value;
        }

        switch (Find(root, path[..^1]))
        {
            case JsonObject map:
                map[path[^1]] = value;
                break;
            case JsonArray list when insert && path[^1] == "-":
                list.Add(value);
                break;
            case JsonArray list when Index(path[^1], insert ? list.Count : list.Count - 1) is { } index:
                if (insert)
                {
                    list.Insert(index, value);
                }
                else
                {
                    list[index] = value;
                }

                break;
            default:
                throw ApiRefusal.PatchRejected();
        }

        return root;
    }

    private static bool Remove(JsonNode? root, string[] path)
    {
        switch (path.Length == 0 ? null : Find(root, path[..^1]))
        {
            case JsonObject map:
                return map.Remove(path[^1]);
            case JsonArray list when Index(path[^1], list.Count - 1) is { } index:
                list.RemoveAt(index);
                return true;
            default:
                return false;
        }
    }

    private static int? Index(string step, int highest) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= highest ? index : null;

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw ApiRefusal.PatchRejected();
        }
    }
}
