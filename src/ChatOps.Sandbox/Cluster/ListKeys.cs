using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Which field tells the elements of a built-in kind's list apart; a list without one is replaced as a whole.</summary>
internal static class ListKeys
{
    public static string? Of(string field, JsonArray list, JsonArray? other = null)
    {
        var keyed = list.Concat(other ?? []).Where(element => element is not JsonObject map || map["$patch"] is null || map.Count > 1).ToList();
        return Candidates(field).FirstOrDefault(key => keyed.TrueForAll(element => element is JsonObject map && map[key] is not null));
    }

    private static string[] Candidates(string field) => field switch
    {
        "containers" or "initContainers" or "env" or "volumes" or "imagePullSecrets" => ["name"],
        "volumeMounts" => ["mountPath"],
        "ports" => ["containerPort", "port"],
        "conditions" => ["type"],
        "ownerReferences" => ["uid"],
        _ => [],
    };
}
