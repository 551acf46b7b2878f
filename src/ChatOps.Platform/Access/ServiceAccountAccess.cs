using System.Text.Json.Nodes;
using ChatOps.Core.Grants;
using ChatOps.Core.Policy;
using ChatOps.Core.Reconciliation;
using ChatOps.Platform.Kubernetes;

namespace ChatOps.Platform.Access;

/// <summary>
/// Access for people whom the cluster does not know: a ServiceAccount of the grant's own in a namespace in which nothing else
/// lives, and the RoleBindings of a grant to it. What ends it is the bindings' end; a token has a life of its own.
/// </summary>
public sealed class ServiceAccountAccess(ClusterConnections clusters, PolicyConfiguration policy, TimeProvider time) : IAccess
{
    /// <summary>No API server makes a token for less.</summary>
    private static readonly TimeSpan ShortestToken = TimeSpan.FromMinutes(10);

    public GrantKind Kind => GrantKind.ServiceAccount;

    public IReadOnlyList<string> Clusters => clusters.Names;

    public bool IsGivenIn(string cluster) => policy.BreakGlass.AccountsIn.Length > 0 && policy.BreakGlass.Namespaces.Exists(scope => scope.Cluster == cluster);

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

        var accounts = policy.BreakGlass.AccountsIn;
        var (answer, terms) = await GrantBindings.TermsAsync(cluster, wish, $"system:serviceaccount:{accounts}:chatops-not-made-yet", Groups(accounts), ct);
        return (answer, terms is null ? null : terms with { Scope = terms.Scope with { Accounts = accounts } });
    }

    public async Task<ClusterAnswer> GiveAsync(AuthorizedGrant grant, CancellationToken ct)
    {
        var given = grant.Grant;
        if (clusters.Find(given.Scope.Cluster) is not { } cluster || given.Scope.Accounts is not { } accounts)
        {
            return GrantBindings.Unconfigured(given.Scope.Cluster);
        }

        var account = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ServiceAccount",
            ["metadata"] = GrantMarks.Metadata(given, accounts),
            ["automountServiceAccountToken"] = false,
        };
        var reply = await cluster.CreateAsync($"{Accounts(accounts)}?fieldManager=chatops", account.ToJsonString(), new(ReservedUser.Grants, given.Person), ct);
        var answer = reply.Reason == "AlreadyExists"
            ? await SameAsync(cluster, given, accounts, ct)
            : ClusterAnswers.Of(reply, new(cluster.Name, ReservedUser.Grants, "create", $"serviceaccounts/{given.ObjectName}", accounts));
        return answer.IsOk
            ? await GrantBindings.MakeAsync(cluster, given, new JsonObject { ["kind"] = "ServiceAccount", ["namespace"] = accounts, ["name"] = given.ObjectName }, given.Person, ct)
            : answer;
    }

    /// <summary>The bindings first, because they are what lets anybody do anything; the account with its tokens also when one of them stays.</summary>
    public async Task<ClusterAnswer> TakeBackAsync(AuthorizedRevocation end, CancellationToken ct)
    {
        if (clusters.Find(end.Cluster) is not { } cluster)
        {
            return GrantBindings.Unconfigured(end.Cluster);
        }

        var bindings = await GrantBindings.DeleteAsync(cluster, end, ct);
        if (end.Accounts is not { } accounts)
        {
            return bindings;
        }

        var reply = await cluster.DeleteAsync($"{Accounts(accounts)}/{end.ObjectName}", new(ReservedUser.Grants, end.OnBehalfOf), ct);
        var account = GrantMarks.Deleted(reply, new(cluster.Name, ReservedUser.Grants, "delete", $"serviceaccounts/{end.ObjectName}", accounts));
        if (account.Kind == ClusterAnswerKind.Forbidden && ClusterAnswers.Of(await cluster.GetAsync($"api/v1/namespaces/{accounts}", ct), new(cluster.Name, null, "get", $"namespaces/{accounts}", null)).Kind == ClusterAnswerKind.Gone)
        {
            return bindings; // with its namespace went the account, and our right to delete it
        }

        return bindings.IsAway && (!account.IsAway || account.IsOk) ? account : bindings;
    }

    public Task<IReadOnlyList<AccessRight>?> AllowedNowAsync(Grant grant, IReadOnlyList<string> groups, CancellationToken ct) =>
        clusters.Find(grant.Scope.Cluster) is not { } cluster ? Task.FromResult<IReadOnlyList<AccessRight>?>(null)
        : RightsReview.AllowedAsync(cluster, grant.Subject, Groups(grant.Scope.Accounts ?? ""), grant.Probes, grant.Scope.Namespaces, ct);

    public string Allows(Grant grant) => GrantMarks.Allows("ClusterRole", grant.Scope.ClusterRole);

    /// <summary>Accounts where the books know of some and where they are made today, which the policy may have moved; the bindings, which alone let anybody do anything, are found by their label wherever they are.</summary>
    public async Task<(ClusterAnswer Answer, IReadOnlyList<FoundGrant> Found)> FindAsync(string cluster, IEnumerable<string> listedIn, CancellationToken ct)
    {
        if (clusters.Find(cluster) is not { } api)
        {
            return (GrantBindings.Unconfigured(cluster), []);
        }

        var (answer, bindings) = await GrantBindings.FindAsync(api, Kind, ct);
        var found = bindings.ToList();

        // Where neither the books nor the policy can be asked, the binding tells where the account is that it is to.
        var bound = bindings.Select(binding => binding.OwnAccountIn).OfType<string>().ToHashSet();
        var known = listedIn.Concat(IsGivenIn(cluster) ? [policy.BreakGlass.AccountsIn] : []).ToHashSet();
        foreach (var accounts in known.Union(bound))
        {
            var (listed, there) = await GrantBindings.ListAsync(api, Accounts(accounts), new(cluster, null, "list", "serviceaccounts", accounts), ct);
            found.AddRange(there.Select(account => GrantMarks.ReadAccount(account, cluster)));
            answer = answer.IsOk && (known.Contains(accounts) || listed.Kind != ClusterAnswerKind.Forbidden) ? listed : answer;
        }

        return (answer, found);
    }

    /// <summary>A token of one grant's account, for as short as it may be: until the grant ends, but no API server makes one for less than ten minutes.</summary>
    public async Task<(ClusterAnswer Answer, MintedToken? Token)> MintAsync(AuthorizedClaim claim, CancellationToken ct)
    {
        var grant = claim.Grant;
        if (clusters.Find(grant.Scope.Cluster) is not { } cluster || grant.Scope.Accounts is not { } accounts)
        {
            return (GrantBindings.Unconfigured(grant.Scope.Cluster), null);
        }

        var left = grant.EndsAt - time.GetUtcNow();
        var lasts = left > ShortestToken ? left : ShortestToken;
        var request = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["expirationSeconds"] = (long)Math.Ceiling(lasts.TotalSeconds) },
        };
        var reply = await cluster.CreateAsync($"{Accounts(accounts)}/{grant.ObjectName}/token", request.ToJsonString(), new(ReservedUser.Grants, grant.Person), ct);
        var answer = ClusterAnswers.Of(reply, new(cluster.Name, ReservedUser.Grants, "create", $"serviceaccounts/token {grant.ObjectName}", accounts));
        return answer.IsOk && reply.Body.Text("status", "token") is { Length: > 0 } token
            ? (answer, new(token, reply.Body.Time("status", "expirationTimestamp") ?? time.GetUtcNow() + lasts, cluster.ForPeople ?? cluster.Address, cluster.Authority))
            : (answer.IsOk ? new(ClusterAnswerKind.Failed, $"Cluster {cluster.Name} answered without a token") : answer, null);
    }

    private static string Accounts(string ns) => $"api/v1/namespaces/{ns}/serviceaccounts";

    private static IReadOnlyList<string> Groups(string accounts) => ["system:serviceaccounts", $"system:serviceaccounts:{accounts}"];

    private static async Task<ClusterAnswer> SameAsync(ClusterApi cluster, Grant grant, string accounts, CancellationToken ct)
    {
        var attempt = new Attempt(cluster.Name, null, "get", $"serviceaccounts/{grant.ObjectName}", accounts);
        var reply = await cluster.GetAsync($"{Accounts(accounts)}/{grant.ObjectName}", ct);
        return ClusterAnswers.Of(reply, attempt) is { IsOk: false } answer ? answer
            : GrantMarks.ReadAccount(reply.Body, cluster.Name) is { ExpiresAt: { } end } there && there.Grant == grant.Id && end == grant.EndsAt ? ClusterAnswer.Ok
            : new(ClusterAnswerKind.Moved, $"{attempt.What} in {attempt.Where} is there already and is not what was approved");
    }
}
