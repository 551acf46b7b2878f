using ChatOps.Core.Conversation;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Grants;

/// <summary>Where a grant may be, and what the deciders should know of that place. Pure.</summary>
public static class GrantPlace
{
    public static Refusal? Obstacle(ApplicationFacts facts, GrantKind kind, BreakGlassConfiguration glass)
    {
        var name = facts.Ref.Name;
        if (facts.Deleting)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"{name:code} is being deleted."));
        }

        if (kind == GrantKind.ArgoCdRole)
        {
            return null; // it reaches this one application, in whatever cluster and namespaces that lives
        }

        if (kind == GrantKind.ClusterRoleBinding)
        {
            return glass.ClusterWideIn.Contains(facts.Cluster) ? null : new Refusal(RefusalKind.NotAllowed, Text.Of($"{name:code} runs in cluster {facts.Cluster:code}, which did not opt in to access to what lives in no namespace."))
            {
                Instead = Text.Of($"Whoever keeps the policy can open it in {"Policy:BreakGlass:ClusterWideIn":code} and apply {"ChatOps.Server rbac":code}. Access in its namespaces is another role."),
            };
        }

        if (glass.Namespaces.TrueForAll(scope => scope.Cluster != facts.Cluster))
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"{name:code} runs in cluster {facts.Cluster:code}, in which no access is given."))
            {
                Instead = Text.Of($"If it should be, map it in {"Clusters":code} and open its namespaces in {"Policy:BreakGlass:Namespaces":code}."),
            };
        }

        if (facts.ResourceNamespaces.Count == 0)
        {
            return new Refusal(RefusalKind.NotPossible, Text.Of($"Argo CD lists no resources of {name:code}, so I do not know which namespaces access would have to reach.")) { Instead = "Once it was synced, ask again." };
        }

        return facts.ResourceNamespaces.FirstOrDefault(ns => !glass.Includes(facts.Cluster, ns)) is { } closed
            ? new Refusal(RefusalKind.NotAllowed, Text.Of($"{name:code} has resources in namespace {closed:code} of cluster {facts.Cluster:code}, which did not opt in to break-glass access."))
            {
                Instead = Text.Of($"Whoever keeps the policy can open it in {"Policy:BreakGlass:Namespaces":code} and apply {"ChatOps.Server rbac":code}."),
            }
            : null;
    }

    public static IReadOnlyList<Text> Notices(ApplicationFacts facts, AccessTerms terms) =>
        terms.Scope.Project is { } project ? InArgoCd(project, terms) : terms.Scope.IsClusterWide ? InTheCluster(terms) : InNamespaces(facts, terms);

    private static IReadOnlyList<Text> InArgoCd(string project, AccessTerms terms) =>
    [
        Text.Of($"It lets them see project {project:code} itself too, as every role of a project does."),
        .. terms.Scope.Rules.Contains("exec") ? [AccessReach.Inside("exec")] : Array.Empty<Text>(),
        "What they may do in Argo CD already, by other roles, only Argo CD knows; they keep that.",
        .. terms.Scope.Rules.Contains("logs") || terms.Scope.Rules.Contains("exec") ? [Text.Of($"Logs and shells that are open at its end go on until they close.")] : Array.Empty<Text>(),
        .. terms.Notices,
    ];

    private static IReadOnlyList<Text> InTheCluster(AccessTerms terms) =>
    [
        Text.Of($"It allows: {string.Join("; ", terms.Scope.Rules)}."),
        Text.Of($"It reaches everything of these kinds in cluster {terms.Scope.Cluster:code}, whatever application uses it, and nothing that lives in a namespace."),
        .. AccessReach.InWords(terms.Allowing),
        .. Had(terms),
        .. terms.Notices,
    ];

    private static IEnumerable<Text> Had(AccessTerms terms)
    {
        var had = terms.Asked.Count - terms.Lacking.Select(right => right with { Namespace = null }).Distinct().Count();
        return had > 0 && terms.Lacking.Count > 0 ? [Text.Of($"{had} of {terms.Asked.Count} rights in it {(terms.Asked.Count < terms.Rights.Count ? "that were asked about " : "")}the person has already, by something else, and keeps.")] : [];
    }

    private static List<Text> InNamespaces(ApplicationFacts facts, AccessTerms terms)
    {
        var notices = new List<Text> { Text.Of($"It allows: {string.Join("; ", terms.Scope.Rules)}.") };
        notices.Add(facts.ResourceNamespaces.Count == 1
            ? Text.Of($"It reaches everything of these kinds in that namespace, not only what belongs to {facts.Ref.Name:code}.")
            : Text.Of($"It reaches everything of these kinds in those {facts.ResourceNamespaces.Count} namespaces, not only what belongs to {facts.Ref.Name:code}."));
        notices.AddRange(AccessReach.InWords(terms.Allowing));
        notices.AddRange(Had(terms));
        if (facts.ClusterScoped.Count > 0)
        {
            notices.Add(Text.Of($"It does not reach what lives in no namespace: {string.Join(", ", facts.ClusterScoped.Take(5))}."));
        }

        return notices;
    }
}
