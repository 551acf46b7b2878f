namespace ChatOps.Platform.ArgoCd;

/// <summary>Addresses of Argo CD's objects in the Kubernetes API, relative to its root.</summary>
internal static class ApplicationPaths
{
    public const string CustomResource = "apis/apiextensions.k8s.io/v1/customresourcedefinitions/applications.argoproj.io";
    public const string OpenApi = "openapi/v3/apis/argoproj.io/v1alpha1";

    private const string Root = "apis/argoproj.io/v1alpha1";

    public static string Applications(string ns) => $"{Root}/namespaces/{Uri.EscapeDataString(ns)}/applications";

    public static string Application(string ns, string name) => $"{Applications(ns)}/{Uri.EscapeDataString(name)}";

    public static string Sets(string ns) => $"{Root}/namespaces/{Uri.EscapeDataString(ns)}/applicationsets";

    public static string Set(string ns, string name) => $"{Sets(ns)}/{Uri.EscapeDataString(name)}";

    public static string Projects(string ns) => $"{Root}/namespaces/{Uri.EscapeDataString(ns)}/appprojects";

    public static string Project(string ns, string name) => $"{Projects(ns)}/{Uri.EscapeDataString(name)}";

    /// <summary>What is told of one application: Events lie beside it.</summary>
    public static string Events(string ns, string application) =>
        $"api/v1/namespaces/{Uri.EscapeDataString(ns)}/events?limit=500&fieldSelector={Uri.EscapeDataString($"involvedObject.kind=Application,involvedObject.name={application}")}";

    public static string ArgoCdRbac(string ns) => $"api/v1/namespaces/{Uri.EscapeDataString(ns)}/configmaps/argocd-rbac-cm";

    /// <summary>Those of one name in every namespace, as the server's cache has them.</summary>
    public static string ApplicationsNamed(string name) => $"{Root}/applications?resourceVersion=0&fieldSelector={Uri.EscapeDataString($"metadata.name={name}")}";

    public static string ArgoCdConfig(string ns) => $"api/v1/namespaces/{Uri.EscapeDataString(ns)}/configmaps/argocd-cm";
}
