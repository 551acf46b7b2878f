using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd.Diffs;

/// <summary>
/// Whether Argo CD had made an object that the cluster has not. An object is missing as well where it was never deployed, or
/// not yet, and then nobody has deleted it. What Argo CD keeps of its deployments proves that it was there; without such a
/// proof nothing is said. Pure.
/// </summary>
internal static class DeployedBefore
{
    /// <param name="which">Names it, as Argo CD does: group, kind, namespace, name.</param>
    public static bool Is(ApplicationJson application, JsonElement which) => LastResult(application, which) switch
    {
        "Synced" => true,
        "Pruned" => false, // by Argo CD itself
        _ => IsWhatGitSays(application),
    };

    /// <summary>What the last operation did to it. A dry run does nothing, whatever its results say.</summary>
    private static string? LastResult(ApplicationJson application, JsonElement which) => application.OperationState.Flag("operation", "sync", "dryRun") ? null
        : application.OperationState.Items("syncResult", "resources").FirstOrDefault(result => result.Text("hookType") is null && Named(result) == Named(which)).Text("status");

    /// <summary>What Git says now, with this object, was deployed as a whole, and last: only such a sync is written to the history.</summary>
    private static bool IsWhatGitSays(ApplicationJson application)
    {
        var (last, compared) = (application.Raw.Items("status", "history").LastOrDefault(), application.Raw.At("status", "sync"));
        return DriftReader.Revision(last) is { } revision && revision == DriftReader.Revision(compared) && Sources(last) == Sources(compared.At("comparedTo"));
    }

    private static (string, string, string, string) Named(JsonElement one) => (one.Text("group") ?? "", one.Text("kind") ?? "", one.Text("namespace") ?? "", one.Text("name") ?? "");

    /// <summary>Without the names of the revisions, which are compared as commits. With another path or other parameters one commit says something else.</summary>
    private static string Sources(JsonElement holder)
    {
        var several = holder.Items("sources").ToList(); // beside them there is an empty single one
        return string.Join('\n', (several.Count > 0 ? several : [holder.At("source")]).Select(source => source.IsObject
            ? string.Join(',', source.EnumerateObject().Where(field => field.Name != "targetRevision").OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"{field.Name}={CanonicalJson.Of(field.Value)}"))
            : ""));
    }
}
