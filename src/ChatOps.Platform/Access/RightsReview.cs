using ChatOps.Core.Grants;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>Which of many rights somebody has, asked of the API server one by one.</summary>
internal static class RightsReview
{
    private const int MostQuestions = 200;
    private const int AtOnce = 8;

    /// <summary>The rights that are allowed in any of the namespaces, or everywhere; the empty name asks without one. Null when one could not be asked.</summary>
    public static async Task<IReadOnlyList<AccessRight>?> AskAsync(
        ClusterApi cluster, string subject, IReadOnlyList<string> groups, IReadOnlyList<AccessRight> rights, IReadOnlyList<string> namespaces, bool everywhere, CancellationToken ct)
    {
        using var turn = new SemaphoreSlim(AtOnce);
        var asked = await Task.WhenAll(from right in rights from ns in namespaces select MayAsync(right, ns));
        if (asked.Any(one => one.Allowed is null))
        {
            return null;
        }

        return [.. asked.GroupBy(one => one.Right).Where(one => everywhere ? one.All(answer => answer.Allowed == true) : one.Any(answer => answer.Allowed == true)).Select(one => one.Key)];

        async Task<(AccessRight Right, bool? Allowed)> MayAsync(AccessRight right, string ns)
        {
            await turn.WaitAsync(ct);
            try
            {
                var parts = right.Resource.Split('/', 2);
                var question = new AccessQuestion(right.Verb, right.Group, parts[0]) { Namespace = ns, Subresource = parts.Length > 1 ? parts[1] : null };
                return (right, await AccessReviews.MayAsync(cluster, subject, groups, question, ct));
            }
            finally
            {
                turn.Release();
            }
        }
    }

    /// <summary>As many as can be asked in so many places: one verb of each resource first, then the next of each.</summary>
    public static IReadOnlyList<AccessRight> Spread(IReadOnlyList<AccessRight> rights, int places) =>
        [.. rights.GroupBy(right => (right.Group, right.Resource)).SelectMany(group => group.Index()).OrderBy(one => one.Index).Select(one => one.Item).Take(MostQuestions / Math.Max(1, places))];
}
