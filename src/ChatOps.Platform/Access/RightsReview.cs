using ChatOps.Core.Grants;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>Which of many rights somebody has, asked of the API server one by one.</summary>
internal static class RightsReview
{
    private const int MostQuestions = 200;
    private const int AtOnce = 8;

    /// <summary>Those of the rights that are allowed in any of the places they are meant in. Null when one could not be asked.</summary>
    /// <param name="namespaces">The empty name asks without one.</param>
    public static async Task<IReadOnlyList<AccessRight>?> AllowedAsync(
        ClusterApi cluster, string subject, IReadOnlyList<string> groups, IReadOnlyList<AccessRight> rights, IReadOnlyList<string> namespaces, CancellationToken ct) =>
        await AskAsync(cluster, subject, groups, rights, namespaces, ct) is { } asked
            ? [.. asked.Where(one => one.Allowed).Select(one => one.Right).Distinct()]
            : null;

    /// <summary>
    /// Those of the rights that are not allowed: as they are where they are allowed nowhere, else one for each namespace that
    /// lacks it, so that what is taken away later can be told from what was there before. Null when one could not be asked.
    /// </summary>
    public static async Task<IReadOnlyList<AccessRight>?> LackingAsync(
        ClusterApi cluster, string subject, IReadOnlyList<string> groups, IReadOnlyList<AccessRight> rights, IReadOnlyList<string> namespaces, CancellationToken ct)
    {
        if (await AskAsync(cluster, subject, groups, rights, namespaces, ct) is not { } asked)
        {
            return null;
        }

        return [.. asked.GroupBy(one => one.Right).SelectMany(group => group.All(one => !one.Allowed)
            ? [group.Key]
            : group.Where(one => !one.Allowed).Select(one => group.Key with { Namespace = one.Namespace }))];
    }

    private static async Task<IReadOnlyList<(AccessRight Right, string Namespace, bool Allowed)>?> AskAsync(
        ClusterApi cluster, string subject, IReadOnlyList<string> groups, IReadOnlyList<AccessRight> rights, IReadOnlyList<string> namespaces, CancellationToken ct)
    {
        using var turn = new SemaphoreSlim(AtOnce);
        var asked = await Task.WhenAll(from right in rights from ns in right.Namespace is { } only ? [only] : namespaces select MayAsync(right, ns));
        return asked.Any(one => one.Allowed is null) ? null : [.. asked.Select(one => (one.Right, one.Namespace, one.Allowed == true))];

        async Task<(AccessRight Right, string Namespace, bool? Allowed)> MayAsync(AccessRight right, string ns)
        {
            await turn.WaitAsync(ct);
            try
            {
                var parts = right.Resource.Split('/', 2);
                var question = new AccessQuestion(right.Verb, right.Group, parts[0]) { Namespace = ns, Subresource = parts.Length > 1 ? parts[1] : null, Name = right.Name };
                return (right, ns, await AccessReviews.MayAsync(cluster, subject, groups, question, ct));
            }
            finally
            {
                turn.Release();
            }
        }
    }

    /// <summary>As many as can be asked in so many places, and one at least: one verb of each resource first, then the next of each.</summary>
    public static IReadOnlyList<AccessRight> Spread(IReadOnlyList<AccessRight> rights, int places) =>
        [.. rights.GroupBy(right => (right.Group, right.Resource)).SelectMany(group => group.Index()).OrderBy(one => one.Index).Select(one => one.Item).Take(Math.Max(1, MostQuestions / Math.Max(1, places)))];
}
