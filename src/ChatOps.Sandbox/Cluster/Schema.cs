using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>Prunes and checks a custom object against the openAPIV3Schema of the CRD that the cluster holds.</summary>
internal static class Schema
{
    /// <returns>the unknown fields that were dropped</returns>
    public static IReadOnlyList<string> Enforce(ResourceKind kind, JsonObject crd, JsonObject instance)
    {
        var schema = crd["spec"]?["versions"]?.AsArray().FirstOrDefault(version => version?["name"]?.GetValue<string>() == kind.Version)?["schema"]?["openAPIV3Schema"] as JsonObject;
        var dropped = new List<string>();
        if (schema is not null)
        {
            Walk(kind, instance["metadata"]?["name"]?.GetValue<string>() ?? "", schema, instance, "", dropped);
        }

        return dropped;
    }

    private static void Walk(ResourceKind kind, string name, JsonObject schema, JsonNode? value, string path, List<string> dropped)
    {
        if (schema["type"]?.GetValue<string>() is { } type && value is not null && TypeOf(value) is { } actual && actual != type && !(type == "number" && actual == "integer"))
        {
            throw ApiRefusal.Invalid(kind, name, path, "FieldValueTypeInvalid", $"Invalid value: \"{actual}\": {path} in body must be of type {type}: \"{actual}\"");
        }

        switch (value)
        {
            case JsonObject map when schema["properties"] is JsonObject properties:
                foreach (var (key, child) in map.ToList())
                {
                    var childPath = path.Length == 0 ? key : $"{path}.{key}";
                    if (properties[key] is JsonObject childSchema)
                    {
                        Walk(kind, name, childSchema, child, childPath, dropped);
                    }
                    else if (schema["x-kubernetes-preserve-unknown-fields"]?.GetValue<bool>() != true && !(path.Length == 0 && key is "apiVersion" or "kind" or "metadata"))
                    {
                        map.Remove(key);
                        dropped.Add(childPath);
                    }
                }

                break;
            case JsonArray list when schema["items"] is JsonObject items:
                for (var index = 0; index < list.Count; index++)
                {
                    Walk(kind, name, items, list[index], $"{path}[{index}]", dropped);
                }

                break;
        }
    }

    private static string? TypeOf(JsonNode value) => value switch
    {
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "boolean",
            System.Text.Json.JsonValueKind.Number => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? "number" : "integer",
            _ => null,
        },
    };
}
