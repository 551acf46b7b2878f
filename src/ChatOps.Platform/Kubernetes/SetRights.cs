using ChatOps.Core;
using ChatOps.Core.Policy;

namespace ChatOps.Platform.Kubernetes;

/// <summary>Whether a cluster lets <c>chatops:sets</c> add an entry to the sets that the policy lets be edited, before somebody needs it.</summary>
internal static class SetRights
{
    public static async Task<Finding> CheckAsync(ClusterApi cluster, RbacSets sets, CancellationToken ct)
    {
        var missing = new List<string>();
        if (await AccessReviews.MayBotAsync(cluster, new("impersonate", "", "users") { Name = ReservedUser.Sets }, ct) != true)
        {
            missing.Add($"the bot may not act as {ReservedUser.Sets}");
        }

        foreach (var set in sets.Sets)
        {
            if (await AccessReviews.MayAsync(cluster, ReservedUser.Sets, AccessQuestion.PatchSet(sets.Namespace, set), ct) != true)
            {
                missing.Add($"{ReservedUser.Sets} may not patch ApplicationSet {set} in {sets.Namespace}");
            }
        }

        return missing.Count == 0
            ? Finding.Good($"Pauses can be kept by an entry in all {sets.Sets.Count} ApplicationSets of {sets.Namespace} on {cluster.Name} that the policy lets be edited")
            : Finding.Problem($"Pauses cannot be kept by an entry in an ApplicationSet on {cluster.Name}, and are held by a window where one can: {string.Join("; ", missing)}", "Run `ChatOps.Server rbac`, review what it writes, and apply it.");
    }
}
