using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// A kind whose objects are listed where access was open: as names, moments and tools, never with what they hold. Secret is
/// none of them.
/// </summary>
/// <param name="Outlives">Objects of it can let somebody in, or run for them, after the access that made them.</param>
/// <param name="Versions">The API server's own, newest first.</param>
public sealed record ListedKind(string Group, string Resource, bool Outlives, params IReadOnlyList<string> Versions)
{
    private const string Rbac = "rbac.authorization.k8s.io";

    public static IReadOnlyList<ListedKind> InNamespaces { get; } =
    [
        .. ReadKind.All.Select(kind => new ListedKind(kind.Group, kind.Resource, kind.Resource is "serviceaccounts" or "cronjobs", VersionsOf(kind.Resource))),
        new("", "pods", false, "v1"),
        new("apps", "replicasets", false, "v1"),
        new(Rbac, "roles", true, "v1"),
        new(Rbac, "rolebindings", true, "v1"),
    ];

    public static IReadOnlyList<ListedKind> InNone { get; } =
    [
        new("", "nodes", false, "v1"),
        new("", "namespaces", false, "v1"),
        new("", "persistentvolumes", false, "v1"),
        new("storage.k8s.io", "storageclasses", false, "v1"),
        new(Rbac, "clusterroles", true, "v1"),
        new(Rbac, "clusterrolebindings", true, "v1"),
        new("admissionregistration.k8s.io", "mutatingwebhookconfigurations", true, "v1"),
        new("admissionregistration.k8s.io", "validatingwebhookconfigurations", true, "v1"),
    ];

    /// <summary>Some were in beta for long.</summary>
    private static string[] VersionsOf(string resource) => resource is "cronjobs" or "poddisruptionbudgets" ? ["v1", "v1beta1"] : ["v1"];

    /// <summary>What is looked at in one place; the empty name is that of no namespace.</summary>
    public static IReadOnlyList<ListedKind> In(string ns) => ns.Length > 0 ? InNamespaces : InNone;
}
