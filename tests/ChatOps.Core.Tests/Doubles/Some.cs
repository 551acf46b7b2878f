using ChatOps.Core.Leases;
using ChatOps.Core.Operations;
using ChatOps.Core.Operations.Pausing;
using ChatOps.Core.Reconciliation;

namespace ChatOps.Core.Tests.Doubles;

/// <summary>A valid anything; a test names only what it is about.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    public static readonly ApplicationRef Shop = new("prod", "argocd", "shop");

    public static readonly JsonValueAt Before = new("/spec/syncPolicy/automated", """{"selfHeal":true}""", """{"automated":{"selfHeal":true}}""");

    public static ApplicationFacts Facts() => new()
    {
        Ref = Shop,
        Uid = "uid-1",
        Project = "shop",
        Cluster = "prod",
        DestinationNamespace = "shop",
        Sync = SyncState.Synced,
        Health = "Healthy",
        TargetRevisions = ["main"],
        Automated = Before,
        AutoSyncOn = true,
        SelfHealOn = true,
        Owner = Owner.Nobody,
        RefreshPending = false,
        Blockers = [],
        ReadAt = Now,
    };

    public static Deployed Deployed(ApplicationFacts facts) => new()
    {
        Facts = facts,
        Sources = [new("https://git.example.com/shop.git", "shop", "main", facts.Revision)],
        PruneOn = true,
        Conditions = [],
        Resources = 3,
        OutOfStep = [],
        Failed = [],
        Windows = [],
    };

    public static Plan Plan() => PlanOf(Facts());

    public static Plan PlanOf(ApplicationFacts facts) => PausePlan.Of(facts, "7");

    public static Authority Authority(int approvals = 1) => new("pause-shop", "7", "on-call", "chatops:on-call", approvals, "commander", TimeSpan.FromHours(1), false, [], new(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30)));

    public static Operation Operation(OperationState state = OperationState.AwaitingApproval, int approvals = 1) => new()
    {
        Id = Guid.Parse("0192f000-0000-7000-8000-000000000001"),
        Kind = OperationKind.Pause,
        Incident = 7,
        RequestedBy = "alice",
        RequestedByKubernetesName = "alice@example.org",
        RequestedAt = Now,
        Reason = "the rollback needs hands",
        Duration = TimeSpan.FromMinutes(45),
        Plan = Plan(),
        Authority = Authority(approvals),
        State = state,
        StateSince = Now,
        RequestExpiresAt = Now.AddMinutes(30),
        Lease = Guid.Parse("0192f000-0000-7000-8000-000000000002"),
    };

    /// <summary>A pause that is stored and not yet proved.</summary>
    public static Lease Lease() => Core.Leases.Lease.Written(Operation(OperationState.Running), Now).Stored(Now);

    /// <summary>What the application looks like while that pause is there and the controller has answered.</summary>
    public static ApplicationFacts Paused() => Facts() with
    {
        AutoSyncOn = false,
        SelfHealOn = false,
        Automated = Before with { Json = """{"enabled":false,"selfHeal":true}""" },
        Mark = new OverrideMark(7, Operation().Id, Now.AddMinutes(45), Before, "chatops:on-call"),
        PauseFieldManager = "chatops",
    };
}
