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
        }) as JsonObject;
        if (parent is null)
        {
            return false;
        }

        var value = operation["value"]?.DeepClone();
        switch ((string)operation["op"]!)
        {
            case "test":
                return JsonNode.DeepEquals(parent[keys[^1]], value);
            case "add":
            case "replace" when parent.ContainsKey(keys[^1]):
                parent[keys[^1]] = value;
                return true;
            case "remove":
                return parent.Remove(keys[^1]);
            default:
                return false;
        }
    }
}
