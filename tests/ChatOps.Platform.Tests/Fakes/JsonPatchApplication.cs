using System.Text.Json.Nodes;

namespace ChatOps.Platform.Tests.Fakes;

/// <summary>RFC 6902 as the API server does it: a test for null passes where nothing is, if the parent is there.</summary>
internal static class JsonPatchApplication
{
    public static bool TryApply(JsonObject target, JsonArray patch) => patch.All(operation => Apply(target, (JsonObject)operation!));

    private static bool Apply(JsonObject target, JsonObject operation)
    {
        var keys = ((string)operation["path"]!).Split('/').Skip(1)
            .Select(key => key.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))
            .ToList();
        var parent = keys.SkipLast(1).Aggregate((JsonNode?)target, (node, key) => node switch
        {
            JsonArray list => int.TryParse(key, out var at) && at < list.Count ? list[at] : null,
            _ => (node as JsonObject)?[key],
        });
        return parent switch
        {
            JsonArray list => Apply(list, keys[^1], operation),
            JsonObject holder => Apply(holder, keys[^1], operation),
            _ => false,
        };
    }

    private static bool Apply(JsonArray list, string place, JsonObject operation)
    {
        var at = place == "-" ? list.Count : int.Parse(place, System.Globalization.CultureInfo.InvariantCulture);
        switch ((string)operation["op"]!)
        {
            case "add" when at <= list.Count:
                list.Insert(at, operation["value"]?.DeepClone());
                return true;
            case "remove" when at < list.Count:
                list.RemoveAt(at);
                return true;
            default:
                return false;
        }
    }

    private static bool Apply(JsonObject parent, string key, JsonObject operation)
    {
        var value = operation["value"]?.DeepClone();
        switch ((string)operation["op"]!)
        {
            case "test":
                return JsonNode.DeepEquals(parent[key], value);
            case "add":
            case "replace" when parent.ContainsKey(key):
                parent[key] = value;
                return true;
            case "remove":
                return parent.Remove(key);
            default:
                return false;
        }
    }
}
