using System.Text.Json.Nodes;
using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// Access to what lives in no namespace, by a ClusterRoleBinding. Written as <c>chatops:cluster-grants</c>, which exists
/// only where a cluster opted in, and for ClusterRoles that reach nothing else.
/// </summary>
public sealed class ClusterRoleBindingAccess(ClusterConnections clusters, PolicyConfiguration policy) : IAccess
{
    private const string Group = "rbac.authorization.k8s.io";
    private const string Root = $"apis/{Group}/v1";
    private const string Bindings = $"{Root}/clusterrolebindings";

    public GrantKind Kind => GrantKind.ClusterRoleBinding;

    public IReadOnlyList<string> Clusters => clusters.Names;

    public bool IsGivenIn(string cluster) => policy.BreakGlass.ClusterWideIn.Contains(cluster);

    public async Task<(ClusterAnswer Answer, AccessTerms? Terms)> TermsAsync(AccessWish wish, CancellationToken ct)
    {
        if (clusters.Find(wish.Application.Cluster) is not { } cluster)
        {
            return (GrantBindings.Unconfigured(wish.Application.Cluster), null);
        }

        if (await GrantBounds.OfAsync(cluster, Kind, policy.BreakGlass, ct) is { IsOk: false } unbounded)
        {
            return (unbounded, null);
        }

        var reply = await cluster.GetAsync($"{Root}/clusterroles/{Uri.EscapeDataString(wish.Role.ClusterRole)}", ct);
        var answer = ClusterAnswers.Of(reply, new(cluster.Name, null, "get", $"clusterroles/{wish.Role.ClusterRole}", null));
        if (!answer.IsOk)
        {
            return (answer, null);
        }

        if (await ClusterWideRules.WhatIsWrongAsync(cluster, reply.Body, ct) is { } wrong)
        {
            return (new ClusterAnswer(ClusterAnswerKind.Rejected, $"ClusterRole {wish.Role.ClusterRole} is not bound for the whole of cluster {cluster.Name}: {wrong}"), null);
        }

        var rights = RoleRules.Rights(reply.Body);
        var asked = RightsReview.Spread(rights, 1);
        var lacking = await RightsReview.LackingAsync(cluster, wish.Subject, wish.Groups, asked, [""], ct);
        return lacking is null
            ? (new ClusterAnswer(ClusterAnswerKind.Unavailable, $"Cluster {cluster.Name} does not say what {wish.Subject} may do already"), null)
            : (ClusterAnswer.Ok, new AccessTerms(new(cluster.Name, [""], wish.Role.ClusterRole, RoleRules.InWords(reply.Body)), rights, lacking) { Asked = asked, Allowing = RoleRules.All(reply.Body) });
    }

    public async Task<ClusterAnswer> GiveAsync(AuthorizedGrant grant, CancellationToken ct)
    {
        var given = grant.Grant;
        if (clusters.Find(given.Scope.Cluster) is not { } cluster)
        {
            return GrantBindings.Unconfigured(given.Scope.Cluster);
        }

        var reply = await cluster.CreateAsync($"{Bindings}?fieldManager=chatops", Binding(given).ToJsonString(), As(given.Subject), ct);
        return reply.Reason == "AlreadyExists"
            ? await SameAsync(cluster, given, ct)
            : ClusterAnswers.Of(reply, new(cluster.Name, ReservedUser.ClusterGrants, "create", $"clusterrolebindings/{given.ObjectName}", null));
    }

    public async Task<ClusterAnswer> TakeBackAsync(AuthorizedRevocation end, CancellationToken ct)
    {
        if (clusters.Find(end.Cluster) is not { } cluster)
        {
            return GrantBindings.Unconfigured(end.Cluster);
        }

        var reply = await cluster.DeleteAsync($"{Bindings}/{end.ObjectName}", As(end.OnBehalfOf), ct);
        return GrantMarks.Deleted(reply, new(cluster.Name, ReservedUser.ClusterGrants, "delete", $"clusterrolebindings/{end.ObjectName}", null));
    }

    public Task<IReadOnlyList<AccessRight>?> AllowedNowAsync(Grant grant, IReadOnlyList<string> groups, CancellationToken ct) =>
        clusters.Find(grant.Scope.Cluster) is not { } cluster ? Task.FromResult<IReadOnlyList<AccessRight>?>(null)
        : RightsReview.AllowedAsync(cluster, grant.Subject, groups, grant.Probes, [""], ct);

    public string Allows(Grant grant) => GrantMarks.Allows("ClusterRole", grant.Scope.ClusterRole);

    public async Task<(ClusterAnswer Answer, IReadOnlyList<FoundGrant> Found)> FindAsync(string cluster, IEnumerable<string> listedIn, CancellationToken ct)
    {
        if (clusters.Find(cluster) is not { } api)
        {
            return (GrantBindings.Unconfigured(cluster), []);
        }

        var (answer, bindings) = await GrantBindings.ListAsync(api, Bindings, new(cluster, null, "list", "clusterrolebindings", null), ct);
        return (answer, [.. bindings.Select(binding => GrantMarks.Read(binding, cluster))]);
    }

    private static Impersonation As(string person) => new(ReservedUser.ClusterGrants, person);

    private static JsonObject Binding(Grant grant) => new()
    {
        ["apiVersion"] = $"{Group}/v1",
        ["kind"] = "ClusterRoleBinding",
        ["metadata"] = GrantMarks.Metadata(grant),
        ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = "ClusterRole", ["name"] = grant.Scope.ClusterRole },
        ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = Group, ["kind"] = "User", ["name"] = grant.Subject }),
    };

    /// <summary>An earlier try whose answer was lost, or something that only has its name.</summary>
    private static async Task<ClusterAnswer> SameAsync(ClusterApi cluster, Grant grant, CancellationToken ct)
    {
        var attempt = new Attempt(cluster.Name, null, "get", $"clusterrolebindings/{grant.ObjectName}", null);
        var reply = await cluster.GetAsync($"{Bindings}/{grant.ObjectName}", ct);
        if (ClusterAnswers.Of(reply, attempt) is { IsOk: false } answer)
        {
            return answer;
        }

        var there = GrantMarks.Read(reply.Body, cluster.Name);
        return there.Grant == grant.Id && there.Subject == grant.Subject && there.Allows == GrantMarks.Allows("ClusterRole", grant.Scope.ClusterRole)
            ? ClusterAnswer.Ok
            : new(ClusterAnswerKind.Moved, $"{attempt.What} in {attempt.Where} is there already and is not what was approved");
    }
}
