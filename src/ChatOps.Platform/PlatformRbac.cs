using ChatOps.Core;
using ChatOps.Core.Policy;
using ChatOps.Platform.Access;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform;

/// <summary><c>rbac</c> and <c>rbac --check</c>: the cluster's own rights, written from the policy and compared with it.</summary>
public sealed class PlatformRbac(PlatformOptions options, ClusterConnections clusters, ClusterNames names, Rulebook rulebook, TimeProvider time)
{
    /// <summary>Throws when an application cannot be read: half a set of Roles would look like a whole one.</summary>
    public async Task WriteAsync(TextWriter output, CancellationToken ct)
    {
        var (problem, applications) = await ApplicationsAsync(ct);
        if (problem is not null)
        {
            throw new InvalidOperationException(problem.What);
        }

        await output.WriteAsync(RbacYaml.Write(RbacScope.Of(rulebook, applications), grants: Grants(), reads: RbacReads.Of(rulebook, applications, options), projects: RbacProjects.ForRoles(rulebook, applications, options.ArgoCd), windows: RbacProjects.ForWindows(rulebook, applications, options.ArgoCd), sets: RbacSets.Of(rulebook, applications)).AsMemory(), ct);
    }

    /// <summary>
    /// A problem for each user and namespace in which the policy covers applications that the cluster does not, and for each
    /// namespace in which the bot cannot read what such applications deploy.
    /// </summary>
    public async Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken ct)
    {
        var (problem, applications) = await ApplicationsAsync(ct);
        if (problem is not null)
        {
            return [problem];
        }

        var findings = new List<Finding>();
        foreach (var scope in RbacScope.Of(rulebook, applications))
        {
            findings.Add(await CompareAsync(scope, ct));
        }

        foreach (var reads in RbacReads.Of(rulebook, applications, options))
        {
            findings.AddRange(await CompareAsync(reads, ct));
        }

        foreach (var windows in RbacProjects.ForWindows(rulebook, applications, options.ArgoCd))
        {
            findings.Add(await ProjectRights.ForWindowsAsync(clusters.Of(windows.Cluster), windows, ct));
        }

        foreach (var sets in RbacSets.Of(rulebook, applications))
        {
            findings.Add(await SetRights.CheckAsync(clusters.Of(sets.Cluster), sets, ct));
        }

        foreach (var grants in Grants())
        {
            findings.AddRange(options.Clusters.Any(cluster => cluster.Name == grants.Cluster)
                ? await GrantRights.CheckAsync(clusters.Of(grants.Cluster), grants, ct)
                : [Finding.Problem($"Policy:BreakGlass names cluster {grants.Cluster}, which Clusters does not know", "Correct the name, or add the cluster.")]);
        }

        foreach (var projects in RbacProjects.ForRoles(rulebook, applications, options.ArgoCd))
        {
            findings.Add(await ProjectRights.ForRolesAsync(clusters.Of(projects.Cluster), projects, ct));
        }

        return findings;
    }

    private IReadOnlyList<RbacGrants> Grants() =>
        RbacGrants.Of(rulebook.Policy, options.ArgoCd.SelectMany(engine => engine.AllNamespaces).ToHashSet(StringComparer.Ordinal));

    /// <summary>How many applications the policy covers and the cluster, for one of the roles, does not. Null when that cannot be asked now.</summary>
    public async Task<int?> NotCoveredAsync(CancellationToken ct)
    {
        var (problem, applications) = await ApplicationsAsync(ct);
        if (problem is not null)
        {
            return null;
        }

        var all = new HashSet<string>();
        foreach (var scope in RbacScope.Of(rulebook, applications))
        {
            if (await MissingAsync(scope, ct) is not { } missing)
            {
                return null;
            }

            all.UnionWith(missing.Select(name => $"{scope.HeldBy}/{scope.Namespace}/{name}"));
        }

        return all.Count;
    }

    private async Task<IReadOnlyList<string>?> MissingAsync(RbacScope scope, CancellationToken ct) =>
        await PatchRights.ReadAsync(clusters.Of(scope.HeldBy), scope.User, scope.Namespace, ct) is { } rights
            ? [.. scope.Applications.Where(application => !rights.Covers(application))]
            : null;

    private async Task<Finding> CompareAsync(RbacScope scope, CancellationToken ct)
    {
        if (await MissingAsync(scope, ct) is not { } missing)
        {
            return Finding.Problem($"What {scope.User} may do in {scope.Namespace} on {scope.HeldBy} cannot be asked", "Run `ChatOps.Server rbac` and apply what it writes: the bot must be allowed to act as that user.");
        }

        return missing.Count == 0
            ? Finding.Good($"{scope.User} may patch all {scope.Applications.Count} applications of {scope.Namespace} on {scope.HeldBy} that the policy covers")
            : Finding.Problem($"{scope.User} may not patch {string.Join(", ", missing)} in {scope.Namespace} on {scope.HeldBy}, which the policy covers", "Run `ChatOps.Server rbac`, review what it writes, and apply it.");
    }

    private async Task<IReadOnlyList<Finding>> CompareAsync(RbacReads reads, CancellationToken ct)
    {
        var (where, missing) = ($"namespace {reads.Namespace} on {reads.Cluster}", new Dictionary<string, IReadOnlyList<ReadKind>>());
        foreach (var verb in reads.Verbs)
        {
            if (await ReadRights.MissingAsync(clusters.Of(reads.Cluster), verb, reads.Namespace, ct) is not { } kinds)
            {
                return [Finding.Problem($"What the bot may read in {where} cannot be asked", "Its account needs system:basic-user, which every authenticated account has by default.")];
            }

            missing[verb] = kinds;
        }

        string Named(string verb) => string.Join(", ", missing[verb].Select(kind => kind.Kind));
        return
        [
            .. !missing.TryGetValue("get", out var unread) ? Array.Empty<Finding>() : [unread.Count == 0
                ? Finding.Good($"The bot may read what applications deploy to {where}, for `diff`")
                : Finding.Problem($"The bot may not read {Named("get")} in {where}, so `diff` cannot show them", "Run `ChatOps.Server rbac`, review what it writes, and apply it; or set ArgoCd:Token, then Argo CD compares and the bot reads no objects by name.")],
            missing["watch"].Count == 0
                ? Finding.Good($"The bot may watch what applications deploy to {where}, while an incident is open")
                : Finding.Problem($"The bot may not watch {Named("watch")} in {where}, so what hands change there and Argo CD takes back at once is in no record", "Run `ChatOps.Server rbac`, review what it writes, and apply it. Everything else works without."),
        ];
    }

    private async Task<(Finding? Problem, IReadOnlyList<RbacApplication> Applications)> ApplicationsAsync(CancellationToken ct)
    {
        var all = new List<RbacApplication>();
        foreach (var engine in options.ArgoCd)
        {
            var cluster = clusters.Of(engine.Cluster);
            var list = new ApplicationList(cluster, time);
            foreach (var ns in engine.AllNamespaces)
            {
                var (answer, found) = await list.ReadWholeAsync(ns, ct);
                if (!answer.IsOk)
                {
                    return (Finding.Problem($"The applications of {engine.Name} cannot be listed: {answer.Sentence}", "Run `ChatOps.Server doctor`."), []);
                }

                all.AddRange(found.Items.Select(glance => Of(glance, engine, cluster)));
            }
        }

        return (null, all);
    }

    private RbacApplication Of(ApplicationGlance glance, ArgoCdOptions engine, ClusterApi cluster)
    {
        var scope = glance.Scope ?? new("default", "", "", "");
        return new(new(engine.Name, glance.Namespace, glance.Name), cluster.Name, scope.Project, scope.Namespace, names.Of(scope.Server, scope.Cluster, cluster.Name)) { Set = glance.Set };
    }
}
