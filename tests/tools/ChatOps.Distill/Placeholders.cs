using System.Text.Json.Nodes;

namespace ChatOps.Distill;

/// <summary>What a request says about one run only, by name: <c>$uid</c>, <c>$startedAt</c>, <c>$commit:…</c>.</summary>
public static class Placeholders
{
    /// <summary>The commit that a repository begins with.</summary>
    public static string Start(string repository, bool isFirst) => isFirst ? "start" : $"start of {repository}";

    /// <summary>The one before it, where there is one.</summary>
    public static string Older(string repository) => $"before {repository}";

    public static JsonNode Insert(JsonNode body, IReadOnlyDictionary<string, string> commits)
    {
        var copy = body.DeepClone();
        foreach (var operation in (copy as JsonArray ?? []).OfType<JsonObject>())
        {
            switch (operation["path"]?.GetValue<string>())
            {
                case "/metadata/uid":
                    operation["value"] = "$uid";
                    break;
                case "/metadata/resourceVersion":
                    operation["value"] = "$resourceVersion";
                    break;
                case "/status/operationState/startedAt":
                    operation["value"] = "$startedAt";
                    break;
            }
        }

        var text = commits.Aggregate(copy.ToJsonString(), (json, commit) => json.Replace(commit.Key, "$commit:" + commit.Value, StringComparison.Ordinal));
        return JsonNode.Parse(text)!;
    }

    public static string Fill(string body, JsonObject? target, IReadOnlyDictionary<string, string> commits)
    {
        var filled = body
            .Replace("$uid", target?["metadata"]?["uid"]?.GetValue<string>() ?? "", StringComparison.Ordinal)
            .Replace("$resourceVersion", target?["metadata"]?["resourceVersion"]?.GetValue<string>() ?? "", StringComparison.Ordinal)
            .Replace("$startedAt", target?["status"]?["operationState"]?["startedAt"]?.GetValue<string>() ?? "", StringComparison.Ordinal);
        return commits.OrderByDescending(commit => commit.Key.Length).Aggregate(filled, (json, commit) => json.Replace("$commit:" + commit.Key, commit.Value, StringComparison.Ordinal));
    }
}
