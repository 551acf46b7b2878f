using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ChatOps.Core.Operations;
using ChatOps.Core.People;

namespace ChatOps.Storage.Documents;

internal sealed record ApprovalDocument(
    string Person,
    string PlanHash,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] TimeSpan? AtMost = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Recognition? KnownBy = null)
{
    public static ApprovalDocument From(Approval approval) => new(approval.Person, approval.PlanHash, approval.At, approval.AtMost, approval.KnownBy);

    public Approval ToApproval() => new(Person, PlanHash, At) { AtMost = AtMost, KnownBy = KnownBy };
}

internal sealed record OperationDocument(
    int Version,
    Guid Id,
    OperationKind Kind,
    int Incident,
    string RequestedBy,
    string RequestedByKubernetesName,
    DateTimeOffset RequestedAt,
    string Reason,
    TimeSpan Duration,
    DateTimeOffset? Until,
    PlanDocument Plan,
    AuthorityDocument Authority,
    OperationState State,
    DateTimeOffset StateSince,
    DateTimeOffset RequestExpiresAt,
    IReadOnlyList<ApprovalDocument> Approvals,
    IReadOnlyList<string> AskedNext,
    string? ReviewClosedBy,
    bool SelfApproved,
    Guid Lease,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    IReadOnlyList<IReadOnlyList<RunDocument>> Notices,
    string? Outcome,
    int Saves,
    string? Progress = null,
    DateTimeOffset? AskAgainAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] DateTimeOffset? OfferedAloneAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Recognition? RequesterKnownBy = null) : IDocument
{
    public static int Newest => 2;

    public static void Upgrade(JsonObject document, int version) => OperationUpgrade.FromOne(document);

    public static OperationDocument From(Operation operation, int saves) => new(
        Newest,
        operation.Id,
        operation.Kind,
        operation.Incident,
        operation.RequestedBy,
        operation.RequestedByKubernetesName,
        operation.RequestedAt,
        operation.Reason,
        operation.Duration,
        operation.Until,
        PlanDocument.From(operation.Plan),
        AuthorityDocument.From(operation.Authority),
        operation.State,
        operation.StateSince,
        operation.RequestExpiresAt,
        [.. operation.Approvals.Select(ApprovalDocument.From)],
        operation.AskedNext,
        operation.ReviewClosedBy,
        operation.SelfApproved,
        operation.Lease,
        operation.Attempts,
        operation.NextAttemptAt,
        [.. operation.Notices.Select(RunDocument.Of)],
        operation.Outcome,
        saves,
        operation.Progress,
        operation.AskAgainAt,
        operation.OfferedAloneAt,
        operation.RequesterKnownBy);

    public Operation ToOperation() => new()
    {
        Id = Id,
        Kind = Kind,
        Incident = Incident,
        RequestedBy = RequestedBy,
        RequestedByKubernetesName = RequestedByKubernetesName,
        RequestedAt = RequestedAt,
        Reason = Reason,
        Duration = Duration,
        Until = Until,
        Plan = Plan.ToPlan(),
        Authority = Authority.ToAuthority(),
        State = State,
        StateSince = StateSince,
        RequestExpiresAt = RequestExpiresAt,
        Approvals = [.. Approvals.Select(approval => approval.ToApproval())],
        AskedNext = AskedNext,
        ReviewClosedBy = ReviewClosedBy,
        SelfApproved = SelfApproved,
        Lease = Lease,
        Attempts = Attempts,
        NextAttemptAt = NextAttemptAt,
        Notices = [.. Notices.Select(RunDocument.ToText)],
        Outcome = Outcome,
        Version = Saves,
        Progress = Progress,
        AskAgainAt = AskAgainAt,
        OfferedAloneAt = OfferedAloneAt,
        RequesterKnownBy = RequesterKnownBy,
    };
}
