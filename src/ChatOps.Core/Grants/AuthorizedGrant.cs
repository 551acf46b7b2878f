namespace ChatOps.Core.Grants;

/// <summary>
/// Proof that one access may be given: only <see cref="Grants.Grant.Give"/> makes one, from an operation that the rulebook
/// and its approvers let start.
/// </summary>
public sealed class AuthorizedGrant
{
    internal AuthorizedGrant(Grant grant) => Grant = grant;

    public Grant Grant { get; }
}

/// <summary>Proof that a token may be made for one grant that is open: only <see cref="Grants.Grant.Claim"/> makes one.</summary>
public sealed class AuthorizedClaim
{
    internal AuthorizedClaim(Grant grant) => Grant = grant;

    /// <summary>With this claim counted.</summary>
    public Grant Grant { get; }
}

/// <summary>
/// Proof that one access is ours to take away, and the right to take exactly that away. Made from a stored grant by
/// <see cref="Grants.Grant.Revoke"/>, or from an object that carries our label by <see cref="FoundGrant.Revoke"/>; needs no
/// policy, store, chat or Git.
/// </summary>
public sealed class AuthorizedRevocation
{
    internal AuthorizedRevocation(GrantKind kind, string cluster, string objectName, IReadOnlyList<string> namespaces, Guid? grant, string onBehalfOf)
    {
        Kind = kind;
        Cluster = cluster;
        ObjectName = objectName;
        Namespaces = namespaces;
        Grant = grant;
        OnBehalfOf = onBehalfOf;
    }

    public GrantKind Kind { get; }

    public string Cluster { get; }

    public string ObjectName { get; }

    public IReadOnlyList<string> Namespaces { get; }

    public Guid? Grant { get; }

    public string OnBehalfOf { get; }

    /// <summary>Where a role in Argo CD is.</summary>
    public string? Project { get; internal init; }

    /// <summary>Where its ServiceAccount is, if that is to go too.</summary>
    public string? Accounts { get; internal init; }
}

/// <summary>An object in a cluster that carries our label, or our name, whatever the books say of it.</summary>
/// <param name="Grant">From its label or name; null when that is none of ours to read.</param>
/// <param name="ExpiresAt">From its annotation or name; null when that is missing or unreadable, which counts as past.</param>
public sealed record FoundGrant(GrantKind Kind, string Cluster, string Namespace, string ObjectName, Guid? Grant, int? Incident, DateTimeOffset? ExpiresAt, string Subject)
{
    /// <summary>The project that a role in Argo CD is in.</summary>
    public string? Project { get; init; }

    /// <summary>The API server's id of the object, which never comes twice; null for a role, which is a part of its project.</summary>
    public string? Uid { get; init; }

    /// <summary>What it lets people do, as <see cref="IAccess.Allows"/> says it of a grant; null for a ServiceAccount, which allows nothing by itself.</summary>
    public string? Allows { get; init; } = "";

    /// <summary>The role is gone and tokens of it are left.</summary>
    public bool IsRemains { get; init; }

    /// <summary>The namespace of the ServiceAccount of its own that a RoleBinding is to; null: it is to somebody else.</summary>
    public string? OwnAccountIn => Kind == GrantKind.ServiceAccount && Subject.Split(':') is ["system", "serviceaccount", var ns, var account] && account == ObjectName ? ns : null;

    /// <summary>With the account that it is to: by nothing else can that be found where no policy says in which namespace.</summary>
    public AuthorizedRevocation Revoke() => Allows is null
        ? new(Kind, Cluster, ObjectName, [], Grant, "chatops") { Accounts = Namespace }
        : new(Kind, Cluster, ObjectName, [Namespace], Grant, "chatops") { Project = Project, Accounts = OwnAccountIn };

    public bool IsPast(DateTimeOffset now) => ExpiresAt is not { } end || now >= end;
}
