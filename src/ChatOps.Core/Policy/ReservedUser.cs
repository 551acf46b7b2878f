namespace ChatOps.Core.Policy;

/// <summary>Kubernetes users that the product acts as for its own purposes; no role may be one of them.</summary>
public static class ReservedUser
{
    /// <summary>Makes and takes away the roles of grants in Argo CD projects.</summary>
    public const string Projects = "chatops:projects";

    /// <summary>Adds entries to ApplicationSets, for pauses, and takes them out.</summary>
    public const string Sets = "chatops:sets";

    /// <summary>Makes and deletes the RoleBindings of grants.</summary>
    public const string Grants = "chatops:grants";

    /// <summary>Makes and deletes the ClusterRoleBindings of grants.</summary>
    public const string ClusterGrants = "chatops:cluster-grants";

    public static IReadOnlyList<string> All { get; } = [Projects, Sets, Grants, ClusterGrants];
}
