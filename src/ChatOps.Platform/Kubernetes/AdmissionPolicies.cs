namespace ChatOps.Platform.Kubernetes;

/// <summary>Whether admission policies are there and enforced, as far as the bot may read them.</summary>
internal static class AdmissionPolicies
{
    private const string Root = "apis/admissionregistration.k8s.io/v1";

    /// <summary>Those of manifests/admission/applications.yaml; each has a binding of its name.</summary>
    public static IReadOnlyList<string> OfApplications { get; } = ["chatops-applications-kept", "chatops-application-fields"];

    /// <summary>Those of manifests/admission/projects.yaml and windows.yaml that bound what is written there.</summary>
    public static IReadOnlyList<string> OfProjects { get; } = ["chatops-projects", "chatops-project-windows"];

    /// <summary>That of manifests/admission/sets.yaml, which matters where a rule lets sets be edited.</summary>
    public static IReadOnlyList<string> OfSets { get; } = ["chatops-applicationsets"];

    /// <summary>The first that is missing, not enforced, or cannot be read; null when all are there.</summary>
    public static async Task<string?> MissingAsync(ClusterApi cluster, IEnumerable<string> names, CancellationToken ct)
    {
        foreach (var name in names)
        {
            var policy = await cluster.GetAsync($"{Root}/validatingadmissionpolicies/{name}", ct);
            var binding = await cluster.GetAsync($"{Root}/validatingadmissionpolicybindings/{name}", ct);
            if (!policy.IsOk || !binding.IsOk || binding.Body.Text("spec", "policyName") != name || !binding.Body.Texts("spec", "validationActions").Contains("Deny"))
            {
                return name;
            }
        }

        return null;
    }
}
