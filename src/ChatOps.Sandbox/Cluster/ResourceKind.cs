namespace ChatOps.Sandbox.Cluster;

/// <summary>One kind that the simulated API server stores, under the names that discovery, RBAC and URLs use for it.</summary>
internal sealed record ResourceKind(string Group, string Version, string Plural, string Kind, bool Namespaced = true, params string[] ShortNames)
{
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Custom kinds have atomic lists and take no strategic merge patch.</summary>
    public bool IsCustom => Group == "argoproj.io";

    /// <summary>Kinds whose status is written on its own path; a write to the main path leaves it alone.</summary>
    public bool HasStatusSubresource => Plural is "deployments" or "namespaces" or "pods" or "services";

    /// <summary>Kinds that are only written, never worked on.</summary>
    public bool HasNoGeneration => Kind is "ConfigMap" or "Secret" or "ServiceAccount" or "Event" or "Namespace" or "Service" or "Lease" or "Role" or "RoleBinding" or "ClusterRole" or "ClusterRoleBinding";

    public bool HasScale => Plural == "deployments";

    public static readonly IReadOnlyList<ResourceKind> All =
    [
        new("", "v1", "namespaces", "Namespace", false, "ns"),
        new("", "v1", "nodes", "Node", false, "no"),
        new("", "v1", "configmaps", "ConfigMap", true, "cm"),
        new("", "v1", "services", "Service", true, "svc"),
        new("", "v1", "events", "Event", true, "ev"),
        new("", "v1", "secrets", "Secret"),
        new("", "v1", "serviceaccounts", "ServiceAccount", true, "sa"),
        new("", "v1", "pods", "Pod", true, "po"),
        new("apps", "v1", "deployments", "Deployment", true, "deploy"),
        new("apps", "v1", "replicasets", "ReplicaSet", true, "rs"),
        new("batch", "v1", "jobs", "Job"),
        new("batch", "v1", "cronjobs", "CronJob", true, "cj"),
        new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true, "pdb"),
        new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true, "netpol"),
        new("coordination.k8s.io", "v1", "leases", "Lease"),
        new("argoproj.io", "v1alpha1", "applications", "Application", true, "app", "apps"),
        new("argoproj.io", "v1alpha1", "appprojects", "AppProject", true, "appproj", "appprojs"),
        new("argoproj.io", "v1alpha1", "applicationsets", "ApplicationSet", true, "appset", "appsets"),
        new("rbac.authorization.k8s.io", "v1", "roles", "Role"),
        new("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"),
        new("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false),
        new("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false),
        new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false, "crd", "crds"),
        new("admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy", false),
        new("admissionregistration.k8s.io", "v1", "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding", false),
    ];

    public static ResourceKind? Find(string group, string version, string plural) =>
        All.FirstOrDefault(kind => kind.Group == group && kind.Version == version && kind.Plural == plural);

    public static ResourceKind Named(string plural) => All.First(kind => kind.Plural == plural);
}
