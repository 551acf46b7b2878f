using System.Globalization;
using System.Text.Json;
using ChatOps.Core.Evidence;
using ChatOps.Core.Grants;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// Looks, as the bot, for what came into being or was changed while a grant was open and can outlive it: roles, bindings, service
/// accounts and CronJobs in its namespaces; roles, bindings and webhooks of the whole cluster; tokens of the application's
/// Argo CD project, and of Argo CD's accounts where a token of its API is configured. Secrets it may not read, and does not.
/// </summary>
internal sealed class LeftoverLook(PlatformOptions options, ClusterConnections clusters, ArgoCdApis apis)
{
    public async Task<Leftovers> LookAsync(Grant grant, string project, CancellationToken ct)
    {
        var found = new List<Leftover>();
        var notSeen = new List<string>();
        if (grant.Kind != GrantKind.ArgoCdRole && clusters.Find(grant.Scope.Cluster) is { } cluster)
        {
            foreach (var ns in grant.Scope.Namespaces.Append("").Distinct())
            {
                var (objects, unread) = await LiveObjects.ListAsync(cluster, ns, [.. ListedKind.In(ns).Where(kind => kind.Outlives)], ct);
                notSeen.AddRange(unread);
                found.AddRange(objects.Select(one => Judge(grant, ns, one.Kind, one.Object)).OfType<Leftover>());
            }
        }

        await LookAtTokensAsync(grant, project, found, notSeen, ct);
        var accounts = await AccountTokens.LookAsync(options.ArgoCd.FirstOrDefault(one => one.Name == grant.Target.Instance) is { } engine ? apis.Of(engine) : null, at => GrantWindow.Has(grant, at), ct);
        return new([.. found, .. accounts.Found], [.. notSeen.Concat(accounts.NotSeen).Distinct()]) { BeyondReach = accounts.BeyondReach };
    }

    /// <summary>Null: it was there before and nobody but the cluster's own programs wrote to it meanwhile.</summary>
    private static Leftover? Judge(Grant grant, string ns, ListedKind kind, JsonElement one)
    {
        if (one.Text("metadata", "name") is not { } name || IsOurs(kind, one))
        {
            return null;
        }

        var target = new DeedObject(kind.Group, kind.Resource, null, ns.Length > 0 ? ns : null, name);
        var (what, at) = (ns.Length > 0 ? $"{target} in {ns}" : target.ToString(), $"{target.Kind} {name}{(ns.Length > 0 ? $" -n {ns}" : "")}");
        if (one.Time("metadata", "creationTimestamp") is { } made && GrantWindow.Has(grant, made))
        {
            return new(target, what, made, $"delete it if nobody needs it (kubectl delete {at})");
        }

        return WritesLook.By(one).Where(writes => writes.Key.At is { } written && GrantWindow.Has(grant, written)).MaxBy(writes => writes.Key.At) is { Key: { At: { } changed } key }
            ? new(target, what, changed, $"see whether it is as it should be (kubectl get {at} -o yaml)") { ChangedWith = key.Manager }
            : null;
    }

    /// <summary>Argo CD keeps the moments of a project's tokens in its status; whose they are, nobody keeps.</summary>
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
                if (AccountTokens.Moment(token.At("iat")) is { } at && GrantWindow.Has(grant, at))
                {
                    found.Add(new(null, $"a token of role {role.Name} in Argo CD project {project}", at, $"find out who made it, and delete it if nobody needs it (argocd proj role delete-token {project} {role.Name} {at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)})"));
                }
            }
        }
    }

    /// <summary>Then the sweep for our labels judges it, which knows bindings; anybody can put our labels on anything.</summary>
    private static bool IsOurs(ListedKind kind, JsonElement one) => kind.Resource is "rolebindings" or "clusterrolebindings"
        && one.Text("metadata", "labels", GrantMarks.ManagedBy) == GrantMarks.Us && one.Text("metadata", "labels", GrantMarks.Grant) is not null;
}
