using System.Text.Json.Serialization;
using ChatOps.Core.Conversation;
using ChatOps.Core.Leases;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Storage.Documents;

internal sealed record LeaseDocument(
    int Version,
    Guid Id,
    LeaseKind Kind,
    int Incident,
    Guid Operation,
    ApplicationDocument Target,
    string Uid,
    PauseMechanism Mechanism,
    ValueAtDocument Before,
    string KubernetesUser,
    string? Owner,
    string Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset Deadline,
    DateTimeOffset Latest,
    bool ResumeAtDeadline,
    LeaseState State,
    Hold Hold,
    DateTimeOffset? HoldSince,
    DateTimeOffset? NoticedAt,
    int Escalations,
    DateTimeOffset? EscalatedAt,
    DateTimeOffset? RevertsToldUpTo,
    DateTimeOffset? EndedAt,
    string? EndedBy,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    int Saves,
    bool AwaitsEngine = false,
    bool EndedSync = false,
    bool FromBackup = false,
    BranchLeaseDocument? Branch = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<AskedAboutDocument>? Asked = null,
    OverrideDocument? Outside = null,
    string? WindowIn = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<HandsDocument>? Hands = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool HandsKept = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int HandsTold = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] OverwritingDocument? Overwriting = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] OverwriteQuestionDocument? Overwrite = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<AskedInThreadDocument>? InThread = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<string>? Deploys = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] FieldsDocument? Only = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Guid? Joins = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<int>? HeldWith = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool OnlyLetsGo = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] SetEntryDocument? InSet = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] DateTimeOffset? JoinedSince = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] TimeSpan? Held = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Guid? Deployed = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] DateTimeOffset? OwnerLookedAt = null) : IDocument
{
    public static LeaseDocument From(Lease lease, int saves) => new(
        DocumentJson.Current,
        lease.Id,
        lease.Kind,
        lease.Incident,
        lease.Operation,
        ApplicationDocument.From(lease.Target),
        lease.Uid,
        lease.Mechanism,
        ValueAtDocument.From(lease.Before),
        lease.KubernetesUser,
        lease.Owner,
        lease.Reason,
        lease.StartedAt,
        lease.Deadline,
        lease.Latest,
        lease.ResumeAtDeadline,
        lease.State,
        lease.Hold,
        lease.HoldSince,
        lease.NoticedAt,
        lease.Escalations,
        lease.EscalatedAt,
        lease.RevertsToldUpTo,
        lease.EndedAt,
        lease.EndedBy,
        lease.Attempts,
        lease.NextAttemptAt,
        saves,
        lease.AwaitsEngine,
        lease.EndedSync,
        lease.FromBackup,
        BranchLeaseDocument.From(lease),
        lease.Asked.Count == 0 ? null : [.. lease.Asked.Select(AskedAboutDocument.From)],
        OverrideDocument.From(lease.Outside),
        lease.WindowIn,
        lease.Hands.Count == 0 ? null : [.. lease.Hands.Select(HandsDocument.From)],
        lease.HandsKept,
        lease.HandsTold,
        OverwritingDocument.From(lease.Overwriting),
        OverwriteQuestionDocument.From(lease.Overwrite),
        lease.InThread.Count == 0 ? null : [.. lease.InThread.Select(AskedInThreadDocument.From)],
        lease.Deploys.Count == 0 ? null : lease.Deploys,
        FieldsDocument.From(lease.Only),
        lease.Joins,
        lease.HeldWith.Count == 0 ? null : lease.HeldWith,
        lease.OnlyLetsGo,
        SetEntryDocument.From(lease.InSet),
        lease.JoinedSince,
        lease.Held,
        lease.Deployed,
        lease.OwnerLookedAt);

    public Lease ToLease() => new()
    {
        Id = Id,
        Kind = Kind,
        Incident = Incident,
        Operation = Operation,
        Target = Target.ToRef(),
        Uid = Uid,
        Mechanism = Mechanism,
        Before = Before.ToValue(),
        KubernetesUser = KubernetesUser,
        Owner = Owner,
        Reason = Reason,
        StartedAt = StartedAt,
        Deadline = Deadline,
        Latest = Latest,
        ResumeAtDeadline = ResumeAtDeadline,
        State = State,
        Hold = Hold,
        HoldSince = HoldSince,
        NoticedAt = NoticedAt,
        Escalations = Escalations,
        EscalatedAt = EscalatedAt,
        RevertsToldUpTo = RevertsToldUpTo,
        EndedAt = EndedAt,
        EndedBy = EndedBy,
        Attempts = Attempts,
        NextAttemptAt = NextAttemptAt,
        Version = Saves,
        AwaitsEngine = AwaitsEngine,
        EndedSync = EndedSync,
        FromBackup = FromBackup,
        Branch = Branch?.Held.ToHeld(),
        BranchTip = Branch?.Tip,
        BranchGone = Branch?.Gone == true,
        Moving = Branch?.Moving?.ToMoving(),
        MovedFrom = Branch?.MovedFrom?.ToMoving(),
        Follows = Branch?.Follows,
        PushWaits = Branch?.PushWaits == true,
        Asked = [.. (Asked ?? []).Select(asked => asked.ToAsked())],
        Outside = Outside?.ToOverride(),
        WindowIn = WindowIn,
        Hands = [.. (Hands ?? []).Select(hands => hands.ToHands())],
        HandsKept = HandsKept,
        HandsTold = HandsTold,
        Overwriting = Overwriting?.ToRule() ?? Core.Policy.Overwriting.BySecondPress,
        Overwrite = Overwrite?.ToQuestion(),
        InThread = [.. (InThread ?? []).Select(asked => asked.ToAsked())],
        Deploys = Deploys ?? [],
        Only = Only?.ToFields(),
        Joins = Joins,
        HeldWith = HeldWith ?? [],
        OnlyLetsGo = OnlyLetsGo,
        InSet = InSet?.ToEntry(),
        Held = Held,
        Deployed = Deployed,
        OwnerLookedAt = OwnerLookedAt,
        JoinedSince = JoinedSince,
    };
}

/// <summary>What hands changed in one live object.</summary>
internal sealed record HandsDocument(string Kind, string Namespace, string Name, IReadOnlyList<DriftDocument> Fields, string? PutBack)
{
    public static HandsDocument From(ResourceDrift hands) => new(hands.Kind, hands.Namespace, hands.Name, [.. hands.Fields.Select(DriftDocument.From)], hands.PutBack);

    public ResourceDrift ToHands() => new(Kind, Namespace, Name, [.. Fields.Select(field => field.ToDrift())]) { PutBack = PutBack };
}

internal sealed record DriftDocument(string Path, string? Git, string? Live, DriftClass Class, string? By, DateTimeOffset? At, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] NoWayBack? NoWay = null)
{
    public static DriftDocument From(Drift drift) => new(drift.Path, drift.Git, drift.Live, drift.Class, drift.By, drift.At, drift.NoWay);

    public Drift ToDrift() => new(Path, Git, Live, Class, By, At) { NoWay = NoWay };
}

internal sealed record AskedAboutDocument(string Person, AccountDocument Account, string Message, DateTimeOffset Deadline)
{
    public static AskedAboutDocument From(AskedAbout asked) => new(asked.Person, AccountDocument.From(asked.Account), asked.Message.Value, asked.Deadline);

    public AskedAbout ToAsked() => new(Person, Account.ToAccount(), new MessageKey(Message), Deadline);
}
