using ChatOps.Core.Commands;

namespace ChatOps.Core.Policy;

/// <summary>Everything that is wrong with a policy as written, all at once, each with the fix. One good finding per sound rule.</summary>
public static class PolicyCheck
{
    /// <param name="holders">
    /// Names of the people who can be reached, by role, as <see cref="RoleMembership.HoldersAsync"/> tells; null when the
    /// chat system cannot be asked, and then who holds what is not judged.
    /// </param>
    public static IReadOnlyList<Finding> Of(PolicyConfiguration policy, IReadOnlyDictionary<string, IReadOnlyList<string>>? holders)
    {
        var faults = new List<Finding>();
        Add(string.IsNullOrWhiteSpace(policy.Version), "The policy has no version, so it allows nothing", "Set Policy:Version, and change it with every edit");
        Add(policy.Rules.Count == 0, "The policy has no rules, so nobody may do anything", "Add at least one rule to Policy:Rules");
        Add(policy.Rules.Exists(rule => rule.Verbs.Exists(PolicyVerb.MakesOverride)) && !policy.Rules.Exists(rule => rule.Verbs.Contains(PolicyVerb.Resume)),
            "Somebody may pause, but no rule lets anybody resume", "Add the verb resume to a rule");
        Limits();
        faults.AddRange(BreakGlassCheck.Of(policy));
        faults.AddRange(RoleCheck.Of(policy, holders));
        for (var index = 0; index < policy.Rules.Count; index++)
        {
            faults.AddRange(RuleCheck.Of(policy, index, holders));
        }

        var sound = policy.Rules.Where(rule => !faults.Exists(fault => fault.What.StartsWith(RuleCheck.Named(rule), StringComparison.Ordinal)));
        return [.. faults, .. sound.Select(rule => new Finding(true, $"{RuleCheck.Named(rule)} {PolicyDocument.InWords(rule)}", ""))];

        void Limits()
        {
            Add(policy.NoticeBeforeEnd <= TimeSpan.Zero, "Policy:NoticeBeforeEnd is no time, so nobody is told before an override ends", "Set it to some minutes, e.g. 00:10:00");
            Add(policy.EscalateEvery <= TimeSpan.Zero, "Policy:EscalateEvery is no time", "Set it to some minutes, e.g. 00:10:00");
            Add(policy.BackportWithin <= TimeSpan.Zero, "Policy:BackportWithin is no time", "Set it to the time within which a change must be in Git, e.g. 1.00:00:00");
            Add(policy.EscalateTo.Count == 0 && policy.Rules.Exists(rule => rule.AtDeadline == AtDeadline.Escalate && rule.Verbs.Exists(PolicyVerb.MakesOverride)),
                "A passed deadline goes to nobody but its owner, because Policy:EscalateTo is empty", "Name the roles that are asked next, in order");
            foreach (var role in policy.EscalateTo.Where(role => policy.Role(role) is null))
            {
                Add(true, $"Policy:EscalateTo names the role '{role}', which does not exist", Nearest(policy, role));
            }
        }

        void Add(bool wrong, string what, string fix)
        {
            if (wrong)
            {
                faults.Add(new(false, what, fix));
            }
        }
    }

    internal static string Nearest(PolicyConfiguration policy, string role) =>
        Suggestion.Nearest(role, policy.Roles.Select(known => known.Name)) is { } meant
            ? $"Did you mean '{meant}'?"
            : $"Add the role to Policy:Roles, or name one of: {RuleFit.Listed([.. policy.Roles.Select(known => known.Name)], "(there are none)")}";
}
