using ChatOps.Core.Grants;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Doubles;

/// <summary>A cluster's RoleBindings, or the roles of an Argo CD's projects, which answers as it is told to, and otherwise well; several at once, as ends come.</summary>
internal sealed class ModelAccess(GrantKind kind) : IAccess
{
    private readonly Lock gate = new();

    public List<FoundGrant> Objects { get; } = [];

    /// <summary>Who may do all that by something that is not ours.</summary>
    public List<string> Elsewhere { get; } = [];

    /// <summary>What the next writes are answered, and whether they are done all the same.</summary>
    public Queue<(ClusterAnswerKind Kind, bool Done)> NextWrites { get; } = [];

    /// <summary>Answers nobody, until it is well again.</summary>
    public bool Silent { get; set; }

    /// <summary>Grants whose objects it lets nobody write, until somebody sees to it.</summary>
    public HashSet<Guid> Refuses { get; } = [];

    /// <summary>In the moment in which access is asked for.</summary>
    public Action<AuthorizedGrant>? OnGive { get; set; }

    /// <summary>Between the question and the write: the request is on its way.</summary>
    public Func<Task>? OnTheWay { get; set; }

    /// <summary>The same for a write that takes access away.</summary>
    public Func<Task>? OnTheWayBack { get; set; }

    /// <summary>Before an access review is answered.</summary>
    public Func<CancellationToken, Task>? OnReview { get; set; }

    public GrantKind Kind => kind;

    public IReadOnlyList<string> Clusters { get; set; } = ["prod"];

    public bool IsGiven { get; set; } = true;

    public bool IsGivenIn(string cluster) => IsGiven;

    /// <summary>What a list is answered, whatever is told all the same.</summary>
    public ClusterAnswer Lists { get; set; } = ClusterAnswer.Ok;

    /// <summary>Between the list and what is made of it.</summary>
    public Action? OnFound { get; set; }

    /// <summary>How often it was looked.</summary>
    public int Looks { get; private set; }

    /// <summary>What the next plans run into.</summary>
    public Refusal? Obstacle { get; set; }

    /// <summary>What the role of the next plans allows, in words.</summary>
    public IReadOnlyList<string> Rules { get; set; } = ["patch, update deployments (apps), deployments/scale (apps)"];

    /// <summary>The role of the next plans allows what nobody has by what was given before.</summary>
    public bool IsOther { get; set; }

    /// <summary>Whether that is anything that can be asked about.</summary>
    public bool IsAskable { get; set; } = true;

    private static AccessRight Right { get; } = new("patch", "apps", "deployments");

    public Task<(ClusterAnswer Answer, AccessTerms? Terms)> TermsAsync(AccessWish wish, CancellationToken ct) =>
        Task.FromResult<(ClusterAnswer, AccessTerms?)>(Silent ? (Nobody, null) : (ClusterAnswer.Ok, kind == GrantKind.ArgoCdRole ? InArgoCd(wish) : new(
            new(wish.Application.Cluster, kind == GrantKind.ClusterRoleBinding ? [""] : wish.Application.ResourceNamespaces, wish.Role.ClusterRole, Rules) { Accounts = kind == GrantKind.ServiceAccount ? "accounts" : null },
            IsAskable ? [Right] : [],
            !IsAskable || !IsOther && Objects.Any(one => one.Subject == wish.Subject) ? [] : [Right])));

    private AccessTerms InArgoCd(AccessWish wish)
    {
        IReadOnlyList<AccessRight> rights = [.. wish.Role.ArgoCdActions.Select(ArgoCdAction.Right)];
        return new(new(wish.Application.Cluster, ["argocd"], "", wish.Role.ArgoCdActions) { Project = wish.Application.Project }, rights, rights) { Obstacle = Obstacle };
    }

    public async Task<ClusterAnswer> GiveAsync(AuthorizedGrant grant, CancellationToken ct)
    {
        OnGive?.Invoke(grant);
        await (OnTheWay?.Invoke() ?? Task.CompletedTask);
        return await WriteAsync(grant.Grant.Id, () =>
        {
            var given = grant.Grant;
            if (Objects.Exists(one => one.Grant == given.Id))
            {
                return;
            }

            if (given.Scope.Accounts is { } accounts)
            {
                Objects.Add(new(Kind, given.Scope.Cluster, accounts, given.ObjectName, given.Id, given.Incident, given.EndsAt, given.Subject) { Allows = null });
            }

            Objects.Add(new(Kind, given.Scope.Cluster, given.Scope.Namespaces[0], given.ObjectName, given.Id, given.Incident, given.EndsAt, given.Subject) { Project = given.Scope.Project, Allows = Allows(given) });
        });
    }

    public async Task<ClusterAnswer> TakeBackAsync(AuthorizedRevocation end, CancellationToken ct)
    {
        await (OnTheWayBack?.Invoke() ?? Task.CompletedTask);
        var taken = 0;
        var answer = await WriteAsync(end.Grant, () => taken = Objects.RemoveAll(one => one.ObjectName == end.ObjectName && one.Project == end.Project && (one.Allows is null ? end.Accounts == one.Namespace : end.Namespaces.Contains(one.Namespace))));
        return answer.IsOk && taken == 0 ? new(ClusterAnswerKind.Gone, "there is nothing of it") : answer;
    }

    public async Task<IReadOnlyList<AccessRight>?> AllowedNowAsync(Grant grant, IReadOnlyList<string> groups, CancellationToken ct)
    {
        await (OnReview?.Invoke(ct) ?? Task.CompletedTask);
        lock (gate)
        {
            return Silent ? null : AllowedNow(grant);
        }
    }

    private IReadOnlyList<AccessRight> AllowedNow(Grant grant) =>
        Objects.Exists(one => kind != GrantKind.ArgoCdRole ? one.Allows is not null && one.Subject == grant.Subject : one.ObjectName == grant.ObjectName) || Elsewhere.Contains(grant.Subject) ? grant.Probes : [];

    public string Allows(Grant grant) => $"{grant.Scope.ClusterRole} {string.Join(", ", grant.Scope.Rules)}";

    public Task<(ClusterAnswer Answer, IReadOnlyList<FoundGrant> Found)> FindAsync(string cluster, IEnumerable<string> listedIn, CancellationToken ct)
    {
        Looks++;
        var told = Objects.ToList();
        OnFound?.Invoke();
        return Task.FromResult<(ClusterAnswer, IReadOnlyList<FoundGrant>)>(Silent ? (Nobody, []) : (Lists, told));
    }

    private static ClusterAnswer Nobody => new(ClusterAnswerKind.Unavailable, "the cluster does not answer");

    private Task<ClusterAnswer> WriteAsync(Guid? grant, Action write)
    {
        lock (gate)
        {
            if (Silent || grant is { } id && Refuses.Contains(id))
            {
                return Task.FromResult(Silent ? Nobody : new ClusterAnswer(ClusterAnswerKind.Forbidden, "the cluster refused"));
            }

            var (kind, done) = NextWrites.TryDequeue(out var next) ? next : (ClusterAnswerKind.Ok, true);
            if (done)
            {
                write();
            }

            return Task.FromResult(kind == ClusterAnswerKind.Ok ? ClusterAnswer.Ok : new ClusterAnswer(kind, $"the cluster said {kind}"));
        }
    }
}
