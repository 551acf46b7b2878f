using System.Net;
using System.Text.Json;
using ChatOps.Core;
using ChatOps.Core.Conversation;
using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.ArgoCd;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// Access in Argo CD by a role of its own in the application's project. Written as <c>chatops:projects</c>, which may patch
/// named projects; never in <c>argocd-rbac-cm</c>, where one bad line locks everybody out.
/// </summary>
public sealed class ArgoCdRoleAccess(PlatformOptions options, ClusterConnections clusters, PolicyConfiguration policy) : IAccess
{
    /// <summary>Others append and remove at the same moment; each of them moves the list once.</summary>
    private const int Tries = 32;

    public GrantKind Kind => GrantKind.ArgoCdRole;

    public IReadOnlyList<string> Clusters => [.. options.ArgoCd.Select(ClusterOf).Distinct()];

    public bool IsGivenIn(string cluster) => policy.BreakGlass.Roles.Exists(role => role.Kind == Kind) && Clusters.Contains(cluster);

    public async Task<(ClusterAnswer Answer, AccessTerms? Terms)> TermsAsync(AccessWish wish, CancellationToken ct)
    {
        var application = wish.Application;
        if (options.ArgoCd.FirstOrDefault(one => one.Name == application.Ref.Instance) is not { } engine || clusters.Find(ClusterOf(engine)) is not { } cluster)
        {
            return (new(ClusterAnswerKind.Unavailable, $"Argo CD {application.Ref.Instance} is none of ArgoCd in the configuration any more"), null);
        }

        if (await GrantBounds.OfAsync(cluster, Kind, policy.BreakGlass, ct) is { IsOk: false } unbounded)
        {
            return (unbounded, null);
        }

        var (matching, settings) = await SettingsAsync(cluster, engine.Namespace, ct);
        var (answer, project) = matching.IsOk ? await ReadAsync(cluster, engine.Namespace, application.Project, ct) : (matching, default);
        var (judged, obstacle, risk) = answer.IsOk ? await JudgeAsync(cluster, engine.Namespace, project, ct) : (answer, null, null);
        if (!judged.IsOk)
        {
            return (judged, null);
        }

        var actions = wish.Role.ArgoCdActions;
        var rights = actions.Select(ArgoCdAction.Right).ToList();
        var scope = new GrantScope(cluster.Name, [engine.Namespace], "", [.. actions]) { Project = application.Project };
        return (ClusterAnswer.Ok, new AccessTerms(scope, rights, rights)
        {
            Obstacle = NamesInPolicies.AreGlobs(settings) ? obstacle : NotByGlob(application.Ref.Name),
            Notices = [.. new[] { NamesInPolicies.MayNotCount(settings, wish.Subject), risk is null ? null : Text.Of($"{risk}") }.OfType<Text>()],
        });
    }

    public async Task<ClusterAnswer> GiveAsync(AuthorizedGrant grant, CancellationToken ct)
    {
        var given = grant.Grant;
        if (clusters.Find(given.Scope.Cluster) is not { } cluster)
        {
            return Unconfigured(given.Scope.Cluster);
        }

        var (ns, name) = (given.Scope.Namespaces[0], given.Scope.Project ?? "");
        var role = ProjectRoles.Role(given, ns);
        var lines = ProjectRoles.Policies(given, ns);
        if (!GrantSubject.IsAPerson(given.Subject, Kind)
            || RolePolicy.WhatIsWrong(lines, name, given.ObjectName, RolePolicy.Object(name, ns, given.Target.Namespace, given.Target.Name), given.Scope.Rules) is not null)
        {
            return new(ClusterAnswerKind.Rejected, $"The policy of a role for {given.Target.Name} does not read back as it was meant, and would take other grants of project {name} away");
        }

        for (var tried = 1; ; tried++)
        {
            var (read, project) = await ReadAsync(cluster, ns, name, ct);
            if (!read.IsOk)
            {
                return read;
            }

            if (ProjectRoles.HasAnythingOf(project, given.ObjectName))
            {
                return ProjectRoles.IsThere(project, role) ? ClusterAnswer.Ok : new(ClusterAnswerKind.Moved, $"Project {name} has a role {given.ObjectName} already, which is not what was approved");
            }

            var (judged, obstacle, _) = await JudgeAsync(cluster, ns, project, ct);
            if (!judged.IsOk)
            {
                return judged;
            }

            if (obstacle is not null)
            {
                return new(ClusterAnswerKind.Rejected, obstacle.Why.ToString().TrimEnd('.'));
            }

            var reply = await PatchAsync(cluster, ns, name, ProjectRoles.Add(project, role), given.Person, ct);
            var answer = ClusterAnswers.Of(reply, Patching(cluster, ns, name));
            if (!IsRace(reply, answer) || tried >= Tries)
            {
                return answer;
            }
        }
    }

    public async Task<ClusterAnswer> TakeBackAsync(AuthorizedRevocation end, CancellationToken ct)
    {
        if (clusters.Find(end.Cluster) is not { } cluster)
        {
            return Unconfigured(end.Cluster);
        }

        var (ns, name) = (end.Namespaces[0], end.Project ?? "");
        var took = false;
        for (var tried = 1; ; tried++)
        {
            // Gone with the whole project is gone.
            var (read, project) = await ReadAsync(cluster, ns, name, ct);
            if (read.Kind == ClusterAnswerKind.Gone || (read.IsOk && !ProjectRoles.HasAnythingOf(project, end.ObjectName)))
            {
                return took ? ClusterAnswer.Ok : new(ClusterAnswerKind.Gone, $"Project {name} has no role {end.ObjectName}");
            }

            if (!read.IsOk)
            {
                return read;
            }

            var reply = await PatchAsync(cluster, ns, name, ProjectRoles.Remove(project, end.ObjectName)!, end.OnBehalfOf, ct);
            var answer = ClusterAnswers.Of(reply, Patching(cluster, ns, name));

            // The answer shows the project as it is now: a token that was minted on the way is looked for in it.
            var isLeft = answer.IsOk && ProjectRoles.HasAnythingOf(reply.Body, end.ObjectName);
            took |= answer.IsOk;
            if ((!isLeft && !IsRace(reply, answer)) || tried >= Tries)
            {
                return isLeft ? new(ClusterAnswerKind.Moved, $"Something puts role {end.ObjectName} of project {name} back as fast as it is taken away") : answer;
            }
        }
    }

    /// <summary>Nobody but the person can ask Argo CD what they may do; whether the role is there can be seen.</summary>
    public async Task<IReadOnlyList<AccessRight>?> AllowedNowAsync(Grant grant, IReadOnlyList<string> groups, CancellationToken ct)
    {
        if (clusters.Find(grant.Scope.Cluster) is not { } cluster)
        {
            return null;
        }

        var (read, project) = await ReadAsync(cluster, grant.Scope.Namespaces[0], grant.Scope.Project ?? "", ct);
        return read.Kind == ClusterAnswerKind.Gone ? [] : !read.IsOk ? null : ProjectRoles.HasAnythingOf(project, grant.ObjectName) ? grant.Probes : [];
    }

    public string Allows(Grant grant) => string.Join('\n', ProjectRoles.Policies(grant, grant.Scope.Namespaces[0]));

    public async Task<(ClusterAnswer Answer, IReadOnlyList<FoundGrant> Found)> FindAsync(string cluster, IEnumerable<string> listedIn, CancellationToken ct)
    {
        var namespaces = options.ArgoCd.Where(engine => ClusterOf(engine) == cluster).Select(engine => engine.Namespace).Union(listedIn).ToList();
        if (clusters.Find(cluster) is not { } api || namespaces.Count == 0)
        {
            return (Unconfigured(cluster), []);
        }

        var found = new List<FoundGrant>();
        var answer = ClusterAnswer.Ok;
        foreach (var ns in namespaces)
        {
            var listed = await FindAsync(api, ns, found, ct);
            answer = answer.IsOk ? listed : answer;
        }

        return (answer, found);
    }

    private static async Task<ClusterAnswer> FindAsync(ClusterApi cluster, string ns, List<FoundGrant> found, CancellationToken ct)
    {
        var page = "";
        do
        {
            var reply = await cluster.GetAsync($"{ApplicationPaths.Projects(ns)}?limit=100{page}", ct);
            if (ClusterAnswers.Of(reply, new(cluster.Name, null, "list", "appprojects", ns)) is { IsOk: false } answer)
            {
                return answer;
            }

            found.AddRange(reply.Body.Items("items").SelectMany(project => ProjectRoles.Ours(project, cluster.Name)));
            page = reply.Body.Text("metadata", "continue") is { Length: > 0 } more ? $"&continue={Uri.EscapeDataString(more)}" : "";
        }
        while (page.Length > 0);
        return ClusterAnswer.Ok;
    }

    /// <summary>Why a role would not work or not stay, and what would end it before its time.</summary>
    private static async Task<(ClusterAnswer Answer, Refusal? Obstacle, string? Risk)> JudgeAsync(ClusterApi cluster, string ns, JsonElement project, CancellationToken ct)
    {
        var name = project.Text("metadata", "name") ?? "";
        if (!project.At("metadata", "deletionTimestamp").IsAbsent)
        {
            return (ClusterAnswer.Ok, new(RefusalKind.NotPossible, Text.Of($"Argo CD project {name:code} is being deleted.")), null);
        }

        if (ProjectRoles.Unloadable(project) is { } broken)
        {
            return (ClusterAnswer.Ok, new(RefusalKind.NotPossible, Text.Of($"Role {broken:code} of Argo CD project {name:code} has a policy or group that Argo CD cannot read, so no role of that project counts."))
            {
                Instead = "Ask whoever keeps the project to correct it, then ask again.",
            }, null);
        }

        var claim = Owners.ClaimedParent(new(project), ns, ProjectOwner.Kind);
        var parent = claim is null ? null : await cluster.GetAsync(ApplicationPaths.Application(claim.Namespace, claim.Name), ct);
        if (parent is not null && ClusterAnswers.Of(parent, new(cluster.Name, null, "get", $"applications/{claim!.Name}", claim.Namespace)) is { IsTransient: true } silent)
        {
            return (silent, null, null);
        }

        var (takenBack, risk) = ProjectOwner.Judge(ProjectList.Roles, new(project), claim, parent is { IsOk: true } read ? read.Body : null);
        return (ClusterAnswer.Ok, takenBack is null ? null : new(RefusalKind.NotPossible, Text.Of($"A role that I add to Argo CD project {name:code} would be taken back at once, or come back after its end: {takenBack}"))
        {
            Instead = Text.Of($"Ask for access to the cluster instead, or let the platform team take {"spec.roles":code} of the project out of Git."),
        }, risk);
    }

    private static Refusal NotByGlob(string application) =>
        new(RefusalKind.NotPossible, Text.Of($"This Argo CD reads names in policies as regular expressions ({"policy.matchMode":code}), so a role for {application:code} would reach every application whose name contains that."))
        {
            Instead = "Ask for access to the cluster instead.",
        };

    /// <summary>Absent where there are none.</summary>
    private static async Task<(ClusterAnswer Answer, JsonElement Settings)> SettingsAsync(ClusterApi cluster, string ns, CancellationToken ct)
    {
        var reply = await cluster.GetAsync(ApplicationPaths.ArgoCdRbac(ns), ct);
        var answer = ClusterAnswers.Of(reply, new(cluster.Name, null, "get", "configmaps/argocd-rbac-cm", ns));
        return answer.Kind == ClusterAnswerKind.Gone ? (ClusterAnswer.Ok, default) : (answer, reply.Body);
    }

    private static async Task<(ClusterAnswer Answer, JsonElement Project)> ReadAsync(ClusterApi cluster, string ns, string name, CancellationToken ct)
    {
        var reply = await cluster.GetAsync(ApplicationPaths.Project(ns, name), ct);
        return (ClusterAnswers.Of(reply, new(cluster.Name, null, "get", $"appprojects/{name}", ns)), reply.Body);
    }

    private static Task<ApiReply> PatchAsync(ClusterApi cluster, string ns, string name, string patch, string person, CancellationToken ct) =>
        cluster.PatchAsync($"{ApplicationPaths.Project(ns, name)}?fieldManager={ArgoCdReconciler.FieldManager}", patch, new(ReservedUser.Projects, person), ct);

    private static Attempt Patching(ClusterApi cluster, string ns, string name) => new(cluster.Name, ReservedUser.Projects, "patch", $"appprojects/{name}", ns);

    private static bool IsRace(ApiReply reply, ClusterAnswer answer) => reply.Status == HttpStatusCode.Conflict || (answer.Kind == ClusterAnswerKind.Rejected && GuardedPatch.IsFailedTest(reply));

    private static ClusterAnswer Unconfigured(string cluster) =>
        new(ClusterAnswerKind.Unavailable, $"No Argo CD in cluster {cluster} is in the configuration any more: put it back until nothing of ours is left there");

    private string ClusterOf(ArgoCdOptions engine) => engine.Cluster.Length == 0 ? options.Clusters[0].Name : engine.Cluster;
}
