using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// The RoleBindings of grants in one cluster. Written as <c>chatops:grants</c>, which may make and delete RoleBindings in
/// namespaces that opted in, for ClusterRoles that are named, and nothing else.
/// </summary>
internal static class GrantBindings
{
    private const string Group = "rbac.authorization.k8s.io";
    private const string Root = $"apis/{Group}/v1";
    private static readonly ClusterAnswer Gone = new(ClusterAnswerKind.Gone, "There is no binding of it");

    public static ClusterAnswer Unconfigured(string cluster) =>
        new(ClusterAnswerKind.Unavailable, $"Cluster {cluster} is none of Clusters in the configuration any more: put it back until nothing of ours is left there");

    /// <summary>What the wished ClusterRole would let somebody do that they cannot do yet.</summary>
    /// <param name="subject">As whom the API server is asked.</param>
    public static async Task<(ClusterAnswer Answer, AccessTerms? Terms)> TermsAsync(ClusterApi cluster, AccessWish wish, string subject, IReadOnlyList<string> groups, CancellationToken ct)
    {
        var reply = await cluster.GetAsync($"{Root}/clusterroles/{Uri.EscapeDataString(wish.Role.ClusterRole)}", ct);
        var answer = ClusterAnswers.Of(reply, new(cluster.Name, null, "get", $"clusterroles/{wish.Role.ClusterRole}", null));
        if (!answer.IsOk)
        {
            return (answer, null);
        }

        var scope = new GrantScope(cluster.Name, [.. wish.Application.ResourceNamespaces.Order(StringComparer.Ordinal)], wish.Role.ClusterRole, RoleRules.InWords(reply.Body));
        var rights = RoleRules.Rights(reply.Body);
        var asked = RightsReview.Spread(rights, scope.Namespaces.Count);
        var lacking = await RightsReview.LackingAsync(cluster, subject, groups, asked, scope.Namespaces, ct);
        return lacking is null
            ? (new ClusterAnswer(ClusterAnswerKind.Unavailable, $"Cluster {cluster.Name} does not say what {wish.Subject} may do already"), null)
            : (ClusterAnswer.Ok, new AccessTerms(scope, rights, lacking) { Asked = asked, Allowing = RoleRules.All(reply.Body) });
    }

    /// <summary>One in each namespace of the grant.</summary>
    public static async Task<ClusterAnswer> MakeAsync(ClusterApi cluster, Grant given, JsonObject subject, string person, CancellationToken ct)
    {
        foreach (var ns in given.Scope.Namespaces)
        {
            var binding = Binding(given, ns, subject);
            var reply = await cluster.CreateAsync($"{Bindings(ns)}?fieldManager=chatops", binding.ToJsonString(), new(ReservedUser.Grants, person), ct);
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

    /// <summary>Gone: it was in none of them.</summary>
    public static async Task<ClusterAnswer> DeleteAsync(ClusterApi cluster, AuthorizedRevocation end, CancellationToken ct)
    {
        var answers = await Task.WhenAll(end.Namespaces.Select(async ns =>
        {
            var path = $"{Bindings(ns)}/{end.ObjectName}";
            var reply = await cluster.DeleteAsync(path, new(ReservedUser.Grants, end.OnBehalfOf), ct);
            var answer = GrantMarks.Deleted(reply, new(cluster.Name, ReservedUser.Grants, "delete", $"rolebindings/{end.ObjectName}", ns));

            // With a namespace that was deleted went our right to delete anything in it.
            return answer.Kind == ClusterAnswerKind.Forbidden && ClusterAnswers.Of(await cluster.GetAsync(path, ct), new(cluster.Name, null, "get", $"rolebindings/{end.ObjectName}", ns)).Kind == ClusterAnswerKind.Gone
                ? Gone
                : answer;
        }));
        return answers.FirstOrDefault(answer => !answer.IsAway) ?? answers.FirstOrDefault(answer => answer.IsOk) ?? answers.FirstOrDefault() ?? Gone;
    }

    /// <summary>All of them, of whatever kind of grant: whose subject is a ServiceAccount is one of those.</summary>
    public static async Task<(ClusterAnswer Answer, IReadOnlyList<FoundGrant> Found)> FindAsync(ClusterApi cluster, GrantKind kind, CancellationToken ct)
    {
        var (answer, bindings) = await ListAsync(cluster, $"{Root}/rolebindings", new(cluster.Name, null, "list", "rolebindings", null), ct);
        return (answer, [.. bindings.Select(binding => GrantMarks.Read(binding, cluster.Name)).Where(found => found.Kind == kind)]);
    }

    /// <summary>Everything of ours under a path; what was told before a page failed is there all the same.</summary>
    public static async Task<(ClusterAnswer Answer, IReadOnlyList<JsonElement> Found)> ListAsync(ClusterApi cluster, string path, Attempt attempt, CancellationToken ct)
    {
        var found = new List<JsonElement>();
        var page = "";
        do
        {
            var reply = await cluster.GetAsync($"{path}?limit=500&labelSelector={Uri.EscapeDataString(GrantMarks.Selector)}{page}", ct);
            var answer = ClusterAnswers.Of(reply, attempt);
            if (!answer.IsOk)
            {
                return (answer, found);
            }

            found.AddRange(reply.Body.Items("items"));
            page = reply.Body.Text("metadata", "continue") is { Length: > 0 } more ? $"&continue={Uri.EscapeDataString(more)}" : "";
        }
        while (page.Length > 0);
        return (ClusterAnswer.Ok, found);
    }

    private static string Bindings(string ns) => $"{Root}/namespaces/{ns}/rolebindings";

    private static JsonObject Binding(Grant grant, string ns, JsonObject subject) => new()
    {
        ["apiVersion"] = $"{Group}/v1",
        ["kind"] = "RoleBinding",
        ["metadata"] = GrantMarks.Metadata(grant, ns),
        ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = "ClusterRole", ["name"] = grant.Scope.ClusterRole },
        ["subjects"] = new JsonArray(subject.DeepClone()),
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

        var there = GrantMarks.Read(reply.Body, cluster.Name);
        return there.Grant == grant.Id && there.Subject == grant.Subject && there.Allows == GrantMarks.Allows("ClusterRole", grant.Scope.ClusterRole)
            ? ClusterAnswer.Ok
            : new(ClusterAnswerKind.Moved, $"{attempt.What} in {attempt.Where} is there already and is not what was approved");
    }
}
