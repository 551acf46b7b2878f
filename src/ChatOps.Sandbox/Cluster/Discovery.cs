using System.Text.Json.Nodes;

namespace ChatOps.Sandbox.Cluster;

/// <summary>What clients ask before they ask for anything: versions, groups and the resources in them.</summary>
internal static class Discovery
{
    private static readonly (string Group, string Version, string Plural, string Kind, bool Namespaced)[] CreateOnly =
    [
        ("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", false),
        ("authorization.k8s.io", "v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview", false),
        ("authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", false),
        ("authorization.k8s.io", "v1", "localsubjectaccessreviews", "LocalSubjectAccessReview", true),
        ("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview", false),
    ];

    public static JsonObject? Answer(string path) => path.Trim('/').Split('/') switch
    {
        ["version"] => new JsonObject { ["major"] = "1", ["minor"] = "36", ["gitVersion"] = "v1.36.2", ["platform"] = "linux/amd64" },
        ["api"] => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
        ["apis"] => new JsonObject { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray([.. Groups().Select(group => Group(group.Name, group.Version))]) },
        ["apis", var group] when Groups().FirstOrDefault(known => known.Name == group) is { Version: not null } known => Group(known.Name, known.Version),
        ["api", "v1"] => Resources("", "v1"),
        ["apis", var group, var version] when Groups().Any(known => known.Name == group && known.Version == version) => Resources(group, version),
        ["openapi", "v3"] => new JsonObject { ["paths"] = new JsonObject() },
        ["openapi", "v2"] => new JsonObject { ["swagger"] = "2.0", ["info"] = new JsonObject { ["title"] = "simulated", ["version"] = "v1.36.2" }, ["paths"] = new JsonObject(), ["definitions"] = new JsonObject() },
        _ => null,
    };

    private static IEnumerable<(string Name, string Version)> Groups() =>
        ResourceKind.All.Select(kind => (kind.Group, kind.Version)).Concat(CreateOnly.Select(kind => (kind.Group, kind.Version))).Where(group => group.Group.Length > 0).Distinct();

    private static JsonObject Group(string name, string version)
    {
        JsonObject Version() => new() { ["groupVersion"] = $"{name}/{version}", ["version"] = version };
        return new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1", ["name"] = name, ["versions"] = new JsonArray(Version()), ["preferredVersion"] = Version() };
    }

    private static JsonObject Resources(string group, string version)
    {
        var resources = new JsonArray();
        foreach (var kind in ResourceKind.All.Where(kind => kind.Group == group && kind.Version == version))
        {
            resources.Add(Resource(kind.Plural, kind.Kind, kind.Namespaced, kind.ShortNames, "create", "delete", "get", "list", "patch", "update", "watch"));
            if (kind.HasStatusSubresource)
            {
                resources.Add(Resource(kind.Plural + "/status", kind.Kind, kind.Namespaced, [], "get", "patch", "update"));
            }

            if (kind.HasScale)
            {
                var scale = Resource(kind.Plural + "/scale", "Scale", kind.Namespaced, [], "get", "patch", "update");
                scale["group"] = "autoscaling";
                scale["version"] = "v1";
                resources.Add(scale);
            }
        }

        foreach (var kind in CreateOnly.Where(kind => kind.Group == group))
        {
            resources.Add(Resource(kind.Plural, kind.Kind, kind.Namespaced, [], "create"));
        }

        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = resources,
        };
    }

    private static JsonObject Resource(string name, string kind, bool namespaced, string[] shortNames, params string[] verbs)
    {
        var resource = new JsonObject
        {
            ["name"] = name,
            ["singularName"] = name.Contains('/', StringComparison.Ordinal) ? "" : kind.ToLowerInvariant(),
            ["namespaced"] = namespaced,
            ["kind"] = kind,
            ["verbs"] = new JsonArray([.. verbs.Select(verb => (JsonNode)verb)]),
        };
        if (shortNames.Length > 0)
        {
            resource["shortNames"] = new JsonArray([.. shortNames.Select(shortName => (JsonNode)shortName)]);
        }

        return resource;
    }
}
