using System.Text.Json;
using ChatOps.Core.Grants;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>The rules of a ClusterRole, for people to read and to ask the API server about one by one.</summary>
internal static class RoleRules
{
    public static IReadOnlyList<string> InWords(JsonElement role) =>
        [.. role.Items("rules").Select(rule => $"{Listed(rule.Texts("verbs"))} {Listed(Resources(rule))}{Names(rule)}")];

    /// <summary>Changing before looking. Without what a rule narrows to single names: asking for any other name would tell nothing.</summary>
    public static IReadOnlyList<AccessRight> Rights(JsonElement role) => Rights(role.Items("rules").Where(rule => !rule.Texts("resourceNames").Any()));

    /// <summary>With what a rule narrows to single names.</summary>
    public static IReadOnlyList<AccessRight> All(JsonElement role) => Rights(role.Items("rules"));

    private static IReadOnlyList<AccessRight> Rights(IEnumerable<JsonElement> rules) =>
    [
        .. (from rule in rules
            from resource in rule.Texts("resources")
            from @group in rule.Texts("apiGroups")
            from verb in rule.Texts("verbs")
            select new AccessRight(verb, @group, resource)).Distinct().OrderBy(right => right.Verb is "get" or "list" or "watch"),
    ];

    private static IEnumerable<string> Resources(JsonElement rule) =>
        from resource in rule.Texts("resources")
        let groups = rule.Texts("apiGroups").Where(one => one.Length > 0).ToList()
        select groups.Count == 0 ? resource : $"{resource} ({string.Join(", ", groups)})";

    private static string Names(JsonElement rule) => rule.Texts("resourceNames").ToList() is { Count: > 0 } names ? $"{RoleRule.Only}{Listed(names)}" : "";

    private static string Listed(IEnumerable<string> values) => string.Join(", ", values.Select(value => value == "*" ? RoleRule.Everything : value));
}
