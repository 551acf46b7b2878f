namespace ChatOps.Core.Policy;

/// <summary>What is wrong with the roles of a policy.</summary>
internal static class RoleCheck
{
    public static IEnumerable<Finding> Of(PolicyConfiguration policy, IReadOnlyDictionary<string, IReadOnlyList<string>>? holders)
    {
        foreach (var name in policy.Roles.GroupBy(role => role.Name).Where(same => same.Count() > 1 && same.Key.Length > 0).Select(same => same.Key))
        {
            yield return No($"Two roles are named '{name}', so nobody holds either", "Give each role its own name");
        }

        foreach (var role in policy.Roles)
        {
            if (string.IsNullOrWhiteSpace(role.Name))
            {
                yield return No("A role has no name", "Name it in Policy:Roles");
                continue;
            }

            var user = role.KubernetesUser;
            if (user.Length > 0 && (!user.StartsWith("chatops:", StringComparison.Ordinal) || user.Length == "chatops:".Length || user.Any(char.IsWhiteSpace)))
            {
                yield return No($"Role '{role.Name}' acts as '{user}', which is not a user of ours", "Kubernetes users of roles start with chatops: and a name of their own, e.g. chatops:on-call");
            }
            else if (ReservedUser.All.Contains(user))
            {
                yield return No($"Role '{role.Name}' acts as '{user}', which is kept for the product itself", "Choose another name after chatops:");
            }

            if (role.Users.Exists(string.IsNullOrWhiteSpace) || role.Groups.Exists(string.IsNullOrWhiteSpace))
            {
                yield return No($"Role '{role.Name}' names an empty user or group", "Remove the empty entry");
            }

            if (role.Users.Count + role.Groups.Count == 0)
            {
                yield return No($"Role '{role.Name}' names no users and no groups, so nobody holds it", "Add people or chat user groups, or remove the role");
            }
            else if (holders is not null && holders.GetValueOrDefault(role.Name, []).Count == 0)
            {
                yield return No($"Nobody who can be reached holds role '{role.Name}'", "Check that its people are in Identity:People with a working chat account, and that its groups exist and have members");
            }
        }

        foreach (var (first, second) in SharedUsers(policy))
        {
            yield return No(
                $"Roles '{first.Name}' and '{second.Name}' both act as '{first.KubernetesUser}' but may act on different applications, so each gets the other's rights in the cluster",
                "Give each role and scope its own KubernetesUser");
        }
    }

    private static IEnumerable<(RoleConfiguration First, RoleConfiguration Second)> SharedUsers(PolicyConfiguration policy) =>
        from first in policy.Roles.Index()
        from second in policy.Roles.Index()
        where first.Index < second.Index
            && first.Item.KubernetesUser.Length > 0
            && first.Item.KubernetesUser == second.Item.KubernetesUser
            && !ScopeOf(policy, first.Item).SetEquals(ScopeOf(policy, second.Item))
        select (first.Item, second.Item);

    private static HashSet<string> ScopeOf(PolicyConfiguration policy, RoleConfiguration role) =>
        policy.Rules.Where(rule => rule.Roles.Contains(role.Name) && rule.Verbs.Exists(PolicyVerb.WritesAsRole))
            .Select(rule => string.Join('|', new[] { rule.Applications, rule.Projects, rule.Namespaces, rule.Clusters }.Select(globs => string.Join(',', globs.Order(StringComparer.Ordinal)))))
            .ToHashSet(StringComparer.Ordinal);

    private static Finding No(string what, string fix) => new(false, what, fix);
}
