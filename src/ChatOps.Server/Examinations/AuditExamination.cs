using ChatOps.Core;
using ChatOps.Core.Commands;

namespace ChatOps.Server.Examinations;

/// <summary>Whether clusters in which access is given tell what it is used for.</summary>
/// <param name="clusters">Their names, and whether there is a token that they could tell it with.</param>
/// <param name="heard">When a server that runs here heard of each, since it started; null when none could be asked.</param>
internal sealed class AuditExamination(IReadOnlyList<(string Name, bool HasToken)> clusters, IReadOnlyDictionary<string, DateTimeOffset>? heard, DateTimeOffset now)
{
    private const string Setup = "docs/operations/audit.md";

    /// <summary>A quiet night is no fault.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromHours(24);

    public IReadOnlyList<Finding> Look() => [.. clusters.Select(cluster => Of(cluster.Name, cluster.HasToken))];

    private Finding Of(string name, bool hasToken) => (hasToken, heard?.GetValueOrDefault(name)) switch
    {
        (false, _) => Finding.Good($"Cluster {name} tells no audit events (Clusters[].AuditToken is not set): what access there is used for is guessed from live objects, and nobody is told that theirs is idle"),
        (true, null) when heard is null => Finding.Unseen($"Whether cluster {name} tells its audit events cannot be seen from here", $"Run doctor beside the running server; the set-up is in {Setup}."),
        (true, { } at) when at > DateTimeOffset.UnixEpoch => now - at < Quiet
            ? Finding.Good($"The running server has heard audit events of cluster {name}, the last {Durations.InWords(now - at)} ago")
            : Finding.Problem($"The running server has heard no audit events of cluster {name} for {Durations.InWords(now - at)}", $"Look at apiserver_audit_error_total of its API servers, and at {Setup}."),
        _ => Finding.Unseen($"The running server has heard no audit events of cluster {name} since it started", $"Change any object there and wait half a minute. If nothing comes then, compare --audit-webhook-config-file, its token and its address with {Setup}."),
    };
}
