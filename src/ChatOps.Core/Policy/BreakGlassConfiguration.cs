using ChatOps.Core.Grants;

namespace ChatOps.Core.Policy;

/// <summary>Section <c>Policy:BreakGlass</c>: what access can be given at all. Who may have it is in the rules.</summary>
public sealed class BreakGlassConfiguration
{
    /// <summary>What people ask for by name: <c>as editor</c>.</summary>
    public List<AccessRoleConfiguration> Roles { get; init; } = [];

    /// <summary>Namespaces that opted in, by cluster. Exact names; Argo CD's, ours and kube-* never.</summary>
    public List<GrantNamespacesConfiguration> Namespaces { get; init; } = [];

    /// <summary>Clusters that opted in to access to what lives in no namespace, by ClusterRoleBindings. Empty: none, and nothing of the product may make one.</summary>
    public List<string> ClusterWideIn { get; init; } = [];

    /// <summary>Caps every grant, whatever a rule says. The admission policies say eight hours, whatever stands here.</summary>
    public TimeSpan LongestGrant { get; set; } = TimeSpan.FromHours(8);

    /// <summary>Live grants of one person at the same time; one that goes on by an extension counts once.</summary>
    public int MostPerPerson { get; set; } = 3;

    /// <summary>Live grants on one application at the same time, with those to others that reach one of its namespaces.</summary>
    public int MostPerApplication { get; set; } = 5;

    /// <summary>Access of one person in 24 hours, all grants together: what they had, what is open until its end, and what they ask for. Left out: as much as the rules allow.</summary>
    public TimeSpan? LongestPerDay { get; set; }

    /// <summary>How long before the end the person is told.</summary>
    public TimeSpan NoticeBeforeEnd { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Access with which nothing was changed for so long, as the cluster's audit log tells, is pointed out to whoever has it, unless its role can only read; zero: never.</summary>
    public TimeSpan IdleHintAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Access although the cluster has no admission policies that bound what the bot gives.</summary>
    public bool WithoutAdmissionPolicy { get; set; }

    /// <summary>
    /// Namespace, in each cluster, of the ServiceAccounts for people without a <c>KubernetesUser</c> whom no e-mail address names: one for
    /// each grant, its token fetched on a page after a sign-in by <c>Web:Oidc</c>. Nothing else may live there. Empty: no access in clusters for such people.
    /// </summary>
    public string AccountsIn { get; set; } = "";

    public AccessRoleConfiguration? Role(string name) => Roles.Find(role => role.Name == name);

    /// <summary>What a rule must allow for somebody to ask for that role.</summary>
    public string VerbFor(string role) => Role(role) is { Kind: GrantKind.ClusterRoleBinding } ? PolicyVerb.GrantCluster : PolicyVerb.Grant;

    public bool Includes(string cluster, string ns) => Namespaces.Exists(scope => scope.Cluster == cluster && scope.Names.Contains(ns));
}

/// <summary>One role that can be asked for.</summary>
public sealed class AccessRoleConfiguration
{
    /// <summary>What people type: <c>as editor</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The ClusterRole that is bound in the application's namespaces; it must exist in each cluster. Either this or <see cref="ArgoCdActions"/>.</summary>
    public string ClusterRole { get; set; } = "";

    /// <summary>What it allows in Argo CD instead, on that one application, in Argo CD's words: <c>get</c>, <c>sync</c>, <c>logs</c>, <c>exec</c>, <c>action/apps/Deployment/restart</c>.</summary>
    public List<string> ArgoCdActions { get; init; } = [];

    /// <summary>The ClusterRole is for what lives in no namespace (nodes, volumes, …) and is bound for the whole cluster. One that allows anything in namespaces is refused, and only a rule with the verb <c>grant-cluster</c> gives it.</summary>
    public bool ClusterWide { get; set; }

    /// <summary>Which of the ways it is.</summary>
    public GrantKind Kind => ArgoCdActions.Count > 0 ? GrantKind.ArgoCdRole : ClusterWide ? GrantKind.ClusterRoleBinding : GrantKind.RoleBinding;
}

/// <summary>The namespaces of one cluster in which grants may be.</summary>
public sealed class GrantNamespacesConfiguration
{
    /// <summary>Configured name of the cluster.</summary>
    public string Cluster { get; set; } = "";

    /// <summary>Exact names.</summary>
    public List<string> Names { get; init; } = [];
}
