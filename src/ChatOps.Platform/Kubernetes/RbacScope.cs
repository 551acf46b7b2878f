using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Platform.Kubernetes;

/// <summary>One application as rules see it, and the cluster that holds its object.</summary>
public sealed record RbacApplication(ApplicationRef Ref, string HeldBy, string Project, string Namespace, string Cluster)
{
    /// <summary>The ApplicationSet that made it; null: none.</summary>
    public string? Set { get; init; }
}

/// <summary>One user, one namespace of one cluster, and the applications there that the policy lets the user change.</summary>
public sealed record RbacScope(string HeldBy, string Namespace, string User, IReadOnlyList<string> Applications)
{
    /// <summary>
    /// What the rulebook itself would say, asked for each role alone and each application: the Roles cannot say more than
    /// the policy. Ordered, so that Git shows only what changed.
    /// </summary>
    public static IReadOnlyList<RbacScope> Of(Rulebook rulebook, IReadOnlyCollection<RbacApplication> applications)
    {
        var covered =
            from application in applications
            from user in rulebook.UsersFor(application.Ref.Name, application.Project, application.Namespace, application.Cluster)
            select (KubernetesUser: user, application);
        return
        [
            .. covered
                .GroupBy(pair => (pair.application.HeldBy, pair.application.Ref.Namespace, pair.KubernetesUser))
                .OrderBy(group => group.Key.HeldBy, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Namespace, StringComparer.Ordinal)
                .ThenBy(group => group.Key.KubernetesUser, StringComparer.Ordinal)
                .Select(group => new RbacScope(
                    group.Key.HeldBy,
                    group.Key.Namespace,
                    group.Key.KubernetesUser,
                    [.. group.Select(pair => pair.application.Ref.Name).Distinct().Order(StringComparer.Ordinal)])),
        ];
    }
}
