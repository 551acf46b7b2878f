using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Grants;

/// <summary>How access is given; stored with each grant.</summary>
public enum GrantKind
{
    /// <summary>A RoleBinding to a named ClusterRole in each namespace that the application's resources live in.</summary>
    RoleBinding,

    /// <summary>A role of its own in the application's Argo CD project, for that one application.</summary>
    ArgoCdRole,

    /// <summary>A ClusterRoleBinding to a named ClusterRole, for what lives in no namespace; a rule of its own allows it.</summary>
    ClusterRoleBinding,

    /// <summary>RoleBindings to a ServiceAccount of its own, for somebody whom the cluster does not know: its token is fetched on a page, after a sign-in there.</summary>
    ServiceAccount,
}

public enum GrantState
{
    /// <summary>Written down before the cluster was asked; the access may or may not be there.</summary>
    Starting,

    Active,

    /// <summary>Somebody ended it, or something about it is wrong; being taken away.</summary>
    Ending,

    Ended,

    /// <summary>Never came to be: the cluster refused.</summary>
    Void,
}

/// <summary>What the API server said when it was asked, as the person, after the end.</summary>
public enum GrantProof
{
    /// <summary>Not asked yet, or no answer yet.</summary>
    None,

    /// <summary>No more than before the grant; of a role in Argo CD, whose server tells only people themselves: it was seen not to be there.</summary>
    NoMoreThanBefore,

    /// <summary>More than before, by something that is not this grant.</summary>
    StillAllowed,
}

/// <summary>
/// Break-glass access of one person to one scope until one moment. Immutable; its end never moves: an extension is a
/// grant of its own, with an object of its own in the cluster.
/// </summary>
public sealed partial record Grant
{
    public required Guid Id { get; init; }

    public required GrantKind Kind { get; init; }

    public required int Incident { get; init; }

    /// <summary>The operation that made it.</summary>
    public required Guid Operation { get; init; }

    /// <summary>Whose access.</summary>
    public required string Person { get; init; }

    /// <summary>Who that is in the cluster, or in Argo CD.</summary>
    public required string Subject { get; init; }

    /// <summary>Name of the role in the policy, as people say it.</summary>
    public required string Role { get; init; }

    public required ApplicationRef Target { get; init; }

    public required GrantScope Scope { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>In whole seconds, because that is what the cluster is told.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Start of the first of a row of extensions: what the longest duration counts from.</summary>
    public required DateTimeOffset FirstStartedAt { get; init; }

    /// <summary>No extension goes past this moment.</summary>
    public required DateTimeOffset Latest { get; init; }

    /// <summary>What the person could not do before, and is asked about during and after.</summary>
    public required IReadOnlyList<AccessRight> Probes { get; init; }

    public required GrantState State { get; init; }

    /// <summary>When the cluster confirmed that it is there.</summary>
    public DateTimeOffset? GivenAt { get; init; }

    /// <summary>When the owner was told that the end is near.</summary>
    public DateTimeOffset? NoticedAt { get; init; }

    public string? EndedBy { get; init; }

    /// <summary>Why it is being ended, where that is not its time.</summary>
    public string? EndReason { get; init; }

    /// <summary>When its end was begun before its time.</summary>
    public DateTimeOffset? EndBegunAt { get; init; }

    /// <summary>When the cluster confirmed that it is gone.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>It was gone when it was to be taken away: what ended it, and when, nobody here saw, only that it was no later than <see cref="EndedAt"/>.</summary>
    public bool WasGone { get; init; }

    /// <summary>What the sweep saw to be wrong with an object of it, kept from before that is taken away; null: nothing.</summary>
    public string? Astray { get; init; }

    public GrantProof Proof { get; init; }

    public DateTimeOffset? ProvedAt { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>How often its person asked for a token of its ServiceAccount.</summary>
    public int Claims { get; init; }

    public int Version { get; init; }

    public bool IsLive => State is GrantState.Starting or GrantState.Active or GrantState.Ending;

    /// <summary>Something is left to do: to take it away, or to prove that it is gone.</summary>
    public bool IsUnsettled => IsLive || State == GrantState.Ended && Proof == GrantProof.None;

    /// <summary>Since when it should be gone and is not known to be; null: it may be there, or is gone. Pure.</summary>
    public DateTimeOffset? PastEndSince(DateTimeOffset now) => !IsLive ? null
        : State == GrantState.Ending ? EndBegunAt is { } begun && begun < EndsAt ? begun : EndsAt < now ? EndsAt : now
        : now >= EndsAt ? EndsAt : null;

    /// <summary>What people type for it. The end of the id: its beginning is the time, which grants of one minute share.</summary>
    public string ShortId => Id.ToString("N")[^8..];

    /// <summary>Name of its objects in the cluster, never used again.</summary>
    public string ObjectName => Kind switch
    {
        GrantKind.RoleBinding or GrantKind.ClusterRoleBinding or GrantKind.ServiceAccount => $"chatops-{Id:N}",
        GrantKind.ArgoCdRole => ArgoCdRoleName.Of(Id, EndsAt),
    };

    /// <summary>An extension is a grant beside the one that it goes on from: all of a row are one access, and given back or revoked as one.</summary>
    public (string Person, ApplicationRef Target, string Role, DateTimeOffset FirstStartedAt) Row => (Person, Target, Role, FirstStartedAt);

    /// <summary>It can be given back and revoked: whether one that is being given is there already, nobody may know.</summary>
    public bool IsOpen => State is GrantState.Starting or GrantState.Active;

    /// <summary>Whether the other one lets the same person into the same place.</summary>
    public bool GoesOnBy(Grant other) => other.Id != Id && other.IsLive && other.Kind == Kind
        && (Kind == GrantKind.ServiceAccount ? other.Person == Person : other.Subject == Subject)
        && Scope.Overlaps(other.Scope) && (Kind != GrantKind.ArgoCdRole || other.Target == Target);
}

/// <summary>
/// Where and what, in the cluster's own words: people approve this, so it is in the plan's hash.
/// </summary>
/// <param name="Cluster">Configured name of the cluster.</param>
/// <param name="Namespaces">Sorted. Of a role in Argo CD: the one that holds its projects. Of a ClusterRoleBinding: the empty name alone, as Kubernetes writes what is in none.</param>
/// <param name="ClusterRole">Empty for a role in Argo CD.</param>
/// <param name="Rules">What that role allows, one line each, as it was read.</param>
public sealed record GrantScope(string Cluster, IReadOnlyList<string> Namespaces, string ClusterRole, IReadOnlyList<string> Rules)
{
    /// <summary>The project that a role in Argo CD is made in; null for RoleBindings.</summary>
    public string? Project { get; init; }

    /// <summary>The namespace that the grant's ServiceAccount is in; null for people whom the cluster knows.</summary>
    public string? Accounts { get; init; }

    /// <summary>Every namespace that something of the grant is in.</summary>
    public IEnumerable<string> Places => Accounts is null ? Namespaces : Namespaces.Append(Accounts);

    /// <summary>The namespaces that have to be listed to find all of it; RoleBindings are listed all over a cluster.</summary>
    public IReadOnlyList<string> ListedIn => Project is not null ? Namespaces : Accounts is not null ? [Accounts] : [];

    public bool Equals(GrantScope? other) => other is not null && Cluster == other.Cluster && ClusterRole == other.ClusterRole && Project == other.Project && Accounts == other.Accounts
        && Namespaces.SequenceEqual(other.Namespaces) && Rules.SequenceEqual(other.Rules);

    public override int GetHashCode() => HashCode.Combine(Cluster, ClusterRole, Namespaces.Count, Rules.Count);

    /// <summary>Whether anything could be changed with it, as far as its rules say.</summary>
    public bool MayChange => Rules.Count == 0 || Rules.Select(RoleRule.Read).Any(rule => rule.Changes);

    /// <summary>Whether its rules allow that, as they were approved; where none are kept, nobody knows that they do not.</summary>
    public bool Allows(string verb, string resource, string? name) => Rules.Count == 0 || Rules.Select(RoleRule.Read).Any(rule => rule.Allows(verb, resource, name));

    /// <summary>What lives in no namespace.</summary>
    public bool IsClusterWide => Namespaces is [""];

    public bool Overlaps(GrantScope other) => Cluster == other.Cluster && Project == other.Project && Namespaces.Intersect(other.Namespaces).Any();
}

/// <summary>One thing that somebody may or may not do, in the words of RBAC. <paramref name="Resource"/> as in <c>pods/log</c>.</summary>
public sealed record AccessRight(string Verb, string Group, string Resource)
{
    /// <summary>The one namespace that is meant, of somebody who has it in the others; null: all that are in question.</summary>
    public string? Namespace { get; init; }

    /// <summary>The one object that is meant, by its name; null: all.</summary>
    public string? Name { get; init; }

    public override string ToString() => $"{Verb} {Resource}{(Group.Length == 0 ? "" : $".{Group}")}{(Name is null ? "" : $" {Name}")}{(Namespace is null ? "" : $" in {Namespace}")}";
}
