using ChatOps.Core.Conversation;

namespace ChatOps.Core.Policy;

/// <summary>The answer when no rule fits: what would have allowed it, and who holds that.</summary>
internal static class NoRule
{
    public static Refusal For(PolicyConfiguration policy, PolicyQuestion question, IReadOnlyList<RuleFit> fits)
    {
        var covering = fits.Where(fit => fit.CoversScope && RolesOf(policy, fit.Rule).Count > 0).Select(fit => fit.Rule).ToList();
        if (covering.Count == 0)
        {
            return new(RefusalKind.NotAllowed, Text.Of($"No rule lets anybody {question.Verb:code} {question.Application:code} (project {question.Project:code}, namespace {question.Namespace:code}, cluster {question.Cluster:code})."))
            {
                Instead = Text.Of($"See what is allowed with {"/gitops policy":code}. If this should be possible, ask whoever keeps the policy for a rule."),
            };
        }

        return new(RefusalKind.NotAllowed, Text.Of($"None of your roles may {question.Verb:code} {question.Application:code}."))
        {
            Instead = Text.Lines(covering.Select(rule =>
                Text.Of($"Rule {rule.Name:code} allows it to {string.Join("; ", RolesOf(policy, rule).Select(WithHolders))}. Ask one of them."))),
        };
    }

    private static List<RoleConfiguration> RolesOf(PolicyConfiguration policy, RuleConfiguration rule) =>
        [.. rule.Roles.Select(policy.Role).OfType<RoleConfiguration>()];

    /// <summary>Names only: a refusal must not wake a whole group.</summary>
    internal static string WithHolders(RoleConfiguration role)
    {
        var holders = role.Users.Concat(role.Groups.Select(group => $"chat group {group}")).ToList();
        return holders.Count == 0 ? $"{role.Name} (which nobody holds)" : $"{role.Name} ({string.Join(", ", holders)})";
    }
}
