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
        "ConfigMap" => found["data"]?.DeepClone(),
        "Service" => new JsonArray([.. found["spec"]?["ports"]?.AsArray().Select(port => port?["port"]?.DeepClone()) ?? []]),
        _ => null,
    };
}
