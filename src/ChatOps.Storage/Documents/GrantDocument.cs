using System.Text.Json.Serialization;
using ChatOps.Core.Grants;

namespace ChatOps.Storage.Documents;

internal sealed record GrantScopeDocument(string Cluster, IReadOnlyList<string> Namespaces, string ClusterRole, IReadOnlyList<string> Rules, string? Project = null, string? Accounts = null)
{
    public static GrantScopeDocument From(GrantScope scope) => new(scope.Cluster, scope.Namespaces, scope.ClusterRole, scope.Rules, scope.Project, scope.Accounts);

    public GrantScope ToScope() => new(Cluster, Namespaces, ClusterRole, Rules) { Project = Project, Accounts = Accounts };
}

internal sealed record AccessRightDocument(string Verb, string Group, string Resource, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Namespace = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null)
{
    public static AccessRightDocument From(AccessRight right) => new(right.Verb, right.Group, right.Resource, right.Namespace, right.Name);

    public AccessRight ToRight() => new(Verb, Group, Resource) { Namespace = Namespace, Name = Name };
}

internal sealed record GrantDocument(
    int Version,
    Guid Id,
    GrantKind Kind,
    int Incident,
    Guid Operation,
    string Person,
    string Subject,
    string Role,
    ApplicationDocument Target,
    GrantScopeDocument Scope,
    string Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset EndsAt,
    DateTimeOffset FirstStartedAt,
    DateTimeOffset Latest,
    IReadOnlyList<AccessRightDocument> Probes,
    GrantState State,
    DateTimeOffset? GivenAt,
    DateTimeOffset? NoticedAt,
    string? EndedBy,
    string? EndReason,
    DateTimeOffset? EndedAt,
    GrantProof Proof,
    DateTimeOffset? ProvedAt,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    int Saves,
    int Claims = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? EndBegunAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool WasGone = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Astray = null) : IDocument
{
    public static GrantDocument From(Grant grant, int saves) => new(
        DocumentJson.Current,
        grant.Id,
        grant.Kind,
        grant.Incident,
        grant.Operation,
        grant.Person,
        grant.Subject,
        grant.Role,
        ApplicationDocument.From(grant.Target),
        GrantScopeDocument.From(grant.Scope),
        grant.Reason,
        grant.StartedAt,
        grant.EndsAt,
        grant.FirstStartedAt,
        grant.Latest,
        [.. grant.Probes.Select(AccessRightDocument.From)],
        grant.State,
        grant.GivenAt,
        grant.NoticedAt,
        grant.EndedBy,
        grant.EndReason,
        grant.EndedAt,
        grant.Proof,
        grant.ProvedAt,
        grant.Attempts,
        grant.NextAttemptAt,
        saves,
        grant.Claims,
        grant.EndBegunAt,
        grant.WasGone,
        grant.Astray);

    public Grant ToGrant() => new()
    {
        Id = Id,
        Kind = Kind,
        Incident = Incident,
        Operation = Operation,
        Person = Person,
        Subject = Subject,
        Role = Role,
        Target = Target.ToRef(),
        Scope = Scope.ToScope(),
        Reason = Reason,
        StartedAt = StartedAt,
        EndsAt = EndsAt,
        FirstStartedAt = FirstStartedAt,
        Latest = Latest,
        Probes = [.. Probes.Select(right => right.ToRight())],
        State = State,
        GivenAt = GivenAt,
        NoticedAt = NoticedAt,
        EndedBy = EndedBy,
        EndReason = EndReason,
        EndedAt = EndedAt,
        Proof = Proof,
        ProvedAt = ProvedAt,
        Attempts = Attempts,
        NextAttemptAt = NextAttemptAt,
        Claims = Claims,
        EndBegunAt = EndBegunAt,
        WasGone = WasGone,
        Astray = Astray,
        Version = Saves,
    };
}
