using System.Text.Json.Nodes;
using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// Access by a RoleBinding in each namespace. Written as <c>chatops:grants</c>, which may make and delete RoleBindings in
/// namespaces that opted in, for ClusterRoles that are named, and nothing else.
/// </summary>
public sealed class RoleBindingAccess(ClusterConnections clusters, PolicyConfiguration policy) : IAccess
{
    private const string Group = "rbac.authorization.k8s.io";
    private const string Root = $"apis/{Group}/v1";

    public GrantKind Kind => GrantKind.RoleBinding;

    public IReadOnlyList<string> Clusters => [.. policy.BreakGlass.Namespaces.Select(scope => scope.Cluster).Distinct()];

    public async Task<(ClusterAnswer Answer, AccessTerms? Terms)> TermsAsync(AccessWish wish, CancellationToken ct)
    {
        if (clusters.Find(wish.Application.Cluster) is not { } cluster)
        {
            return (Unconfigured(wish.Application.Cluster), null);
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

        var scope = new GrantScope(cluster.Name, [.. wish.Application.ResourceNamespaces.Order(StringComparer.Ordinal)], wish.Role.ClusterRole, RoleRules.InWords(reply.Body));
        var rights = RoleRules.Rights(reply.Body);
        var asked = RightsReview.Spread(rights, scope.Namespaces.Count);
        var allowed = await RightsReview.AskAsync(cluster, wish.Subject, wish.Groups, asked, scope.Namespaces, everywhere: true, ct);
        return allowed is null
            ? (new ClusterAnswer(ClusterAnswerKind.Unavailable, $"Cluster {cluster.Name} does not say what {wish.Subject} may do already"), null)
            : (ClusterAnswer.Ok, new AccessTerms(scope, rights, [.. asked.Except(allowed)]));
    }

    public async Task<ClusterAnswer> GiveAsync(AuthorizedGrant grant, CancellationToken ct)
    {
        var given = grant.Grant;
        if (clusters.Find(given.Scope.Cluster) is not { } cluster)
        {
            return Unconfigured(given.Scope.Cluster);
        }

        foreach (var ns in given.Scope.Namespaces)
        {
            var binding = Binding(given, ns);
            var reply = await cluster.CreateAsync($"{Bindings(ns)}?fieldManager=chatops", binding.ToJsonString(), As(given.Subject), ct);
            var answer = reply.Reason == "AlreadyExists"
                ? await SameAsync(cluster, given, ns, ct)
                : ClusterAnswers.Of(reply, new(cluster.Name, ReservedUser.Grants, "create", $"rolebindings/{given.ObjectName}", ns));
            if (!answer.IsOk)
            {
                return answer;
            }
        }

        return ClusterAnswer.Ok;
    }

    public async Task<ClusterAnswer> TakeBackAsync(AuthorizedRevocation end, CancellationToken ct)
    {
        if (clusters.Find(end.Cluster) is not { } cluster)
        {
            return Unconfigured(end.Cluster);
        }

        var answers = await Task.WhenAll(end.Namespaces.Select(async ns =>
        {
            var reply = await cluster.DeleteAsync($"{Bindings(ns)}/{end.ObjectName}", As(end.OnBehalfOf), ct);
            return ClusterAnswers.Of(reply, new(cluster.Name, ReservedUser.Grants, "delete", $"rolebindings/{end.ObjectName}", ns));
        }));
        return answers.FirstOrDefault(answer => answer is { IsOk: false, Kind: not ClusterAnswerKind.Gone }) ?? ClusterAnswer.Ok;
    }

    public Task<IReadOnlyList<AccessRight>?> AllowedNowAsync(Grant grant, IReadOnlyList<string> groups, CancellationToken ct) =>
        clusters.Find(grant.Scope.Cluster) is not { } cluster ? Task.FromResult<IReadOnlyList<AccessRight>?>(null)
        : RightsReview.AskAsync(cluster, grant.Subject, groups, grant.Probes, grant.Scope.Namespaces, everywhere: false, ct);

    public string Allows(Grant grant) => GrantMarks.Allows("ClusterRole", grant.Scope.ClusterRole);

    public async Task<(ClusterAnswer Answer, IReadOnlyList<FoundGrant> Found)> FindAsync(string cluster, CancellationToken ct)
    {
        if (clusters.Find(cluster) is not { } api)
        {
            return (Unconfigured(cluster), []);
        }

        var found = new List<FoundGrant>();
        var page = "";
        do
        {
            var reply = await api.GetAsync($"{Root}/rolebindings?limit=500&labelSelector={Uri.EscapeDataString(GrantMarks.Selector)}{page}", ct);
            var answer = ClusterAnswers.Of(reply, new(cluster, null, "list", "rolebindings", null));
            if (!answer.IsOk)
            {
                return (answer, []);
            }

            found.AddRange(reply.Body.Items("items").Select(binding => GrantMarks.Read(Kind, binding, cluster)));
            page = reply.Body.Text("metadata", "continue") is { Length: > 0 } more ? $"&continue={Uri.EscapeDataString(more)}" : "";
        }
        while (page.Length > 0);
        return (ClusterAnswer.Ok, found);
    }

    private static ClusterAnswer Unconfigured(string cluster) =>
        new(ClusterAnswerKind.Unavailable, $"Cluster {cluster} is none of Clusters in the configuration any more: put it back until nothing of ours is left there");

    private static Impersonation As(string person) => new(ReservedUser.Grants, person);

    private static string Bindings(string ns) => $"{Root}/namespaces/{ns}/rolebindings";

    private static JsonObject Binding(Grant grant, string ns) => new()
    {
        ["apiVersion"] = $"{Group}/v1",
        ["kind"] = "RoleBinding",
        ["metadata"] = GrantMarks.Metadata(grant, ns),
        ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = "ClusterRole", ["name"] = grant.Scope.ClusterRole },
        ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = Group, ["kind"] = "User", ["name"] = grant.Subject }),
    };

    /// <summary>An earlier try whose answer was lost, or something that only has its name.</summary>
    private static async Task<ClusterAnswer> SameAsync(ClusterApi cluster, Grant grant, string ns, CancellationToken ct)
    {
        var attempt = new Attempt(cluster.Name, null, "get", $"rolebindings/{grant.ObjectName}", ns);
        var reply = await cluster.GetAsync($"{Bindings(ns)}/{grant.ObjectName}", ct);
        if (ClusterAnswers.Of(reply, attempt) is { IsOk: false } answer)
        {
            return answer;
        }

        var there = GrantMarks.Read(GrantKind.RoleBinding, reply.Body, cluster.Name);
        return there.Grant == grant.Id && there.Subject == grant.Subject && there.Allows == GrantMarks.Allows("ClusterRole", grant.Scope.ClusterRole)
            ? ClusterAnswer.Ok
            : new(ClusterAnswerKind.Moved, $"{attempt.What} in {attempt.Where} is there already and is not what was approved");
    }
}
