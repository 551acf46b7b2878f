using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>RFC 7386, and Kubernetes' strategic form of it, in which lists of named things are merged element by element.</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject original, JsonObject patch, bool strategic)
    {
        var result = (JsonObject)original.DeepClone();
        Merge(result, patch, strategic);
        return result;
    }

    private static void Merge(JsonObject target, JsonObject patch, bool strategic)
    {
        foreach (var (key, value) in patch)
        {
            if (strategic && key.StartsWith('$'))
            {
                continue;
            }

            switch (value)
            {
                case null:
                    target.Remove(key);
                    break;
                case JsonObject map when strategic && map["$patch"]?.GetValue<string>() == "replace":
                    var replacement = (JsonObject)map.DeepClone();
                    replacement.Remove("$patch");
                    target[key] = replacement;
                    break;
                case JsonObject map:
                    if (target[key] is not JsonObject child)
                    {
                        target[key] = child = [];
                    }

                    Merge(child, map, strategic);
                    break;
                case JsonArray list when strategic && ListKeys.Of(key, list, target[key] as JsonArray) is { } listKey:
                    target[key] = MergeList(target[key] as JsonArray ?? [], list, listKey);
                    break;
                default:
                    target[key] = value.DeepClone();
                    break;
            }
        }
    }

    private static JsonArray MergeList(JsonArray current, JsonArray patch, string listKey)
    {
        var elements = current.Select(element => element!.DeepClone().AsObject()).ToList();
        if (patch.Any(element => element?["$patch"]?.GetValue<string>() == "replace"))
        {
            elements.Clear();
        }

        foreach (var element in patch.OfType<JsonObject>())
        {
            var index = elements.FindIndex(candidate => JsonNode.DeepEquals(candidate[listKey], element[listKey]));
            if (element["$patch"]?.GetValue<string>() is { } directive)
            {
                if (directive == "delete" && index >= 0)
                {
                    elements.RemoveAt(index);
                }

                continue;
            }

            if (index < 0)
            {
                elements.Add([]);
                index = elements.Count - 1;
            }

            Merge(elements[index], element, strategic: true);
        }

        return new JsonArray([.. elements]);
    }
}
