using System.Text.Json.Nodes;
using ChatOps.Sandbox.Cluster;

namespace ChatOps.Sandbox.ArgoCd;

/// <summary>A kind by the names that URLs need.</summary>
internal sealed record ResourceType(string Group, string Version, string Kind, string Plural, bool Namespaced)
{
    public static readonly ResourceType Application = Of("argoproj.io/v1alpha1", "Application");
    public static readonly ResourceType AppProject = Of("argoproj.io/v1alpha1", "AppProject");
    public static readonly ResourceType ApplicationSet = Of("argoproj.io/v1alpha1", "ApplicationSet");
    public static readonly ResourceType Namespace = Of("v1", "Namespace");
    public static readonly ResourceType Event = Of("v1", "Event");

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public bool IsCustom => Group == "argoproj.io";

    public static ResourceType Of(string apiVersion, string kind)
    {
        var parts = apiVersion.Split('/');
        var (group, version) = parts.Length == 2 ? (parts[0], parts[1]) : ("", parts[0]);
        var known = ResourceKind.All.FirstOrDefault(candidate => candidate.Group == group && candidate.Kind == kind);
        return new ResourceType(group, version, kind, known?.Plural ?? kind.ToLowerInvariant() + "s", known?.Namespaced ?? true);
    }

    public string PathIn(string ns)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        return Namespaced && ns.Length > 0 ? $"{root}/namespaces/{ns}/{Plural}" : $"{root}/{Plural}";
    }
}

/// <summary>One object's identity.</summary>
internal sealed record ResourceId(ResourceType Type, string Namespace, string Name)
{
    public string Path => $"{Type.PathIn(Namespace)}/{Name}";

    /// <summary>As kubectl and Argo CD's messages name it.</summary>
    public string Spoken => $"{Type.Kind.ToLowerInvariant()}{(Type.Group.Length == 0 ? "" : "." + Type.Group)}/{Name}";

    public string TrackedBy(string application) => $"{application}:{Type.Group}/{Type.Kind}:{Namespace}/{Name}";

    public static ResourceId Of(JsonObject manifest, string defaultNamespace)
    {
        var type = ResourceType.Of(manifest["apiVersion"]!.GetValue<string>(), manifest["kind"]!.GetValue<string>());
        var ns = manifest["metadata"]?["namespace"]?.GetValue<string>() ?? defaultNamespace;
        return new ResourceId(type, type.Namespaced ? ns : "", manifest["metadata"]!["name"]!.GetValue<string>());
    }
}
