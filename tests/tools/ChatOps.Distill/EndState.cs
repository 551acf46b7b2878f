using System.Text.Json.Nodes;

namespace ChatOps.Distill;

/// <summary>Of a managed object, the fields that the stories are about.</summary>
public static class EndState
{
    public static JsonNode? Of(JsonObject found) => found["kind"]?.GetValue<string>() switch
    {
        "Deployment" => new JsonObject
        {
            ["replicas"] = found["spec"]?["replicas"]?.DeepClone(),
            ["image"] = found["spec"]?["template"]?["spec"]?["containers"]?[0]?["image"]?.DeepClone(),
        },
        "ConfigMap" => found["data"] is JsonObject data ? new JsonObject(data.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone()))) : null,
        "Service" => new JsonArray([.. found["spec"]?["ports"]?.AsArray().Select(port => port?["port"]?.DeepClone()) ?? []]),
        "AppProject" => new JsonArray([.. found["spec"]?["roles"]?.AsArray().Select(role => role?["name"]?.DeepClone()) ?? []]),
        _ => null,
    };
}
