using System.Net;
using System.Text.Json;
using ChatOps.Core;
using ChatOps.Core.Commands;
using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// What ends access while we are dead is none of ours: whether it is there, and started, in each cluster in which the policy
/// gives access. By its CronJob alone, so it says nothing of what the janitor may delete.
/// </summary>
public sealed class Janitors(PlatformOptions options, ClusterConnections clusters, Rulebook rulebook, TimeProvider time)
{
    private const string CronJob = "apis/batch/v1/namespaces/chatops/cronjobs/chatops-janitor";
    private const string ReadRight = "Apply manifests/base (reads.yaml) there: it lets the bot read that one CronJob.";

    /// <summary>Started every minute, two missed in a row included, it has looked within 90 seconds; after this long it is not at work.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    public async Task<IReadOnlyList<JanitorLook>> LookAsync(CancellationToken ct)
    {
        var looks = new List<JanitorLook>();
        foreach (var cluster in options.Clusters.Select(configured => clusters.Of(configured.Name)).Where(IsGivenIn))
        {
            looks.Add(Of(cluster, await cluster.GetAsync(CronJob, ct)));
        }

        return looks;
    }

    private bool IsGivenIn(ClusterApi cluster) =>
        rulebook.Policy.BreakGlass.Namespaces.Exists(scope => scope.Cluster == cluster.Name) || rulebook.Policy.BreakGlass.ClusterWideIn.Contains(cluster.Name) || HoldsRolesOfArgoCd(cluster);

    private bool HoldsRolesOfArgoCd(ClusterApi cluster) =>
        rulebook.Policy.BreakGlass.Roles.Exists(role => role.Kind == GrantKind.ArgoCdRole) && options.ArgoCd.Any(engine => clusters.Of(engine.Cluster) == cluster);

    private JanitorLook Of(ClusterApi api, ApiReply reply)
    {
        var cluster = api.Name;
        var apply = $"Apply {Manifests(api)} there: without it access that is past its end stays while ChatOps is dead.";
        var body = reply.Body;
        var now = reply.Date ?? time.GetUtcNow();
        return reply switch
        {
            { Status: HttpStatusCode.NotFound } => No($"Cluster {cluster} gives break-glass access and has no janitor: CronJob chatops-janitor is not in namespace chatops", apply),
            { IsOk: false } => new(cluster, null, Finding.Problem($"Whether the janitor is at work in cluster {cluster} cannot be read: {ClusterAnswers.Of(reply, new(cluster, null, "get", "cronjobs", "chatops-janitor")).Sentence}", ReadRight)),
            _ when body.Flag("spec", "suspend") => No($"The janitor of cluster {cluster} is suspended", $"Set spec.suspend of CronJob chatops-janitor in namespace chatops to false, or find who suspends it. {apply}"),
            _ when body.Time("status", "lastScheduleTime") is not { } started => IsNew(body, now)
                ? new(cluster, null, Finding.Unseen($"The janitor of cluster {cluster} is new and has not started yet", "Run doctor again in some minutes."))
                : No($"The janitor of cluster {cluster} has never started", "Look at the events of CronJob chatops-janitor in namespace chatops."),
            _ when body.Time("status", "lastScheduleTime") is { } started && now - started > Late =>
                No($"The janitor of cluster {cluster} has not started for {Durations.InWords(now - started)}", "Look at the events of CronJob chatops-janitor in namespace chatops."),
            _ when body.Time("status", "lastSuccessfulTime") is { } ended && now - ended > Late =>
                No($"The janitor of cluster {cluster} starts and has not ended well for {Durations.InWords(now - ended)}", "What it said: kubectl -n chatops logs -l job-name --tail=20 --prefix."),
            _ => new(cluster, true, Finding.Good($"The janitor of cluster {cluster} is there and starts")),
        };

        JanitorLook No(string what, string fix) => new(cluster, false, Finding.Problem(what, fix));
    }

    private static bool IsNew(JsonElement body, DateTimeOffset now) => body.Time("metadata", "creationTimestamp") is { } made && now - made <= Late;

    private string Manifests(ClusterApi cluster) => (rulebook.Policy.BreakGlass.ClusterWideIn.Contains(cluster.Name), HoldsRolesOfArgoCd(cluster)) switch
    {
        (true, true) => "manifests/breakglass-cluster, with ../breakglass-argocd for ../breakglass in it,",
        (true, false) => "manifests/breakglass-cluster",
        (false, true) => "manifests/breakglass-argocd",
        (false, false) => "manifests/breakglass",
    };
}

/// <summary>What was seen of one cluster's janitor.</summary>
/// <param name="IsAtWork">Null: that cannot be told.</param>
public sealed record JanitorLook(string Cluster, bool? IsAtWork, Finding Finding);
