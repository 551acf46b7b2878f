using System.Globalization;
using System.Text.Json;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// Looks, as the bot, for what came into being while a grant was open and can outlive it: bindings, service accounts and
/// CronJobs in its namespaces, and tokens of the application's Argo CD project. Secrets it may not read, and does not.
/// </summary>
internal sealed class LeftoverLook(PlatformOptions options, ClusterConnections clusters)
{
    /// <summary>The API server's clock is not ours, and counts whole seconds.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(2);

    /// <summary>CronJobs were in beta for long.</summary>
    private static readonly (string Root, string Group, string Resource)[] Kinds =
    [
        ("apis/rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io", "rolebindings"), ("api/v1", "", "serviceaccounts"), ("apis/batch/v1", "batch", "cronjobs"), ("apis/batch/v1beta1", "batch", "cronjobs"),
    ];

    /// <summary>What somebody with access to the whole cluster could have left there.</summary>
    private static readonly (string Root, string Group, string Resource)[] KindsInNone = [("apis/rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io", "clusterrolebindings")];

    public async Task<Leftovers> LookAsync(Grant grant, string project, CancellationToken ct)
    {
        var found = new List<Leftover>();
        var notSeen = new List<string>();
        if (grant.Kind != GrantKind.ArgoCdRole && clusters.Find(grant.Scope.Cluster) is { } cluster)
        {
            foreach (var ns in grant.Scope.Namespaces)
            {
                foreach (var kind in ns.Length > 0 ? Kinds : KindsInNone)
                {
                    await LookAsync(cluster, ns, kind, grant, found, notSeen, ct);
                }
            }
        }

        await LookAtTokensAsync(grant, project, found, notSeen, ct);
        return new([.. found.DistinctBy(one => one.What)], [.. notSeen.Distinct()]);
    }

    private static async Task LookAsync(ClusterApi cluster, string ns, (string Root, string Group, string Resource) kind, Grant grant, List<Leftover> found, List<string> notSeen, CancellationToken ct)
    {
        var page = "";
        do
        {
            var reply = await cluster.GetAsync($"{kind.Root}/{(ns.Length > 0 ? $"namespaces/{Uri.EscapeDataString(ns)}/" : "")}{kind.Resource}?limit=500{page}", ct);
            if (!reply.IsOk)
            {
                if (reply.Status != System.Net.HttpStatusCode.NotFound)
                {
                    notSeen.Add(ns.Length > 0 ? $"{kind.Resource} in {ns}" : kind.Resource);
                }

                return;
            }

            found.AddRange(
                from one in reply.Body.Items("items")
                let made = one.Time("metadata", "creationTimestamp")
                where made is not null && IsOf(grant, made.Value) && !IsOurs(one) && one.Text("metadata", "name") is not null
                let target = new DeedObject(kind.Group, kind.Resource, null, ns.Length > 0 ? ns : null, one.Text("metadata", "name"))
                select new Leftover(target, ns.Length > 0 ? $"{target} in {ns}" : target.ToString(), made.Value, $"delete it if nobody needs it (kubectl delete {target.Kind} {target.Name}{(ns.Length > 0 ? $" -n {ns}" : "")})"));
            page = reply.Body.Text("metadata", "continue") is { Length: > 0 } more ? $"&continue={Uri.EscapeDataString(more)}" : "";
        }
        while (page.Length > 0);
    }

    /// <summary>Argo CD keeps the moments of a project's tokens in its status; whose they are, nobody keeps. Those of accounts are in a Secret.</summary>
    private async Task LookAtTokensAsync(Grant grant, string project, List<Leftover> found, List<string> notSeen, CancellationToken ct)
    {
        if (project.Length == 0 || options.ArgoCd.FirstOrDefault(one => one.Name == grant.Target.Instance) is not { } engine || clusters.Find(engine.Cluster.Length == 0 ? options.Clusters[0].Name : engine.Cluster) is not { } cluster)
        {
            return;
        }

        var reply = await cluster.GetAsync(ApplicationPaths.Project(engine.Namespace, project), ct);
        if (!reply.IsOk)
        {
            notSeen.Add($"tokens of Argo CD project {project}");
            return;
        }

        var tokens = reply.Body.At("status", "jwtTokensByRole");
        foreach (var role in tokens.ValueKind == JsonValueKind.Object ? tokens.EnumerateObject().ToList() : [])
        {
            if (ArgoCdRoleName.TryRead(role.Name, out _, out _))
            {
                continue; // of a grant: it dies with its role
            }

            foreach (var token in role.Value.Items("items"))
            {
                if (token.At("iat") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var issued) && issued is > 0 and < 100_000_000_000 && DateTimeOffset.FromUnixTimeSeconds(issued) is var at && IsOf(grant, at))
                {
                    found.Add(new(null, $"a token of role {role.Name} in Argo CD project {project}", at, $"find out who made it, and delete it if nobody needs it (argocd proj role delete-token {project} {role.Name} {issued.ToString(CultureInfo.InvariantCulture)})"));
                }
            }
        }
    }

    /// <summary>Then the sweep for our labels judges it.</summary>
    private static bool IsOurs(JsonElement one) => one.Text("metadata", "labels", GrantMarks.ManagedBy) == GrantMarks.Us && one.Text("metadata", "labels", GrantMarks.Grant) is not null;

    private static bool IsOf(Grant grant, DateTimeOffset made) => made >= grant.StartedAt - ClocksDiffer && made <= (grant.EndedAt ?? DateTimeOffset.MaxValue.AddDays(-1)) + ClocksDiffer;
}
