using System.Text.Json;
using ChatOps.Core;
using ChatOps.Core.Conversation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// Whether something takes a role of a project back. A list of roles that Git has is put back within a second, and an old copy
/// of it may bring a role of ours back after its end; a list that Git does not have is left alone. Pure.
/// </summary>
internal static class ProjectOwner
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public static Refusal? WhyNot(JsonElement project, string argoCdNamespace)
    {
        var name = project.Text("metadata", "name") ?? "";
        return Applier(project, argoCdNamespace) is { } applier && (AppliedRoles(project) || ReplacesWhole(project))
            ? new Refusal(RefusalKind.NotPossible, Text.Of($"The roles of Argo CD project {name:code} are applied by {applier}, which would take a role that I add back at once, or bring it back after its end."))
            {
                Instead = Text.Of($"Ask for access to the cluster instead, or let the platform team take {"spec.roles":code} of the project out of Git."),
            }
            : null;
    }

    public static IReadOnlyList<Text> Notices(JsonElement project) => InLastApplied(project)
        ? [Text.Of($"Project {project.Text("metadata", "name") ?? "":code} was applied by hand with roles of its own: whoever applies it again ends the access early.")]
        : [];

    /// <summary>Null: nothing applies the project by itself.</summary>
    private static string? Applier(JsonElement project, string argoCdNamespace)
    {
        var (ns, name) = (project.Text("metadata", "namespace"), project.Text("metadata", "name"));
        if (project.Text("metadata", "annotations", Annotations.TrackingId) is { } id && id.Split(':', 2) is [var tracker, var tracked] && tracked == $"argoproj.io/AppProject:{ns}/{name}")
        {
            return $"Argo CD application {tracker}";
        }

        if (Owners.Other(new(project)) is { Name.Length: > 0 } other)
        {
            return other.Name;
        }

        // As Argo CD before 3.0 tracked, or with a key of its own: what it applied it applies again.
        var isApplied = ManagedFields.WritersOf(project, "spec").Any(writer => writer.Manager == "argocd-controller");
        return (isApplied, project.Text("metadata", "labels", "app.kubernetes.io/instance")) switch
        {
            (true, { Length: > 0 } parent) => $"Argo CD application {parent}",
            (true, _) => $"an application of the Argo CD in {argoCdNamespace}",
            _ => null,
        };
    }

    private static bool AppliedRoles(JsonElement project) => InLastApplied(project) || project.Items("metadata", "managedFields").Any(entry =>
        !entry.At("fieldsV1", "f:spec", "f:roles").IsAbsent && entry.Text("manager") is { } manager && manager != "argocd-server"
        && (entry.Text("operation") == "Apply" || manager == "argocd-controller" || Owners.IsKnownApplier(manager)));

    private static bool InLastApplied(JsonElement project)
    {
        try
        {
            using var applied = JsonDocument.Parse(project.Text("metadata", "annotations", LastApplied) ?? "{}");
            return applied.RootElement.At("spec", "roles").ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
        }
        catch (JsonException)
        {
            return true; // it cannot be told, so the careful side
        }
    }

    private static bool ReplacesWhole(JsonElement project) =>
        project.Text("metadata", "annotations", "argocd.argoproj.io/sync-options")?.Contains("Replace=true", StringComparison.Ordinal) == true;
}
