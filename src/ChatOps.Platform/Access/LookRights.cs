using System.Text.Json;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>What of the kinds that are looked at where access is given the bot may not list.</summary>
internal static class LookRights
{
    /// <summary>In words; empty when it may list all. A cluster that cannot tell all rights at once is asked for each.</summary>
    public static async Task<string> MissingAsync(ClusterApi cluster, string ns, CancellationToken ct)
    {
        var rights = await RulesReview.ReadAsync(cluster, null, ns, ct);
        var missing = new List<string>();
        foreach (var kind in ListedKind.InNamespaces)
        {
            var may = rights.ValueKind == JsonValueKind.Object
                ? RulesReview.For(rights, "list", kind.Group, kind.Resource).Any(rule => !rule.Texts("resourceNames").Any())
                : await AccessReviews.MayBotAsync(cluster, new("list", kind.Group, kind.Resource) { Namespace = ns }, ct) == true;
            if (!may)
            {
                missing.Add(kind.Resource);
            }
        }

        return string.Join(", ", missing);
    }
}
