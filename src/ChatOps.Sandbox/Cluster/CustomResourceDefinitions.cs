using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>CRDs of our own: only what the product detects features by and what a typo in a patch must run into.</summary>
internal static class CustomResourceDefinitions
{
    public static IEnumerable<JsonObject> All(bool automatedEnabled) =>
        ResourceKind.All.Where(kind => kind.IsCustom).Select(kind => Define(kind, kind.Plural == "applications" ? Application(automatedEnabled) : Open()));

    private static JsonObject Define(ResourceKind kind, JsonObject schema) => new()
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1",
        ["kind"] = "CustomResourceDefinition",
        ["metadata"] = new JsonObject { ["name"] = kind.QualifiedName },
        ["spec"] = new JsonObject
        {
            ["group"] = kind.Group,
            ["scope"] = "Namespaced",
            ["names"] = new JsonObject { ["kind"] = kind.Kind, ["listKind"] = kind.Kind + "List", ["plural"] = kind.Plural, ["singular"] = kind.Kind.ToLowerInvariant() },
            ["versions"] = new JsonArray(new JsonObject
            {
                ["name"] = kind.Version,
                ["served"] = true,
                ["storage"] = true,
                ["schema"] = new JsonObject { ["openAPIV3Schema"] = schema },
            }),
        },
        ["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Established", ["status"] = "True", ["reason"] = "InitialNamesAccepted" }),
            ["storedVersions"] = new JsonArray("v1alpha1"),
        },
    };

    private static JsonObject Application(bool automatedEnabled)
    {
        var automated = Map(("allowEmpty", Of("boolean")), ("prune", Of("boolean")), ("selfHeal", Of("boolean")));
        if (automatedEnabled)
        {
            automated["properties"]!["enabled"] = Of("boolean");
        }

        var syncPolicy = Map(("automated", automated), ("managedNamespaceMetadata", Open()), ("retry", Open()), ("syncOptions", List(Of("string"))));
        var source = Map(("repoURL", Of("string")), ("path", Of("string")), ("targetRevision", Of("string")));
        source["x-kubernetes-preserve-unknown-fields"] = true;
        var spec = Map(
            ("project", Of("string")),
            ("destination", Open()),
            ("source", source),
            ("sources", List(source.DeepClone().AsObject())),
            ("sourceHydrator", Open()),
            ("syncPolicy", syncPolicy),
            ("ignoreDifferences", List(Open())),
            ("info", List(Open())),
            ("revisionHistoryLimit", Of("integer")));
        return Map(("apiVersion", Of("string")), ("kind", Of("string")), ("metadata", Of("object")), ("spec", spec), ("operation", Open()), ("status", Open()));
    }

    private static JsonObject Of(string type) => new() { ["type"] = type };

    private static JsonObject Open() => new() { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };

    private static JsonObject List(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Map(params (string Name, JsonObject Schema)[] properties) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(properties.Select(property => KeyValuePair.Create(property.Name, (JsonNode?)property.Schema))),
    };
}
