using System.Text.Json;
using ChatOps.Core.Grants;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>The rules of a ClusterRole, for people to read and to ask the API server about one by one.</summary>
internal static class RoleRules
{
    public static IReadOnlyList<string> InWords(JsonElement role) =>
        [.. role.Items("rules").Select(rule => $"{Listed(rule.Texts("verbs"))} {Listed(Resources(rule))}{Names(rule)}")];

    /// <summary>Changing before looking; one for each single name that a rule narrows it to, as asking for any other would tell nothing.</summary>
    public static IReadOnlyList<AccessRight> Rights(JsonElement role) =>
    [
        .. (from rule in role.Items("rules")
            from resource in rule.Texts("resources")
            from @group in rule.Texts("apiGroups")
            from verb in rule.Texts("verbs")
            from name in rule.Texts("resourceNames").Cast<string?>().DefaultIfEmpty(null)
            select new AccessRight(verb, @group, resource) { Name = name }).Distinct().OrderBy(right => right.Verb is "get" or "list" or "watch"),
    ];

    /// <summary>The same, whatever single names it is narrowed to.</summary>
    public static IReadOnlyList<AccessRight> All(JsonElement role) => [.. Rights(role).Select(right => right with { Name = null }).Distinct()];

    private static IEnumerable<string> Resources(JsonElement rule) =>
        from resource in rule.Texts("resources")
        let groups = rule.Texts("apiGroups").Where(one => one.Length > 0).ToList()
        select groups.Count == 0 ? resource : $"{resource} ({string.Join(", ", groups)})";

    private static string Names(JsonElement rule) => rule.Texts("resourceNames").ToList() is { Count: > 0 } names ? $"{RoleRule.Only}{Listed(names)}" : "";

    private static string Listed(IEnumerable<string> values) => string.Join(", ", values.Select(value => value == "*" ? RoleRule.Everything : value));
}
