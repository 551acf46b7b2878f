using ChatOps.Core;
using ChatOps.Core.Policy;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>Whether a cluster lets <c>chatops:projects</c> do what the policy promises in Argo CD, before somebody needs it.</summary>
internal static class ProjectRights
{
    private const string Fix = "Run `ChatOps.Server rbac`, review what it writes, and apply it.";

    public static async Task<IReadOnlyList<Finding>> CheckAsync(ClusterApi cluster, RbacProjects projects, CancellationToken ct)
    {
        var missing = new List<string>();
        if (await AccessReviews.MayBotAsync(cluster, new("impersonate", "", "users") { Name = ReservedUser.Projects }, ct) != true)
        {
            missing.Add($"the bot may not act as {ReservedUser.Projects}");
        }

        if (await AccessReviews.MayBotAsync(cluster, new("get", "", "configmaps") { Namespace = projects.Namespace, Name = "argocd-rbac-cm" }, ct) != true)
        {
            missing.Add($"the bot may not read argocd-rbac-cm in {projects.Namespace}, which says how names in policies are matched");
        }

        foreach (var project in projects.Projects)
        {
            if (await AccessReviews.MayAsync(cluster, ReservedUser.Projects, new("patch", "argoproj.io", "appprojects") { Namespace = projects.Namespace, Name = project }, ct) != true)
            {
                missing.Add($"{ReservedUser.Projects} may not patch project {project} in {projects.Namespace}");
            }
        }

        return missing.Count == 0
            ? [Finding.Good($"Access in Argo CD can be given and ended in {string.Join(", ", projects.Projects)} of {projects.Namespace} on {cluster.Name}")]
            : [.. missing.Select(one => Finding.Problem($"On {cluster.Name} {one}, so access in Argo CD does not work as the policy says", Fix))];
    }
}
