using ChatOps.Core.Commands;
using ChatOps.Core.Grants;

namespace ChatOps.Core.Policy;

/// <summary>What is wrong with break-glass access as the policy describes it.</summary>
internal static class BreakGlassCheck
{
    /// <summary>What manifests/admission allows, whatever is approved here.</summary>
    private static readonly TimeSpan MostByAdmission = TimeSpan.FromHours(8);

    public static IEnumerable<Finding> Of(PolicyConfiguration policy)
    {
        var glass = policy.BreakGlass;
        foreach (var name in glass.Roles.GroupBy(role => role.Name).Where(same => same.Count() > 1).Select(same => same.Key))
        {
            yield return No($"Two roles of Policy:BreakGlass are named '{name}'", "Give each its own name");
        }

        foreach (var role in glass.Roles)
        {
            if (role.Name.Length == 0 || role.Name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '-'))
            {
                yield return No($"A role of Policy:BreakGlass is named '{role.Name}', which nobody can type", "Name it with letters, digits and dashes, e.g. editor");
            }

            foreach (var finding in InArgoCd(role))
            {
                yield return finding;
            }

            if (role.ClusterRole.Length == 0 && role.Kind != GrantKind.ArgoCdRole)
            {
                yield return No($"Break-glass role '{role.Name}' names neither a ClusterRole nor actions of Argo CD", "Set ClusterRole, e.g. chatops-breakglass-editor of manifests/breakglass, or ArgoCdActions, e.g. get and logs");
            }
            else if (role.ClusterRole is "cluster-admin" or "admin" or "system:masters")
            {
                yield return No($"Break-glass role '{role.Name}' gives {role.ClusterRole}, with which somebody could keep access beyond the end", "Bind a ClusterRole without Secrets, tokens, impersonation and RBAC; manifests/breakglass has two");
            }
        }

        foreach (var cluster in glass.ClusterWideIn.Where(cluster => cluster.Length == 0 || cluster.Contains('*', StringComparison.Ordinal)))
        {
            yield return No($"Policy:BreakGlass:ClusterWideIn opens the cluster '{cluster}'", "Name each cluster exactly, as Clusters does");
        }

        foreach (var ns in glass.Namespaces.SelectMany(scope => scope.Names).Where(ns => ns.Length == 0 || ns.StartsWith("kube-", StringComparison.Ordinal) || ns.Contains('*', StringComparison.Ordinal)))
        {
            yield return No($"Policy:BreakGlass opens the namespace '{ns}'", "Name namespaces of applications, each exactly: RBAC knows no patterns, and kube-* stays closed");
        }

        if (glass.AccountsIn.Length > 0 && (glass.AccountsIn is "default" || glass.AccountsIn.StartsWith("kube-", StringComparison.Ordinal) || glass.AccountsIn.StartsWith("chatops", StringComparison.Ordinal)
            || glass.AccountsIn.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '-') || glass.Namespaces.Exists(scope => scope.Names.Contains(glass.AccountsIn))))
        {
            yield return No($"Policy:BreakGlass:AccountsIn is '{glass.AccountsIn}', where other accounts live or access is given", "Name a namespace of its own, e.g. breakglass-accounts: the bot may make tokens of every ServiceAccount in it");
        }

        if (glass.LongestGrant <= TimeSpan.Zero || glass.LongestGrant > (glass.WithoutAdmissionPolicy ? TimeSpan.FromHours(24) : MostByAdmission))
        {
            yield return No($"Policy:BreakGlass:LongestGrant is {glass.LongestGrant}", "Set it to what manifests/admission/grants.yaml caps, 08:00:00, or less");
        }

        if (glass.MostPerPerson < 1 || glass.MostPerApplication < 1)
        {
            yield return No("Policy:BreakGlass lets nobody have a grant", "Set MostPerPerson and MostPerApplication to 1 or more");
        }

        if (glass.LongestPerDay <= TimeSpan.Zero || glass.LongestPerDay > Allowance.Day)
        {
            yield return No($"Policy:BreakGlass:LongestPerDay is {glass.LongestPerDay}", "Set it to what one person may have in 24 hours, e.g. 04:00:00, or leave it out");
        }
    }

    public static IEnumerable<(string What, string Fix)> OfRule(PolicyConfiguration policy, RuleConfiguration rule)
    {
        var grants = rule.Verbs.Exists(PolicyVerb.GivesAccess);
        if (grants == (rule.Access.Count == 0))
        {
            yield return grants
                ? ("lets somebody have access, but not as what", "Fill in Access with names from Policy:BreakGlass:Roles")
                : ("names Access, which only the verbs grant and grant-cluster give", "Take Access out, or add one of the verbs");
        }

        foreach (var access in rule.Access.Where(access => policy.BreakGlass.Role(access) is null))
        {
            yield return ($"gives access as '{access}', which Policy:BreakGlass does not know", Suggestion.Nearest(access, policy.BreakGlass.Roles.Select(role => role.Name)) is { } meant
                ? $"Did you mean '{meant}'?"
                : "Add it to Policy:BreakGlass:Roles");
        }

        foreach (var fault in OfClusterWide(policy, rule))
        {
            yield return fault;
        }

        if (grants && rule.WithoutApproval)
        {
            yield return ("gives access without anybody's approval, so it allows nothing", "Say in Approvals who approves");
        }

        if (grants && rule.EmergencySelfApproval is not null)
        {
            yield return ("has an emergency self-approval, which never counts for access", "Give access by a rule of its own, without EmergencySelfApproval");
        }

        if (policy.BreakGlass.Namespaces.Count == 0 && rule.Access.Exists(access => policy.BreakGlass.Role(access) is { Kind: GrantKind.RoleBinding }))
        {
            yield return ("gives access in the cluster, but no namespace opted in", "Fill in Policy:BreakGlass:Namespaces");
        }
    }

    private static IEnumerable<(string What, string Fix)> OfClusterWide(PolicyConfiguration policy, RuleConfiguration rule)
    {
        var wide = rule.Verbs.Contains(PolicyVerb.GrantCluster);
        if (wide && rule.Verbs.Contains(PolicyVerb.Grant))
        {
            yield return ("gives access in namespaces and to what lives in none, so it allows the second to nobody", "Make two rules of it: the one with grant-cluster is the higher one, with approvals of its own");
            yield break;
        }

        foreach (var access in rule.Access.Where(access => policy.BreakGlass.Role(access) is { } role && (role.Kind == GrantKind.ClusterRoleBinding) != wide))
        {
            yield return wide
                ? ($"gives access as '{access}' by grant-cluster, which lives in namespaces or Argo CD", "Give it by a rule with the verb grant")
                : ($"gives access as '{access}', which is for the whole cluster", "Give it by a rule of its own, with the verb grant-cluster");
        }

        if (wide && policy.BreakGlass.ClusterWideIn.Count == 0)
        {
            yield return ("gives access to what lives in no namespace, but no cluster opted in", "Fill in Policy:BreakGlass:ClusterWideIn");
        }
    }

    private static IEnumerable<Finding> InArgoCd(AccessRoleConfiguration role)
    {
        if (role.Kind != GrantKind.ArgoCdRole)
        {
            yield break;
        }

        if (role.ClusterRole.Length > 0 || role.ClusterWide)
        {
            yield return No($"Break-glass role '{role.Name}' has both a ClusterRole and actions of Argo CD", "Make two roles of it: each grant is of one kind, with an end of its own");
        }

        foreach (var action in role.ArgoCdActions)
        {
            if (ArgoCdAction.WhatIsWrong(action) is { } wrong)
            {
                yield return No($"Break-glass role '{role.Name}' allows '{action}' in Argo CD, {wrong}", $"Take it out; there is {ArgoCdAction.Known}");
            }
        }

        if (!role.ArgoCdActions.Contains(ArgoCdAction.Get))
        {
            yield return No($"Break-glass role '{role.Name}' allows things in Argo CD without get, so nobody would find the application there", "Add get to its ArgoCdActions");
        }
    }

    private static Finding No(string what, string fix) => new(false, what, fix);
}
