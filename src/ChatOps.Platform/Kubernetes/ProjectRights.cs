using ChatOps.Core;
using ChatOps.Core.Policy;

namespace ChatOps.Platform.Kubernetes;

/// <summary>Whether a cluster lets <c>chatops:projects</c> do in Argo CD's projects what the policy promises, before somebody needs it.</summary>
internal static class ProjectRights
{
    private const string Fix = "Run `ChatOps.Server rbac`, review what it writes, and apply it.";

    public static async Task<Finding> ForWindowsAsync(ClusterApi cluster, RbacProjects projects, CancellationToken ct) => await MissingAsync(cluster, projects, ct) switch
    {
        [] => Finding.Good($"Pauses can be held by windows in all {projects.Projects.Count} projects of {projects.Namespace} on {cluster.Name} that the policy covers"),
        var missing => Finding.Problem($"Applications whose owner takes a pause back cannot be held by a window on {cluster.Name}: {string.Join("; ", missing)}", Fix),
    };

    public static async Task<Finding> ForRolesAsync(ClusterApi cluster, RbacProjects projects, CancellationToken ct)
    {
        var missing = await MissingAsync(cluster, projects, ct);
        if (await AccessReviews.MayBotAsync(cluster, new("get", "", "configmaps") { Namespace = projects.Namespace, Name = "argocd-rbac-cm" }, ct) != true)
        {
            missing.Add($"the bot may not read argocd-rbac-cm in {projects.Namespace}, which says how names in policies are matched");
        }

        return missing.Count == 0
            ? Finding.Good($"Access in Argo CD can be given and ended in {string.Join(", ", projects.Projects)} of {projects.Namespace} on {cluster.Name}")
            : Finding.Problem($"Access in Argo CD does not work as the policy says on {cluster.Name}: {string.Join("; ", missing)}", Fix);
    }

    private static async Task<List<string>> MissingAsync(ClusterApi cluster, RbacProjects projects, CancellationToken ct)
    {
        var missing = new List<string>();
        if (await AccessReviews.MayBotAsync(cluster, new("impersonate", "", "users") { Name = ReservedUser.Projects }, ct) != true)
        {
            missing.Add($"the bot may not act as {ReservedUser.Projects}");
        }

        foreach (var project in projects.Projects)
        {
            if (await AccessReviews.MayAsync(cluster, ReservedUser.Projects, AccessQuestion.PatchProject(projects.Namespace, project), ct) != true)
            {
                missing.Add($"{ReservedUser.Projects} may not patch project {project} in {projects.Namespace}");
            }
        }

        return missing;
    }
}
