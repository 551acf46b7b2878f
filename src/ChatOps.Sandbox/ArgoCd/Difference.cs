using System.Text.Json.Nodes;
using ChatOps.Sandbox.Cluster;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>The three-way merge of client-side apply: what Git says, what was applied last, what is there. What a person added is in neither of the first two and stays unseen.</summary>
internal static class Difference
{
    /// <returns>the merge patch that would make live what Git says; null when it is</returns>
    public static JsonObject? Between(JsonObject? lastApplied, JsonObject target, JsonObject live, bool custom)
    {
        var patch = Merge(lastApplied ?? [], target, live, custom);
        return patch.Count == 0 ? null : patch;
    }

    private static JsonObject Merge(JsonObject last, JsonObject target, JsonObject live, bool custom)
    {
        var patch = new JsonObject();
        foreach (var (key, wanted) in target)
        {
            var there = live[key];
            switch (wanted)
            {
                case JsonObject map when there is JsonObject liveMap:
                    var child = Merge(last[key] as JsonObject ?? [], map, liveMap, custom);
                    if (child.Count > 0)
                    {
                        patch[key] = child;
                    }

                    break;
                case JsonArray list when !custom && there is JsonArray liveList && ListKeys.Of(key, list, liveList) is { } listKey:
                    var elements = MergeList(last[key] as JsonArray ?? [], list, liveList, listKey);
                    if (elements.Count > 0)
                    {
                        patch[key] = elements;
                    }

                    break;
                default:
                    if (!JsonNode.DeepEquals(wanted, there))
                    {
                        patch[key] = wanted?.DeepClone();
                    }

                    break;
            }
        }

        foreach (var (key, _) in last)
        {
            if (!target.ContainsKey(key) && live.ContainsKey(key))
            {
                patch[key] = null;
            }
        }

        return patch;
    }

    private static JsonArray MergeList(JsonArray last, JsonArray target, JsonArray live, string listKey)
    {
        JsonObject? Find(JsonArray list, JsonNode? key) => list.OfType<JsonObject>().FirstOrDefault(element => JsonNode.DeepEquals(element[listKey], key));
        var patch = new JsonArray();
        foreach (var wanted in target.OfType<JsonObject>())
        {
            var key = wanted[listKey];
            if (Find(live, key) is not { } there)
            {
                patch.Add(wanted.DeepClone());
                continue;
            }

            var child = Merge(Find(last, key) ?? [], wanted, there, custom: false);
            if (child.Count > 0)
            {
                child[listKey] = key?.DeepClone();
                patch.Add(child);
            }
        }

        foreach (var gone in last.OfType<JsonObject>().Where(element => Find(target, element[listKey]) is null && Find(live, element[listKey]) is not null))
        {
            patch.Add(new JsonObject { ["$patch"] = "delete", [listKey] = gone[listKey]?.DeepClone() });
        }

        return patch;
    }
}
