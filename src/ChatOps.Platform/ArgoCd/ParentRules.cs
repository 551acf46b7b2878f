using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>How a parent application treats an object of Argo CD that its Git has: another Application, or a project. Pure.</summary>
internal static class ParentRules
{
    /// <summary>The next sync writes it anew, and what Git lacks is gone.</summary>
    public static bool Replaces(JsonElement parent, JsonElement child) =>
        Says(parent.Texts("spec", "syncPolicy", "syncOptions"), "Replace=true")
        || Says((child.Text("metadata", "annotations", "argocd.argoproj.io/sync-options") ?? "").Split(','), "Replace=true");

    /// <summary>Its syncs leave this field of the child alone, whatever Git says.</summary>
    public static bool Respects(JsonElement parent, JsonElement child, string kind, IReadOnlyList<string> field) =>
        parent.Texts("spec", "syncPolicy", "syncOptions").Contains("RespectIgnoreDifferences=true") && Overlooks(parent, child, kind, field);

    /// <summary>Its comparisons do: another value there is no difference to it, though a sync for any other reason may write it.</summary>
    public static bool Overlooks(JsonElement parent, JsonElement child, string kind, IReadOnlyList<string> field) =>
        parent.Items("spec", "ignoreDifferences").Any(rule => IsAbout(rule, child, kind) && FieldRules.Names(rule, field));

    /// <summary>Its last comparison found the child to be as Git says. It compares within half a second when the child changes, and each few minutes.</summary>
    public static bool FindsSynced(JsonElement parent, ApplicationJson child) => parent.Items("status", "resources").Any(resource =>
        resource.Text("group") == "argoproj.io" && resource.Text("kind") == "Application"
        && resource.Text("name") == child.Name && resource.Text("namespace") == child.Namespace && resource.Text("status") == "Synced");

    private static bool IsAbout(JsonElement rule, JsonElement child, string kind) =>
        rule.Text("group") is "argoproj.io" or "*" && (rule.Text("kind") == "*" || rule.Text("kind") == kind)
        && Fits(rule.Text("name"), child.Text("metadata", "name")) && Fits(rule.Text("namespace"), child.Text("metadata", "namespace"));

    private static bool Fits(string? pattern, string? value) => pattern is null or "" or "*" || pattern == value;

    private static bool Says(IEnumerable<string> options, string option) => options.Any(one => one.Trim() == option);
}
