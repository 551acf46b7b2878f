using ChatOps.Core;
using ChatOps.Core.Policy;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>Whether a cluster lets <c>chatops:grants</c> do what the policy promises, before somebody needs it.</summary>
internal static class GrantRights
{
    private const string Fix = "Run `ChatOps.Server rbac`, review what it writes, and apply it; the ClusterRoles are in manifests/breakglass.";
    private const string Group = "rbac.authorization.k8s.io";

    public static async Task<IReadOnlyList<Finding>> CheckAsync(ClusterApi cluster, RbacGrants grants, CancellationToken ct)
    {
        var missing = new List<string>();
        foreach (var user in new[] { grants.ClusterRoles.Count > 0 ? ReservedUser.Grants : null, grants.ClusterWideRoles.Count > 0 ? ReservedUser.ClusterGrants : null }.OfType<string>())
        {
            if (await AccessReviews.MayBotAsync(cluster, new("impersonate", "", "users") { Name = user }, ct) != true)
            {
                missing.Add($"the bot may not act as {user}");
            }
        }

        await CheckClusterWideAsync(cluster, grants.ClusterWideRoles, missing, ct);
        foreach (var role in grants.ClusterRoles)
        {
            if (!(await cluster.GetAsync($"apis/{Group}/v1/clusterroles/{Uri.EscapeDataString(role)}", ct)).IsOk)
            {
                missing.Add($"ClusterRole {role} is not there, or the bot may not read it");
            }
        }

        foreach (var ns in grants.Namespaces)
        {
            IEnumerable<AccessQuestion> needed =
            [
                new("create", Group, "rolebindings") { Namespace = ns },
                new("delete", Group, "rolebindings") { Namespace = ns },
                .. grants.ClusterRoles.Select(role => new AccessQuestion("bind", Group, "clusterroles") { Namespace = ns, Name = role }),
            ];
            foreach (var question in needed)
            {
                if (await AccessReviews.MayAsync(cluster, ReservedUser.Grants, question, ct) != true)
                {
                    missing.Add($"{ReservedUser.Grants} may not {question.Verb} {question.Name ?? question.Resource} in {ns}");
                }
            }

            if (await LookRights.MissingAsync(cluster, ns, ct) is { Length: > 0 } unlisted)
            {
                missing.Add($"the bot may not list {unlisted} in {ns} to see what access was used for and what outlives it");
            }
        }

        foreach (var kind in ListedKind.InNone.Where(kind => kind.Outlives || grants.ClusterWideRoles.Count > 0))
        {
            if (await AccessReviews.MayBotAsync(cluster, new("list", kind.Group, kind.Resource), ct) != true)
            {
                missing.Add($"the bot may not list {kind.Resource} to see what access was used for and what outlives it");
            }
        }

        if (grants.AccountsIn is { Length: > 0 } accounts)
        {
            AccessQuestion[] needed =
            [
                new("create", "", "serviceaccounts") { Namespace = accounts },
                new("delete", "", "serviceaccounts") { Namespace = accounts },
                new("create", "", "serviceaccounts") { Namespace = accounts, Subresource = "token" },
            ];
            foreach (var question in needed)
            {
                if (await AccessReviews.MayAsync(cluster, ReservedUser.Grants, question, ct) != true)
                {
                    missing.Add($"{ReservedUser.Grants} may not {question.Verb} {(question.Subresource is null ? question.Resource : $"{question.Resource}/{question.Subresource}")} in {accounts}");
                }
            }

            if (await AccessReviews.MayBotAsync(cluster, new("list", "", "serviceaccounts") { Namespace = accounts }, ct) != true)
            {
                missing.Add($"the bot may not list serviceaccounts in {accounts}");
            }
        }

        return missing.Count == 0
            ? [Finding.Good($"Break-glass access can be given and ended in {string.Join(", ", [.. grants.Namespaces, .. grants.ClusterWideRoles.Count > 0 ? ["no namespace"] : Array.Empty<string>()])} on {cluster.Name}")]
            : [.. missing.Select(one => Finding.Problem($"On {cluster.Name} {one}, so break-glass access does not work as the policy says", Fix))];
    }

    private static async Task CheckClusterWideAsync(ClusterApi cluster, IReadOnlyList<string> roles, List<string> missing, CancellationToken ct)
    {
        foreach (var role in roles)
        {
            var reply = await cluster.GetAsync($"apis/{Group}/v1/clusterroles/{Uri.EscapeDataString(role)}", ct);
            if (!reply.IsOk)
            {
                missing.Add($"ClusterRole {role} is not there, or the bot may not read it");
            }
            else if (await ClusterWideRules.WhatIsWrongAsync(cluster, reply.Body, ct) is { } wrong)
            {
                missing.Add($"ClusterRole {role} is not one to bind for the whole cluster ({wrong})");
            }
        }

        IEnumerable<AccessQuestion> needed =
        [
            new("create", Group, "clusterrolebindings"),
            new("delete", Group, "clusterrolebindings"),
            .. roles.Select(role => new AccessQuestion("bind", Group, "clusterroles") { Name = role }),
        ];
        foreach (var question in roles.Count > 0 ? needed : [])
        {
            if (await AccessReviews.MayAsync(cluster, ReservedUser.ClusterGrants, question, ct) != true)
            {
                missing.Add($"{ReservedUser.ClusterGrants} may not {question.Verb} {question.Name ?? question.Resource}");
            }
        }
    }
}
