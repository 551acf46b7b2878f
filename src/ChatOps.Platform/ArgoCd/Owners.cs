using System.Collections.Frozen;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>An Application that may manage another one; to be verified, since annotations are copied with manifests.</summary>
internal sealed record ParentClaim(string Namespace, string Name, bool ByTrackingId);

/// <summary>Who takes changes of an Application back. The object only claims; reading the claimed owner verifies.</summary>
internal static class Owners
{
    private const string ArgoGroup = "argoproj.io";

    private static readonly FrozenDictionary<string, string> KnownAppliers = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["kustomize-controller"] = "Flux (kustomize-controller)",
        ["helm-controller"] = "Flux (helm-controller)",
        ["helm"] = "Helm",
        ["Terraform"] = "Terraform",
        ["HashiCorp"] = "Terraform",
        ["terraform-provider-kubernetes"] = "Terraform",
        ["OpenTofu"] = "OpenTofu",
        ["pulumi-kubernetes"] = "Pulumi",
        ["argocd-image-updater"] = "Argo CD Image Updater",
        ["kargo"] = "Kargo",
        ["kargo-controller"] = "Kargo",
    }.ToFrozenDictionary();

    /// <summary>Argo CD's own, as they write an Application that somebody else owns; its API server writes for people.</summary>
    private static readonly FrozenSet<string> Controllers = new[] { "argocd-controller", "argocd-application-controller", "argocd-applicationset-controller" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Name of the ApplicationSet that generated it.</summary>
    public static string? ClaimedSet(ApplicationJson application) =>
        application.Raw.Items("metadata", "ownerReferences")
            .Where(owner => owner.Text("kind") == "ApplicationSet" && owner.Text("apiVersion")?.StartsWith(ArgoGroup, StringComparison.Ordinal) == true)
            .Select(owner => owner.Text("name"))
            .FirstOrDefault();

    /// <summary>
    /// From the tracking id <c>parent:argoproj.io/Application:namespace/name</c>, which must name the object itself, or from
    /// the label that Argo CD before 3.0 tracked by. A parent outside the engine's namespace is written <c>namespace_name</c>.
    /// </summary>
    public static ParentClaim? ClaimedParent(ApplicationJson application, string engineNamespace, string kind = "Application")
    {
        var own = $"{ArgoGroup}/{kind}:{application.Namespace}/{application.Name}";
        if (application.Annotation(Annotations.TrackingId) is { } id && id.Split(':', 2) is [var tracker, var tracked] && tracked == own)
        {
            return Parent(tracker, engineNamespace, byTrackingId: true);
        }

        return application.Raw.Text("metadata", "labels", "app.kubernetes.io/instance") is { Length: > 0 } label && label != application.Name
            ? Parent(label, engineNamespace, byTrackingId: false)
            : null;
    }

    /// <summary>Whether the claimed parent agrees: it lists the child, or applied it and did not get round to listing it.</summary>
    public static bool Manages(ApplicationJson parent, ApplicationJson child, ParentClaim claim, string kind = "Application") =>
        parent.Raw.Items("status", "resources").Any(resource =>
            resource.Text("group") == ArgoGroup && resource.Text("kind") == kind
            && resource.Text("name") == child.Name && resource.Text("namespace") == child.Namespace)
        || (claim.ByTrackingId && ManagedFields.WritersOf(child.Raw, "spec").Any(writer => writer.Manager == "argocd-controller"));

    /// <summary>Whose hand that was: what brings Git's or a generator's word is no person's.</summary>
    public static FieldHand? HandOf(ApplicationJson application, FieldWriter? writer) => writer is null
        ? null
        : new(writer.Manager, writer.At, Controllers.Contains(writer.Manager) || KnownAppliers.ContainsKey(writer.Manager) || AppliesAgain(application, writer.Manager));

    private static bool AppliesAgain(ApplicationJson application, string manager) =>
        !manager.StartsWith("kubectl", StringComparison.Ordinal)
        && ManagedFields.WritersOf(application.Raw, "spec").Any(one => one.Manager == manager && one.Applies);

    public static bool IsKnownApplier(string manager) => KnownAppliers.ContainsKey(manager);

    /// <summary>Something else that applies the object and will do so again.</summary>
    public static Owner Other(ApplicationJson application)
    {
        var labels = application.Raw.At("metadata", "labels");
        if (labels.Text("kustomize.toolkit.fluxcd.io/name") is { } kustomization)
        {
            return new(OwnerKind.Other, $"Flux Kustomization {kustomization}");
        }

        if (labels.Text("helm.toolkit.fluxcd.io/name") is { } release)
        {
            return new(OwnerKind.Other, $"Flux HelmRelease {release}");
        }

        foreach (var (manager, applies) in ManagedFields.WritersOf(application.Raw, "spec"))
        {
            if (KnownAppliers.TryGetValue(manager, out var known))
            {
                return new(OwnerKind.Other, known);
            }

            if (applies && !manager.StartsWith("kubectl", StringComparison.Ordinal) && !manager.StartsWith("argocd-", StringComparison.Ordinal))
            {
                return new(OwnerKind.Other, manager);
            }
        }

        return application.Annotation("meta.helm.sh/release-name") is { } helm ? new(OwnerKind.Other, $"Helm release {helm}") : Owner.Nobody;
    }

    private static ParentClaim Parent(string tracker, string engineNamespace, bool byTrackingId) =>
        tracker.Split('_', 2) is [var other, var name] ? new(other, name, byTrackingId) : new(engineNamespace, tracker, byTrackingId);
}
