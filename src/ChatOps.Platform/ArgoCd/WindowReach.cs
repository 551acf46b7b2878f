using System.Text.Json;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>
/// Which applications a window by the name of one reaches: all of that name whose project it is in, in whatever namespace,
/// and those of other projects where it is a global one. Pure.
/// </summary>
internal static class WindowReach
{
    /// <summary>In Argo CD's own namespace a name is there once; others may have it only where the project admits their namespaces.</summary>
    public static bool IsElsewhere(JsonElement project, bool isGlobal) => isGlobal || project.Texts("spec", "sourceNamespaces").Any();

    /// <param name="namesakes">All applications of that name; null where they may not be listed, or need not be.</param>
    public static WindowFacts Facts(ApplicationJson application, JsonElement project, string instance, bool isGlobal, JsonElement? namesakes)
    {
        var facts = new WindowFacts { HasList = project.At("spec", "syncWindows").ValueKind == JsonValueKind.Array };
        if (!IsElsewhere(project, isGlobal))
        {
            return facts;
        }

        return namesakes is not { } list
            ? facts with { ReachUnknown = $"project {application.Project} admits applications of other namespaces, and the bot may not list those (manifests/base lets it)." }
            : facts with
            {
                AlsoReaches =
                [
                    .. list.Items("items").Select(item => new ApplicationJson(item))
                        .Where(other => other.Uid != application.Uid && (isGlobal || other.Project == application.Project))
                        .Select(other => new ApplicationRef(instance, other.Namespace, other.Name))
                        .OrderBy(other => other.Namespace, StringComparer.Ordinal),
                ],
            };
    }
}
