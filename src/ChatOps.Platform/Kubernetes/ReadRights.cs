using System.Text.Json;

namespace ChatOps.Platform.Kubernetes;

/// <summary>What of the kinds that <c>diff</c> compares the bot may not get, or not watch, in one namespace.</summary>
internal static class ReadRights
{
    /// <summary>Null when it cannot be asked.</summary>
    public static async Task<IReadOnlyList<ReadKind>?> MissingAsync(ClusterApi cluster, string verb, string ns, CancellationToken ct) =>
        await RulesReview.ReadAsync(cluster, null, ns, ct) is { ValueKind: JsonValueKind.Object } status
            ? [.. ReadKind.All.Where(kind => !RulesReview.For(status, verb, kind.Group, kind.Resource).Any(rule => !rule.Texts("resourceNames").Any()))]
            : null;
}
