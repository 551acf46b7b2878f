using ChatOps.Core;
using ChatOps.Core.Policy;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.ArgoCd;

/// <summary>Whether the cluster's RBAC lets pauses be held by windows, for <c>doctor</c> and <c>rbac --check</c>.</summary>
internal static class WindowRights
{
    public static async Task<Finding> CheckAsync(ClusterApi cluster, RbacWindows windows, CancellationToken ct)
    {
        var missing = new List<string>();
        if (await AccessReviews.MayBotAsync(cluster, new("impersonate", "", "users") { Name = ReservedUser.Projects }, ct) != true)
        {
            missing.Add($"the bot may not act as {ReservedUser.Projects}");
        }

        foreach (var project in windows.Projects)
        {
            if (await AccessReviews.MayAsync(cluster, ReservedUser.Projects, AccessQuestion.PatchProject(windows.Namespace, project), ct) != true)
            {
                missing.Add($"{ReservedUser.Projects} may not patch project {project} in {windows.Namespace}");
            }
        }

        return missing.Count == 0
            ? Finding.Good($"Pauses can be held by windows in all {windows.Projects.Count} projects of {windows.Namespace} on {cluster.Name} that the policy covers")
            : Finding.Problem(
                $"Applications whose owner takes a pause back cannot be held by a window on {cluster.Name}: {string.Join("; ", missing)}",
                "Run `ChatOps.Server rbac`, review what it writes, and apply it.");
    }
}
