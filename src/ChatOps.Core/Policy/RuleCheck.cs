using ChatOps.Core.Commands;

namespace ChatOps.Core.Policy;

/// <summary>What is wrong with one rule of a policy.</summary>
internal static class RuleCheck
{
    public static string Named(RuleConfiguration rule) => $"Rule '{rule.Name}'";

    public static IEnumerable<Finding> Of(PolicyConfiguration policy, int index, IReadOnlyDictionary<string, IReadOnlyList<string>>? holders)
    {
        var rule = policy.Rules[index];
        return Itself(policy, index, rule)
            .Concat(rule.Approvals is { } approvals ? ApprovalCheck.Of(policy, rule, approvals) : [])
            .Concat(ApprovalCheck.Emergency(rule))
            .Concat(BreakGlassCheck.OfRule(policy, rule))
            .Concat(holders is null ? [] : ApprovalCheck.People(rule, holders))
            .Select(fault => new Finding(false, $"{Named(rule)} {fault.What}", fault.Fix));
    }

    private static IEnumerable<(string What, string Fix)> Itself(PolicyConfiguration policy, int index, RuleConfiguration rule)
    {
        if (string.IsNullOrWhiteSpace(rule.Name))
        {
            yield return ($"(number {index + 1}) has no name", "Name it: the name is stored with every operation that it allows");
        }
        else if (policy.Rules.FindIndex(other => other.Name == rule.Name) < index)
        {
            yield return ("comes twice", "Give each rule its own name: the name is stored with every operation that it allows");
        }

        foreach (var (what, list) in new[] { ("Roles", rule.Roles), ("Verbs", rule.Verbs), ("Applications", rule.Applications), ("Projects", rule.Projects), ("Namespaces", rule.Namespaces), ("Clusters", rule.Clusters) })
        {
            if (list.Count == 0)
            {
                yield return ($"has no {what}, so it fits nobody and nothing", what is "Roles" or "Verbs" ? $"Fill in {what}" : $"Fill in {what}; \"*\" means all of them");
            }
            else if (list.Exists(string.IsNullOrWhiteSpace))
            {
                yield return ($"has an empty entry in {what}", "Remove it; \"*\" means all of them");
            }
        }

        foreach (var role in rule.Roles.Where(role => role.Length > 0 && policy.Role(role) is null))
        {
            yield return ($"names the role '{role}', which does not exist", PolicyCheck.Nearest(policy, role));
        }

        foreach (var verb in rule.Verbs.Where(verb => verb.Length > 0 && !PolicyVerb.All.Contains(verb)))
        {
            yield return ($"names the verb '{verb}', which no rule can allow", Suggestion.Nearest(verb, PolicyVerb.All) is { } meant ? $"Did you mean '{meant}'?" : $"Verbs are: {string.Join(", ", PolicyVerb.All)}");
        }

        if (rule.Verbs.Exists(PolicyVerb.Lasts))
        {
            if (rule.LongestDuration <= TimeSpan.Zero)
            {
                yield return ("sets no LongestDuration, and every override ends", "Set it, e.g. 01:00:00");
            }
            else if (rule.LongestDuration > Durations.Longest)
            {
                yield return ($"allows {Durations.InWords(rule.LongestDuration)}, more than anybody can ask for", $"{Durations.InWords(Durations.Longest)} is the most");
            }
        }

        if (rule.Verbs.Contains(PolicyVerb.BranchFollow) && Rulebook.FollowFault(rule) is { } follows)
        {
            yield return ($"names branch-follow, but {follows}", "Give branch-follow a rule of its own, with Approvals");
        }

        if (rule.MayAddIgnoreApplicationDifferences && !rule.Verbs.Exists(PolicyVerb.MayEditSets))
        {
            yield return ("sets MayAddIgnoreApplicationDifferences, and allows neither pause nor rollback", "Set it in the rules for pause and rollback: a branch is never held by such an entry");
        }

        foreach (var fault in OfOverwriting(policy, rule))
        {
            yield return fault;
        }

        if (rule.WithoutApproval == (rule.Approvals is not null) && (rule.WithoutApproval || rule.Verbs.Exists(PolicyVerb.IsDecided)))
        {
            yield return rule.WithoutApproval
                ? ("says both who approves and that nobody needs to, so it allows nothing", "Leave out either Approvals or WithoutApproval")
                : ("neither says who approves nor that nobody needs to, so it allows nothing", "Fill in Approvals (an empty or misspelt one counts as missing), or set WithoutApproval to true");
        }

        if (rule.Verbs.Exists(PolicyVerb.WritesAsRole))
        {
            foreach (var role in rule.Roles.Select(policy.Role).OfType<RoleConfiguration>().Where(role => role.KubernetesUser.Length == 0))
            {
                yield return ($"lets role '{role.Name}' change the cluster, which has no Kubernetes user to act as", $"Set KubernetesUser of role '{role.Name}', e.g. chatops:{role.Name}, or take the role out of the rule");
            }
        }

        if (policy.Rules.Take(index).FirstOrDefault(earlier => Shadows(earlier, rule)) is { } before)
        {
            yield return ($"is never reached: rule '{before.Name}' before it fits whatever it fits", "Put the narrower rule first");
        }
    }

    private static IEnumerable<(string What, string Fix)> OfOverwriting(PolicyConfiguration policy, RuleConfiguration rule)
    {
        if (rule.OverwritingNeeds != OverwritingNeeds.SecondPress && !rule.Verbs.Exists(PolicyVerb.MakesOverride))
        {
            yield return ("sets OverwritingNeeds, and makes no override that could end", "Set it in the rules for pause, rollback and branch: it is kept with what they allow");
        }
        else if (rule.OverwritingNeeds == OverwritingNeeds.Approval && policy.Role(rule.OverwritingApprover) is null)
        {
            yield return rule.OverwritingApprover.Length == 0
                ? ("wants an approval before changes by hand are overwritten, and says nobody who could give it, so it allows nothing", "Set OverwritingFrom to a role")
                : ($"wants '{rule.OverwritingApprover}' to agree before changes by hand are overwritten, a role that does not exist, so it allows nothing", PolicyCheck.Nearest(policy, rule.OverwritingApprover));
        }
        else if (rule.OverwritingNeeds != OverwritingNeeds.Approval && rule.OverwritingFrom.Length > 0)
        {
            yield return ("sets OverwritingFrom, which counts for OverwritingNeeds: Approval alone", "Set OverwritingNeeds to Approval, or leave OverwritingFrom out");
        }
    }

    /// <summary>Sure cases only: each entry is there literally, or everything is.</summary>
    private static bool Shadows(RuleConfiguration earlier, RuleConfiguration later)
    {
        return Literally(earlier.Roles, later.Roles) && Literally(earlier.Verbs, later.Verbs)
            && Globs(earlier.Applications, later.Applications) && Globs(earlier.Projects, later.Projects)
            && Globs(earlier.Namespaces, later.Namespaces) && Globs(earlier.Clusters, later.Clusters);

        static bool Literally(List<string> wide, List<string> narrow) => narrow.Count > 0 && narrow.TrueForAll(wide.Contains);
        static bool Globs(List<string> wide, List<string> narrow) => narrow.Count > 0 && (wide.Contains("*") || Literally(wide, narrow));
    }
}
